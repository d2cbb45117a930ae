// Package static is the worker that links cells by itself, into the running process; see
// package loader. Nothing in it is of C, and it needs no linker of the system.
package static

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"

	"locuslab/kernel/worker/host"
	"locuslab/kernel/worker/loader"
	"locuslab/kernel/worker/wire"
)

// Description is what the name of the file ends in that describes the executable, a
// loader.Executable, beside it.
const Description = ".json"

// Main is the worker's.
func Main() {
	l, err := newLinker()
	if err != nil {
		fmt.Fprintln(os.Stderr, "worker:", err)
		os.Exit(2)
	}
	host.Main(l)
}

// linker implements host.Loader.
type linker struct {
	loader *loader.Loader

	mu    sync.Mutex
	units []*loader.Unit // the newest last
}

func newLinker() (*linker, error) {
	exe, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find the worker's description: %w", err)
	}
	text, err := os.ReadFile(exe + Description)
	if err != nil {
		return nil, fmt.Errorf("read the worker's description: %w", err)
	}
	var e loader.Executable
	if err := json.Unmarshal(text, &e); err != nil {
		return nil, fmt.Errorf("read the worker's description %s: %w", exe+Description, err)
	}
	l, err := loader.New(e)
	if err != nil {
		return nil, err
	}
	return &linker{loader: l}, nil
}

// Load implements host.Loader.
func (l *linker) Load(c *wire.Load) (initialise func() error, err error) {
	u, err := l.loader.Load(context.Background(), loader.Request{Object: c.Path, Packages: c.Packages, Names: c.Names})
	if err != nil {
		return nil, loadError{err}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.units = append(l.units, u)
	return u.Init, nil
}

// loadError is what the loader has against an object, for the host.
type loadError struct{ err error }

func (e loadError) Error() string { return strings.TrimPrefix(e.err.Error(), "load the cell: ") }

// MissingPackages are those that the object needs and the loader has not been told of.
func (e loadError) MissingPackages() []string {
	var missing *loader.MissingError
	if errors.As(e.err, &missing) {
		return missing.Packages
	}
	return nil
}

// LinkedPackage is one that the object needs and that only a linker can bring in.
func (e loadError) LinkedPackage() string {
	var linked *loader.LinkedError
	if errors.As(e.err, &linked) {
		return linked.Package
	}
	return ""
}

// Find implements host.Loader.
func (l *linker) Find(name string) (func(), bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := len(l.units) - 1; i >= 0; i-- {
		if f, ok := l.units[i].Func(name); ok {
			return f, true
		}
	}
	return nil, false
}
