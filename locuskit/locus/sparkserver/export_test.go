package sparkserver

// Sweep is what each start of a server begins with.
var Sweep = sweep
