package session

import (
	"go/types"
	"maps"
	"slices"
)

// names holds what is declared: the newest version of each name, and which
// version an object of the type checker belongs to.
type names struct {
	current  map[string]*declaration
	byObject map[types.Object]*declaration
	// idents counts the versions ever made of a name, whether they still stand
	// or not: a symbol once defined in the worker is never defined again.
	idents map[string]bool
	// imports are the packages that earlier cells imported, by local name.
	imports map[string]string
	// imported are those that any cell has imported, or that the analysis added.
	imported map[string]string
	// revised counts the cells that gave methods to types of earlier cells.
	revised int
	// serials counts declarations.
	serials int
	// dots are the packages imported with a dot.
	dots map[string]bool
	// inits are gonb's init_… functions that have not run yet.
	inits []string
	// reach is what can reach the versions, current or not.
	reach reach
	// left are variables that are not current, and that something may still reach.
	left []*declaration
}

func newNames() *names {
	return &names{
		current:  map[string]*declaration{},
		byObject: map[types.Object]*declaration{},
		idents:   map[string]bool{"main": true, "init": true}, // the compiler's
		imports:  map[string]string{},
		imported: map[string]string{},
		dots:     map[string]bool{},
		reach:    newReach(),
	}
}

// number gives a declaration its serial.
func (n *names) number(d *declaration) *declaration {
	n.serials++
	d.serial = n.serials
	return d
}

// sorted returns the current declarations by name.
func (n *names) sorted() []*declaration {
	list := make([]*declaration, 0, len(n.current))
	for _, name := range slices.Sorted(maps.Keys(n.current)) {
		list = append(list, n.current[name])
	}
	return list
}

// declare makes d the newest version of its name. A name that was an import is
// the declaration's from now on.
func (n *names) declare(d *declaration) {
	if old := n.current[d.name]; old != nil && old.ident != d.ident {
		n.forget(d.name)
	}
	n.current[d.name] = d
	n.byObject[d.object] = d
	n.idents[d.ident] = true
	delete(n.imports, d.name)
}

// forget makes a name stand for nothing.
func (n *names) forget(name string) {
	if d := n.current[name]; d != nil && d.keepsAlive() {
		n.left = append(n.left, d)
	}
	delete(n.current, name)
}
