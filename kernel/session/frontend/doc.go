// Package frontend turns a cell and a scope into one Go source file for the compiler.
//
// The passes, in order:
//
//  1. probe: the cell is parsed item by item and checked against the scope (package probe).
//  2. declare: each name that the cell declares gets its version.
//  3. definedLater: a use of a variable that a later statement declares is refused.
//  4. noteReach: what functions, closures and pointers reach is noted in the scope.
//  5. copyForLoops: loops at the top of the cell get copies of variables that they only read.
//  6. rename: identifiers become those of the growing package.
//  7. repeatConstants, poll, guardGoroutines: repeated constants are written out, loops look
//     at the interrupt flag, goroutines survive a panic.
//  8. orderVariables, retire, leaveZero: initialisation in Go's order; variables that are no
//     longer reachable are zeroed.
//  9. redefineFlags, failHere, showLast, upgrade: what statements at the top of a cell mean in
//     a notebook.
//  10. settle: the cell notes which of its variables have got their values.
//  11. texts: the declarations that later cells will repeat are written.
//
// All passes but the first make edits of the checked text; emit applies them. What a cell
// becomes is held by the files of testdata/emit.
//
// The package knows no worker, no toolchain and no session.
package frontend
