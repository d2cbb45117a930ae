package session

import (
	"go/types"
	"maps"
	"slices"
)

// A declaration is one version of a name that cells declared at their top, as
// later cells need it: its object for the type checker, its text for the
// compiler.
//
// Each version has an identifier of its own in the one growing package, so that
// code compiled earlier keeps what it was compiled with. The first version of a
// name is called by that name; a later one has the number of its unit behind it.
type declaration struct {
	serial int          // distinct for each declaration of a session
	name   string       // what the user wrote
	ident  string       // what the compiled package calls it
	object types.Object // from the check of the cell that declared it
	unit   int          // the unit that defines its symbol
	// source is the declaration as the user wrote it; running the same text
	// again leaves a type or a function as it is. A variable's is the statement
	// that declared it last.
	source string
	mark   string // where it was written
	// whole is what source mentions, function bodies and initialisers included.
	whole    needs
	mentions []mention // where it does, of a type and a function
	// text declares the thing in later units without defining it anew: a
	// variable without initialiser, a function without body, a constant by its
	// value; a type, its methods and generic functions whole.
	text string
	// bodyless is set for a function whose text has no body.
	bodyless bool
	// needs are the things that text mentions.
	needs needs
	// methods of a type, by name, in the order of their declaration.
	methods []*method
	// doc is the comment above it, pragmas are the compiler's directives there, and
	// linkname is what //go:linkname says of it, or nil.
	doc      string
	pragmas  []string
	linkname *string
}

// isPlainFunction reports whether d is a function that takes and returns nothing.
func (d *declaration) isPlainFunction() bool {
	fn, ok := d.object.(*types.Func)
	return ok && fn.Signature().TypeParams().Len()+fn.Signature().Params().Len()+fn.Signature().Results().Len() == 0
}

// A method belongs to a declared type and goes wherever the type goes: the
// compiler wants its body to lay out the type's descriptor.
type method struct {
	name    string
	mark    string
	source  string
	text    string
	pragmas []string
	needs   needs
	whole   needs
	unit    int

	mentions []mention // in source
}

// needs lists what a text mentions: other declarations, packages, and the interrupt
// flags of the units whose loops it holds.
type needs struct {
	declarations map[*declaration]bool
	packages     map[string]bool
	flags        map[int]bool
}

func newNeeds() needs {
	return needs{map[*declaration]bool{}, map[string]bool{}, map[int]bool{}}
}

func (n needs) add(other needs) {
	maps.Copy(n.declarations, other.declarations)
	maps.Copy(n.packages, other.packages)
	maps.Copy(n.flags, other.flags)
}

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

// reach returns the declarations that a text with these needs must be compiled
// beside, itself not included, in the order in which they were declared, and
// all that they need in turn.
func (n needs) reach(own map[*declaration]bool) ([]*declaration, needs) {
	all := newNeeds()
	all.add(n)
	todo := slices.Collect(maps.Keys(n.declarations))
	var list []*declaration
	for len(todo) > 0 {
		d := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if own[d] || slices.Contains(list, d) {
			continue
		}
		list = append(list, d)
		visit := func(more needs) {
			all.add(more)
			todo = slices.AppendSeq(todo, maps.Keys(more.declarations))
		}
		visit(d.needs)
		for _, m := range d.methods {
			visit(m.needs)
		}
	}
	slices.SortFunc(list, func(a, b *declaration) int {
		if a.unit != b.unit {
			return a.unit - b.unit
		}
		if a.ident < b.ident {
			return -1
		}
		return 1
	})
	return list, all
}
