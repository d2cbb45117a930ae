package main

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

	"locuslab/kernel/worker/wire"
)

// The loader does what plugin.Open does, with one step in between (oneItab) and
// without the table of exported symbols, which a cell does not have.

type initTask struct{}

//go:linkname lastmoduleinit plugin.lastmoduleinit
func lastmoduleinit() (path string, syms map[string]any, initTasks []*initTask, errstr string)

//go:linkname doInit runtime.doInit
func doInit(t []*initTask)

// entry is the function to call for a run command; it loads the object first
// unless it is here already.
func (h *host) entry(c wire.Command) (func(), error) {
	h.loading.Lock()
	defer h.loading.Unlock()
	if c.Path == "" {
		return h.find(nil, c.Entry) // in whatever is loaded
	}
	handle, err := load(c.Path)
	if err != nil {
		return nil, fmt.Errorf("load %s: %w", c.Path, err)
	}
	if c.Entry == "" { // loaded for what it declares
		return func() {}, nil
	}
	return h.find(handle, c.Entry)
}

// find is the function of a unit's entry: in one object, or in all that are loaded
// when handle is nil (RTLD_DEFAULT).
func (h *host) find(handle unsafe.Pointer, entry string) (func(), error) {
	if f := h.entries[entry]; f != nil {
		return f, nil
	}
	symbol := C.CString(entry)
	defer C.free(unsafe.Pointer(symbol))
	address := C.dlsym(handle, symbol)
	if address == nil {
		return nil, fmt.Errorf("run %s: nothing that is loaded defines it", entry)
	}
	code := new(uintptr) // a func value points to a word that holds the code's address
	*code = uintptr(address)
	f := *(*func())(unsafe.Pointer(&code))
	h.entries[entry] = f
	return f, nil
}

func load(path string) (unsafe.Pointer, error) {
	p := C.CString(path)
	defer C.free(unsafe.Pointer(p))
	var message *C.char
	handle := C.open_object(p, &message)
	if handle == nil {
		return nil, errors.New(C.GoString(message))
	}
	_, _, tasks, failure := lastmoduleinit()
	if failure != "" {
		return nil, errors.New(failure)
	}
	oneItab(handle)
	doInit(tasks)
	return handle, nil
}
