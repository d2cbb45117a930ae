// Package build turns the Go source of a notebook's cells into shared objects
// that the live worker process can load.
//
// A Workspace is where imports resolve: the module that encloses the notebook,
// seen through a module of the session's own in the cache, so that nothing of
// the user's is edited. It builds the worker, which holds the live heap, and
// knows the export data that the type checker needs. A Builder accompanies one
// worker's life: it compiles a cell with go tool compile as part of one growing
// package and links it against what that worker already holds. LINKING.md in
// this folder tells how the three links work.
//
// Only this package runs the Go toolchain. It must not know what a cell means
// (that is the session's) nor load what it built (that is the worker's).
package build
