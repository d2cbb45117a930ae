// Package gosuite runs the programs of Go's own test suite as cells of a notebook, to
// check that cells mean what Go means against programs written by others.
//
// The folder test of a Go distribution has about a thousand programs of one file
// that are to be run. Each is cut into cells in several ways (see [Ways]), the
// cells are executed in a kernel of their own, and what they print is compared,
// stream by stream, with what the program prints when the go command builds it.
//
// Where to cut is decided by the program alone, by go/ast and go/types: a kernel
// is never asked. What cannot be cut so that Go's meaning stays is not cut, and
// the [NotCut] error says why. Programs that no notebook can hold at all stand in
// testdata/unfit.txt with the reason; those that the kernel is known to get wrong
// in testdata/known.txt, with the cause. Nothing else may fail.
//
// The package knows Go programs and the notebook as a user sees it, and nothing of
// how the kernel works inside.
package gosuite
