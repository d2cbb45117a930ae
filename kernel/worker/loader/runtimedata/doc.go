// Package runtimedata describes the running process to the loader, and the loader's cells
// to the Go runtime.
//
//	executable.go the symbols that the process was linked with
//	runtime.go    mirrors of the runtime's structures, compared with the linker's work
//	reflect.go    the types that reflect has made
//	release.go    which Go releases are known
//	module.go     the one module that all cells are to the runtime; publish.go its growth
//
// It uses unexported parts of the runtime and of reflect by their symbols, because nothing
// else lets a program grow; where one is not as known, the worker does not start. The
// package must not know how code is linked: it is given finished functions, types and
// variables.
package runtimedata
