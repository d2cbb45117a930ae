package build

// OpenUnknown opens a workspace as on a Go release or platform that the fast
// links are not known to work with.
var OpenUnknown = openWorkspace
