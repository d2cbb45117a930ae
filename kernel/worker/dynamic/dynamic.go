// Package dynamic is the worker whose cells are shared objects: it hands them to the
// system's dynamic linker.
package dynamic

/*
#cgo linux LDFLAGS: -ldl
#cgo CFLAGS: -D_GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>
#include <stdlib.h>

static void *open_object(const char *path, char **err) {
	void *h = dlopen(path, RTLD_NOW | RTLD_GLOBAL);
	if (h == NULL) *err = dlerror();
	return h;
}
*/
import "C"

import (
	"errors"
	"fmt"
	_ "plugin" // makes the linker keep and export every symbol of the worker
	"unsafe"

	"locuslab/kernel/worker/host"
	"locuslab/kernel/worker/wire"
)

// Main is the worker's.
func Main() {
	host.Main(loader{})
}

type loader struct{}

// The loader does what plugin.Open does, with one step in between (oneItab) and
// without the table of exported symbols, which a cell does not have.

type initTask struct{}

//go:linkname lastmoduleinit plugin.lastmoduleinit
func lastmoduleinit() (path string, syms map[string]any, initTasks []*initTask, errstr string)

//go:linkname doInit runtime.doInit
func doInit(t []*initTask)

// Load implements host.Loader. A package whose initialisation panics ends the process.
func (loader) Load(c *wire.Load) (initialise func() error, err error) {
	if err := load(c.Path); err != nil {
		return nil, fmt.Errorf("load %s: %w", c.Path, err)
	}
	return func() error { return nil }, nil
}

// Find implements host.Loader: it looks in all that is loaded (RTLD_DEFAULT).
func (loader) Find(entry string) (func(), bool) {
	symbol := C.CString(entry)
	defer C.free(unsafe.Pointer(symbol))
	address := C.dlsym(nil, symbol)
	if address == nil {
		return nil, false
	}
	code := new(uintptr) // a func value points to a word that holds the code's address
	*code = uintptr(address)
	return *(*func())(unsafe.Pointer(&code)), true
}

func load(path string) error {
	p := C.CString(path)
	defer C.free(unsafe.Pointer(p))
	var message *C.char
	handle := C.open_object(p, &message)
	if handle == nil {
		return errors.New(C.GoString(message))
	}
	_, _, tasks, failure := lastmoduleinit()
	if failure != "" {
		return errors.New(failure)
	}
	oneItab(handle)
	doInit(tasks)
	return nil
}
