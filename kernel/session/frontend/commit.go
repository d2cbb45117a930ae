package frontend

import (
	"slices"

	"locuslab/kernel/session/scope"
)

// Commit makes what the cell declares and imports the newest in its scope, once its code
// is in the worker. file is that of the unit whose code runs: an equal statement of an
// earlier cell.
func (em *Emission) Commit(file string) {
	u := em.Unit
	names := u.Scope.Names
	if u.Revised != nil {
		names.Revised++
		names.Newest = em.newest
	}
	em.noteInstances()
	for name, path := range u.Visible {
		if names.Current[name] == nil || u.Imports[name] != "" {
			names.Forget(name)
			names.Imports[name] = path
		}
	}
	for _, path := range u.Dots {
		names.Dots[path] = true
		for name := range names.Current { // the newest wins
			if u.Scope.Exported(path, name) != nil {
				names.Forget(name)
			}
		}
	}
	em.carryValues()
	for _, d := range em.Declared {
		names.Declare(d)
	}
	names.Settle(em.zero...)
	names.Left = slices.DeleteFunc(names.Left, func(d *scope.Declaration) bool { return slices.Contains(em.retired, d) })
	names.Inits = u.Waiting
	for d, o := range em.initial {
		o.File = file
		d.Source, d.Mark, d.Whole = o.Text, o.Mark(""), o.Needs
	}
}
