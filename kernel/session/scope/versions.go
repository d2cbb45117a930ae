package scope

import (
	"go/types"
	"maps"
	"slices"
)

// Names holds what is declared: the newest version of each name, and which
// version an object of the type checker belongs to.
type Names struct {
	Current  map[string]*Declaration
	ByObject map[types.Object]*Declaration
	// Idents counts the versions ever made of a name, whether they still stand
	// or not: a symbol once defined in the worker is never defined again.
	Idents map[string]bool
	// Imports are the packages that earlier cells imported, by local name.
	Imports map[string]string
	// Revised counts the cells that gave methods to types of earlier cells.
	Revised int
	// Newest are, for types that have got methods since, what they are now.
	Newest map[types.Object]*Declaration
	// Instances are those of generic types that cells have made, each once, and under nil
	// structs without a name that embed something.
	Instances map[types.Object][]types.Type
	// Process counts the processes that have held the values, one after the other.
	Process int
	// serials counts declarations.
	serials int
	// Dots are the packages imported with a dot.
	Dots map[string]bool
	// Inits are gonb's init_… functions that have not run yet.
	Inits []string
	// Reach is what can reach the versions, current or not.
	Reach reach
	// Left are variables that are not current, and that something may still reach.
	Left []*Declaration
}

func newNames() *Names {
	return &Names{
		Current:  map[string]*Declaration{},
		ByObject: map[types.Object]*Declaration{},
		Idents:   map[string]bool{"main": true, "init": true}, // the compiler's
		Imports:  map[string]string{},
		Dots:     map[string]bool{},
		Reach:    newReach(),

		Newest:    map[types.Object]*Declaration{},
		Instances: map[types.Object][]types.Type{},
	}
}

// Number gives a declaration its serial.
func (n *Names) Number(d *Declaration) *Declaration {
	n.serials++
	d.Serial = n.serials
	return d
}

// Sorted returns the current declarations by name.
func (n *Names) Sorted() []*Declaration {
	list := make([]*Declaration, 0, len(n.Current))
	for _, name := range slices.Sorted(maps.Keys(n.Current)) {
		list = append(list, n.Current[name])
	}
	return list
}

// Declare makes d the newest version of its name. A name that was an import is
// the declaration's from now on.
func (n *Names) Declare(d *Declaration) {
	if old := n.Current[d.Name]; old != nil && old.Ident != d.Ident {
		n.Forget(d.Name)
	}
	n.Current[d.Name] = d
	n.ByObject[d.Object] = d
	n.Idents[d.Ident] = true
	delete(n.Imports, d.Name)
}

// Settle notes that variables have got their values.
func (n *Names) Settle(list ...*Declaration) {
	for _, d := range list {
		d.Process = n.Process
	}
}

// Lost reports whether d is a variable without a value: its statement has not run, or an earlier
// process held it.
func (n *Names) Lost(d *Declaration) bool {
	_, isVar := d.Object.(*types.Var)
	return isVar && d.Process != n.Process
}

// Forget makes a name stand for nothing.
func (n *Names) Forget(name string) {
	if d := n.Current[name]; d != nil && d.KeepsAlive() {
		n.Left = append(n.Left, d)
	}
	delete(n.Current, name)
}
