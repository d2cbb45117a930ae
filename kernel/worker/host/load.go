package host

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	"locuslab/kernel/worker/loader"
	"locuslab/kernel/worker/wire"
)

// Description is what the name of the file ends in that describes the executable, a
// loader.Executable, beside it.
const Description = ".json"

// newLoader is the loader for the program that this is.
func newLoader() (*loader.Loader, error) {
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
	return loader.New(e)
}

// prepare makes what a command asks for ready to be called: the initialisers of an
// object, or a function of what is loaded.
func (h *host) prepare(c wire.Command) (call func() error, err error) {
	h.loading.Lock()
	defer h.loading.Unlock()
	if c.Load != nil {
		u, err := h.loader.Load(context.Background(), loader.Request{Object: c.Load.Path, Packages: c.Load.Packages, Names: c.Load.Names, Locals: c.Load.Locals})
		if err != nil {
			return nil, err
		}
		h.units = append(h.units, u)
		h.connect()
		return u.Init, nil
	}
	for i := len(h.units) - 1; i >= 0; i-- { // the newest is mostly meant
		if entry, ok := h.units[i].Func(c.Entry); ok {
			return func() error { entry(); return nil }, nil
		}
	}
	return nil, fmt.Errorf("run %s: nothing that is loaded defines it", c.Entry)
}

// notLoaded tells the kernel what the loader has against an object.
func notLoaded(err error) *wire.Outcome {
	o := &wire.Outcome{LoadError: strings.TrimPrefix(err.Error(), "load the cell: ")}
	var missing *loader.MissingError
	if errors.As(err, &missing) {
		o.Missing = missing.Packages
	}
	var linked *loader.LinkedError
	if errors.As(err, &linked) {
		o.Linked = linked.Package
	}
	return o
}
