//go:build amd64 || arm64

// Package moduledata lets a cell that is linked against the worker's symbols
// register itself with the runtime.
//
// The linker takes runtime.addmoduledata for its own in such a cell and leaves
// padding where the function should be. So the cell brings a function of that
// name which jumps through a variable here. Only a worker links this package:
// the reference to the runtime's function needs the linker's -checklinkname=0.
package moduledata

import _ "unsafe"

// The plain symbol name can be spelled in assembly, whatever the module's path.
//
//go:linkname addModuleData locuslab.addModuleData
var addModuleData = addModuleDataAddress()

func addModuleDataAddress() uintptr

// Keep makes the linker keep the variable.
func Keep() *uintptr { return &addModuleData }
