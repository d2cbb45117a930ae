// Package loader adds compiled Go code to the process that it runs in: a notebook's
// cells, and packages that they import and the process was not linked with. It does
// what the linker does for a program, for one cell at a time and in memory.
// kernel/build/LINKING.md explains how, to a reader who has never looked into a linker.
//
// One load goes through the files like this:
//
//	loader.go     what can be asked for, and the order of the steps
//	admit.go      what no loader can bring in
//	select.go     what the cell needs: from reference to reference
//	bind.go       which definitions are there already, and which are to be placed
//	existing.go   what a name means to the process
//	nosplit.go    whether functions without a check of the stack have room
//	place.go      an address for each symbol
//	unify.go      types and itabs that the runtime has made already
//	relocate.go   addresses filled in; relocate_GOARCH.go what depends on the machine
//	pointers.go   which words of variables the garbage collector follows
//	functions.go  names, lines, frames of functions, for stacks and the collector
//	names.go      what the user calls things
//	inits.go      the order of initialisation, and running it
//	register.go   making all of that visible, in an order that is safe at any moment
//
// and stands on
//
//	packages.go   archives, and the package that a name belongs to; package.go one of them
//	memory        address space near the executable
//	runtimedata   the process's symbols, the runtime's structures, and the one module
//	              that all cells are to the runtime
//
// It must not know what a cell means, where archives come from, or how a notebook's
// process is controlled.
package loader
