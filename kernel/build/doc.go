// Package build turns the Go source of a notebook's cells into what the live worker
// process can load.
//
// A Workspace is where imports resolve: the notebook's folder as go build sees it, and
// beyond that a module of the session's own in the cache, so that nothing of the user's
// is edited. It builds the worker, which holds the live heap, and knows the export data
// that the type checker needs. A Builder accompanies one worker's life: it compiles a
// cell with go tool compile as part of one growing package. The worker loads the
// result itself; see package loader.
//
// Only this package runs the Go toolchain. It must not know what a cell means (the
// session does) nor load what it built (the worker does).
package build
