//go:build !linux

package dynamic

import "unsafe"

// oneItab does nothing where objects are not ELF: an itab that an earlier cell
// made at run time stays beside the new module's own.
func oneItab(unsafe.Pointer) {}
