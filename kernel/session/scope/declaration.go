package scope

import (
	"go/types"
	"maps"
	"slices"
	"strings"
)

// A Declaration is one version of a name that cells declared at their top, as
// later cells need it: its object for the type checker, its text for the
// compiler.
//
// Each version has an identifier of its own in the one growing package, so that
// code compiled earlier keeps what it was compiled with. The first version of a
// name is called by that name; a later one has the number of its unit behind it.
type Declaration struct {
	Serial int          // distinct for each declaration of a session
	Name   string       // what the user wrote
	Ident  string       // what the compiled package calls it
	Object types.Object // from the check of the cell that declared it
	Unit   int          // the unit that defines its symbol
	// Process is in which of the session's processes a variable got its value; 0 for none.
	Process int
	// Source is the declaration as the user wrote it; running the same text
	// again leaves a type or a function as it is. A variable's is the statement
	// that declared it last.
	Source string
	Mark   string // where it was written
	// Whole is what source mentions, function bodies and initialisers included.
	Whole    Needs
	Mentions []Mention // where it does, of a type and a function
	// Text declares the thing in later units without defining it anew: a
	// variable without initialiser, a function without body, a constant by its
	// value; a type, its methods and generic functions whole.
	Text string
	// Bodyless is set for a function whose text has no body.
	Bodyless bool
	// Needs are the things that text mentions.
	Needs Needs
	// Methods of a type, by name, in the order of their declaration.
	Methods []*Method
	// Doc is the comment above it, pragmas are the compiler's directives there, and
	// linkname is what //go:linkname says of it, or nil.
	Doc      string
	Pragmas  []string
	Linkname *string
}

// IsPlainFunction reports whether d is a function that takes and returns nothing.
func (d *Declaration) IsPlainFunction() bool {
	fn, ok := d.Object.(*types.Func)
	return ok && fn.Signature().TypeParams().Len()+fn.Signature().Params().Len()+fn.Signature().Results().Len() == 0
}

// A Method belongs to a declared type and goes wherever the type goes: the
// compiler wants its body to lay out the type's descriptor.
type Method struct {
	Name    string
	Mark    string
	Source  string
	Doc     string
	Text    string
	Pragmas []string
	Needs   Needs
	Whole   Needs
	Unit    int

	Mentions []Mention // in source
}

// Needs lists what a text mentions: other declarations, packages, and the interrupt
// flags of the units whose loops it holds.
type Needs struct {
	Declarations map[*Declaration]bool
	Packages     map[string]bool
	Flags        map[int]bool
}

func NewNeeds() Needs {
	return Needs{map[*Declaration]bool{}, map[string]bool{}, map[int]bool{}}
}

func (n Needs) Add(other Needs) {
	maps.Copy(n.Declarations, other.Declarations)
	maps.Copy(n.Packages, other.Packages)
	maps.Copy(n.Flags, other.Flags)
}

// Reach returns the declarations that a text with these needs must be compiled
// beside, itself not included, in the order in which they were declared, and
// all that they need in turn.
func (n Needs) Reach(own map[*Declaration]bool) ([]*Declaration, Needs) {
	all := NewNeeds()
	all.Add(n)
	todo := slices.Collect(maps.Keys(n.Declarations))
	var list []*Declaration
	for len(todo) > 0 {
		d := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if own[d] || slices.Contains(list, d) {
			continue
		}
		list = append(list, d)
		visit := func(more Needs) {
			all.Add(more)
			todo = slices.AppendSeq(todo, maps.Keys(more.Declarations))
		}
		visit(d.Needs)
		for _, m := range d.Methods {
			visit(m.Needs)
		}
	}
	slices.SortFunc(list, func(a, b *Declaration) int {
		if a.Unit != b.Unit {
			return a.Unit - b.Unit
		}
		if a.Ident < b.Ident {
			return -1
		}
		return 1
	})
	return list, all
}

// DeclareFunction makes d a function that later units know by its signature.
func (d *Declaration) DeclareFunction(signature string) {
	d.Bodyless = true
	d.Text = PragmaText(pragmasOfCalls(d.Pragmas)) + "func " + d.Ident + signature
}

// MentionsPackage tells whether a declaration, its body included, mentions one of
// the packages.
func (d *Declaration) MentionsPackage(paths map[string]bool) bool {
	mentions := func(n Needs) bool {
		for path := range n.Packages {
			if paths[path] {
				return true
			}
		}
		return false
	}
	return mentions(d.Needs) || mentions(d.Whole) || slices.ContainsFunc(d.Methods, func(m *Method) bool { return mentions(m.Whole) })
}

func (d *Declaration) MentionsAny(set map[*Declaration]bool) bool {
	if d.Needs.MentionsAny(set) {
		return true
	}
	for _, m := range d.Methods {
		if m.Needs.MentionsAny(set) {
			return true
		}
	}
	return false
}

func (n Needs) MentionsAny(set map[*Declaration]bool) bool {
	for other := range n.Declarations {
		if set[other] {
			return true
		}
	}
	return false
}

// A Mention is a name in a declaration's text that stands for something outside of it.
// What declared is nil for is a package, something that a dot import brought, or
// predeclared.
type Mention struct {
	At       int // offset in the text
	Name     string
	Declared *Declaration
	Path     string // of the package that the name stands for
	Embedded bool   // it is the name of a field as well
}

// PragmaText are the lines to write before a declaration.
func PragmaText(lines []string) string {
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
