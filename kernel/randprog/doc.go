// Package randprog generates random Go programs as notebooks, to compare what a kernel does
// with what plain Go does (package program).
//
// A program is a list of pieces: what may stand at the top of a cell, a statement or a
// declaration. Generate writes the pieces of a seed, Repetition sessions whose cells differ
// in one token.
//
// The package knows Go and no kernel: neither how one is spoken to, nor how one works
// inside. It runs nothing either; its tests do both.
package randprog
