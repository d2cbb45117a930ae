// Package goobj reads what the Go compiler and assembler write: archives, and in
// them objects of the format that begins with "\x00go120ld", which is Go's from
// 1.20 on.
//
// An object is code and data cut into symbols. A symbol has a name, its bytes, and
// relocations: the places in those bytes where the address of another symbol has
// to be filled in. Everything is read in place: an Archive stays valid as long as
// the memory that it was parsed from.
//
// Parse checks once that all that an object says of itself lies within it, so that
// nothing that is asked afterwards can fail or panic. What an object says of others
// (a reference's index) is for the reader of both to check; Object.Resolve does for
// the object's own symbols.
//
// The package must not know what a symbol is good for, nor which toolchain wrote it.
package goobj
