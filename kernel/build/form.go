package build

import "locuslab/kernel/worker/loader"

// A Form is what the source of a unit must be like for the way in which units are
// linked.
type Form struct {
	// Package is the path under which units are compiled, as symbols bear it.
	Package string
	// Values says that a function can only be called from a later unit: for its value
	// there must be a variable.
	Values bool
	// Keep says that only what an exported variable refers to is there for later units.
	Keep bool
}

// IsStatic reports whether the worker links cells itself.
func (f Form) IsStatic() bool { return f.Package == loader.CellPackage }

// Form is that of the workspace's units.
func (w *Workspace) Form() Form {
	if w.static {
		return Form{Package: loader.CellPackage}
	}
	return Form{Package: packagePath, Values: true, Keep: true}
}
