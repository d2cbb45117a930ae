// Package program holds a notebook as a list of pieces and says what plain Go makes of it.
//
// Cut joins pieces to cells at random places. Reference turns the cells into an ordinary Go
// program, which prints what each cell must print: a cell becomes a function, a name that a
// later cell declares anew becomes another name. Reduce makes a program smaller while it
// still shows a fault, and Case writes it down as one of the cases of
// kernel/semantics/testdata.
//
// It does not know how the pieces are made, and runs nothing.
package program
