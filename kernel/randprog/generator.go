package randprog

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"

	"locuslab/kernel/randprog/program"
)

// A value is a variable that statements may use.
type value struct {
	name string // with the mark if it is the notebook's
	typ  *typ
	read bool // not to be assigned to: it counts a loop's turns
	pure bool // of a function: it changes nothing
	pin  bool // not to be redeclared or assigned: a later piece relies on it
	safe bool // of a pointer: never nil
}

type routine struct {
	name   string
	params []*typ
	result *typ
	pure   bool
	cost   int
}

// A generator writes the pieces of one program.
type generator struct {
	rand    *rand.Rand
	types   map[string]*typ
	named   map[string]*typ     // current named types
	vars    map[string]*value   // current variables
	funcs   map[string]*routine // current functions
	other   map[string]bool     // names that are something else
	consts  map[string]*typ
	pieces  []program.Piece
	labels  int
	endless bool // a piece is interrupted
	pool    []string
	without map[string]bool
	unique  int

	scopes []*scope // of the piece at hand, outermost first
	turns  int      // how often the statement at hand runs
	work   int      // of the piece at hand
	inFunc int      // depth of function literals
	pure   bool     // nothing of the notebook's may change, nothing may be printed
	uses   map[string]bool
	panics bool // the piece at hand is to panic
	loops  []*loop
}

type scope struct {
	vars []*value
}

// A loop is what a jump may leave: also a switch or a select.
type loop struct {
	label string // none for what only a break without a label leaves
	used  bool
	once  bool // it has no next turn
	depth int  // of function literals
}

// Generate writes the pieces of a program. Without are kinds of pieces to leave out,
// for instance while a kernel is known to fail on them: the methods' names, outerLoops
// for loops that count with a variable of the notebook, and innerNames.
func Generate(seed uint64, without map[string]bool) []program.Piece {
	g := &generator{
		rand: rand.New(rand.NewPCG(seed, 11)), types: map[string]*typ{}, named: map[string]*typ{}, vars: map[string]*value{},
		funcs: map[string]*routine{}, other: map[string]bool{}, consts: map[string]*typ{}, turns: 1,
		pool: pool, without: without,
	}
	if without["innerNames"] {
		g.pool = slices.DeleteFunc(slices.Clone(pool), func(n string) bool {
			return strings.HasPrefix(strings.ToLower(n), "nb") || strings.HasPrefix(n, "init_")
		})
	}
	for range 3 + g.n(3) {
		g.declareVar(g.basicType())
	}
	for range 2 {
		g.declareVar(g.anyTyp())
	}
	for range 8 + g.n(22) {
		g.piece()
		if g.n(4) == 0 {
			g.show()
		}
	}
	g.show()
	return g.pieces
}

func (g *generator) n(n int) int { return g.rand.IntN(n) }

func pick[T any](g *generator, list []T) T { return list[g.n(len(list))] }

func (g *generator) namedNames() []string { return slices.Sorted(maps.Keys(g.named)) }
func (g *generator) varNames() []string   { return slices.Sorted(maps.Keys(g.vars)) }

// add ends a piece.
func (g *generator) add(p program.Piece) {
	g.wanted()
	g.pieces = append(g.pieces, p)
	g.scopes, g.turns, g.work, g.inFunc, g.pure, g.panics, g.loops = nil, 1, 0, 0, false, false, nil
}

// pool are the names that are declared: usual ones, names as a kernel may give to
// what it makes itself, and names that end in numbers.
var pool = []string{
	"a", "b", "c", "d", "i", "j", "k", "n", "x", "y", "p", "s", "t", "total", "list", "count", "x_1", "x_2", "i_3", "n_7",
	"nb", "nbStop", "nbL_x", "nbF", "nbA0", "nbStop_3", "NBEntry_2", "_9", "t4", "X", "Y", "main_", "init_x", "result", "err", "old", "v12", "é", "名",
}

// newName is a name for a declaration: often one that is declared already.
func (g *generator) newName() string {
	for {
		name := pick(g, g.pool)
		if g.n(3) > 0 && g.isDeclared(name) {
			continue
		}
		if v := g.vars[name]; v != nil && v.pin {
			continue
		}
		return name
	}
}

func (g *generator) isDeclared(name string) bool {
	return g.vars[name] != nil || g.funcs[name] != nil || g.named[name] != nil || g.other[name] || g.consts[name] != nil
}

// take forgets what a name was.
func (g *generator) take(name string) {
	delete(g.vars, name)
	delete(g.funcs, name)
	delete(g.named, name)
	delete(g.other, name)
	delete(g.consts, name)
}

// hidden reports whether a local has the name.
func (g *generator) hidden(name string) bool {
	for _, s := range g.scopes {
		for _, v := range s.vars {
			if v.name == name {
				return true
			}
		}
	}
	return false
}

// values lists the variables in reach that fit.
func (g *generator) values(fit func(*value) bool) []*value {
	var list []*value
	seen := map[string]bool{}
	for i := len(g.scopes) - 1; i >= 0; i-- {
		for j := len(g.scopes[i].vars) - 1; j >= 0; j-- {
			v := g.scopes[i].vars[j]
			if !seen[v.name] && fit(v) {
				list = append(list, v)
			}
			seen[v.name] = true
		}
	}
	for _, name := range g.varNames() {
		if v := g.vars[name]; !seen[name] && fit(v) {
			list = append(list, v)
		}
	}
	return list
}

// isOwn reports whether a variable is the notebook's.
func isOwn(v *value) bool { return strings.HasPrefix(v.name, program.Mark) }

// assignable lists variables of a type that may be assigned to here.
func (g *generator) assignable(t *typ) []*value {
	return g.values(func(v *value) bool { return v.typ == t && !v.read && !v.pin && !(g.pure && isOwn(v)) })
}

func (g *generator) push() { g.scopes = append(g.scopes, &scope{}) }

// pop ends a scope and returns uses of its variables, which Go would refuse without.
func (g *generator) pop() string {
	s := g.scopes[len(g.scopes)-1]
	g.scopes = g.scopes[:len(g.scopes)-1]
	var b strings.Builder
	for _, v := range s.vars {
		fmt.Fprintf(&b, "_ = %s\n", v.name)
	}
	return b.String()
}

// local declares a variable of the innermost scope.
func (g *generator) local(t *typ, read bool) *value {
	name := ""
	for {
		name = pick(g, g.pool)
		taken := false
		for _, s := range g.scopes[max(0, len(g.scopes)-2):] { // a function's parameters are its body's
			for _, v := range s.vars {
				taken = taken || v.name == name
			}
		}
		if g.named[name] != nil || g.consts[name] != nil { // hiding types confuses more than it finds
			taken = true
		}
		if !taken {
			break
		}
	}
	return g.localNamed(name, t, read)
}

func (g *generator) localNamed(name string, t *typ, read bool) *value {
	v := &value{name: name, typ: t, read: read}
	s := g.scopes[len(g.scopes)-1]
	s.vars = append(s.vars, v)
	return v
}

func (g *generator) label() string {
	g.labels++
	return fmt.Sprintf("%s%d", pick(g, []string{"L", "again", "nbLoop", "outer", "x_"}), g.labels)
}

// show prints all that there is.
func (g *generator) show() {
	var args []string
	for _, name := range g.varNames() {
		v := g.vars[name]
		switch {
		case v.typ.printable():
			args = append(args, v.name)
		case v.typ.kind == pointer && v.typ.elem.printable() && v.safe:
			args = append(args, "*"+v.name)
		case v.typ.kind == pointer:
			args = append(args, v.name+" == nil")
		}
	}
	for name := range maps.Keys(g.consts) {
		args = append(args, program.Mark+name)
	}
	slices.Sort(args)
	if len(args) == 0 {
		return
	}
	g.add(program.Piece{Kind: program.Statement, Text: "fmt.Println(" + strings.Join(args, ", ") + ")"})
}
