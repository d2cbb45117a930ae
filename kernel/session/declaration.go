package session

import (
	"go/types"
	"maps"
	"slices"
	"strings"
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

// declareFunction makes d a function that later units know by its signature.
func (d *declaration) declareFunction(signature string) {
	d.bodyless = true
	d.text = pragmaText(pragmasOfCalls(d.pragmas)) + "func " + d.ident + signature
}

// mentionsPackage tells whether a declaration, its body included, mentions one of
// the packages.
func (d *declaration) mentionsPackage(paths map[string]bool) bool {
	mentions := func(n needs) bool {
		for path := range n.packages {
			if paths[path] {
				return true
			}
		}
		return false
	}
	return mentions(d.needs) || mentions(d.whole) || slices.ContainsFunc(d.methods, func(m *method) bool { return mentions(m.whole) })
}

func (d *declaration) mentionsAny(set map[*declaration]bool) bool {
	if d.needs.mentionsAny(set) {
		return true
	}
	for _, m := range d.methods {
		if m.needs.mentionsAny(set) {
			return true
		}
	}
	return false
}

func (n needs) mentionsAny(set map[*declaration]bool) bool {
	for other := range n.declarations {
		if set[other] {
			return true
		}
	}
	return false
}

// A mention is a name in a declaration's text that stands for something outside of it.
// What declared is nil for is a package, something that a dot import brought, or
// predeclared.
type mention struct {
	at       int // offset in the text
	name     string
	declared *declaration
	path     string // of the package that the name stands for
	embedded bool   // it is the name of a field as well
}

// pragmaText are the lines to write before a declaration.
func pragmaText(lines []string) string {
	if len(lines) == 0 {
		return ""
	}
	return strings.Join(lines, "\n") + "\n"
}

// pragmasOfCalls are the directives that change how a function is called, which
// its declaration without a body in later units needs as well.
func pragmasOfCalls(lines []string) (list []string) {
	for _, line := range lines {
		if line == "//go:uintptrescapes" || line == "//go:noescape" {
			list = append(list, line)
		}
	}
	return list
}
