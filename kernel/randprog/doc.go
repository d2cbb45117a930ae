// Package randprog writes random Go programs, cuts them into notebook cells, and
// says what plain Go makes of them, so that a kernel can be held to it.
//
// A program is a list of pieces: what may stand at the top of a cell, a statement
// or a declaration. Generate writes the pieces of a seed. Cut joins them to cells
// at random places. Reference turns the same cells into an ordinary Go program,
// which prints what each cell must print: a cell becomes a function, a name that a
// later cell declares anew becomes another name. Reduce makes a program smaller
// while it still shows a fault, and Case writes it down as one of the cases of
// kernel/testdata/semantics.
//
// The package knows Go and no kernel: neither how one is spoken to, nor how one
// works inside. It runs nothing either; its tests do both.
package randprog
