package program

import (
	"fmt"
	"slices"
	"strings"
)

// A version is what a name of the notebook stands for from a cell on.
type version struct {
	ident string
	typ   string // of a variable
	text  string // of a type's declaration
}

// A referee writes the reference of a program.
type referee struct {
	prefix  string
	next    int
	current map[string]version
	methods map[string]string // of a type's version and a name, their text
	imports map[string]string // identifiers to paths
	decls   strings.Builder
	bodies  strings.Builder
}

// Reference returns a Go file of package main that does what the program does, with
// names that begin with prefix. It declares a function of that name that runs the
// program, and expects a function named step, which runs one cell and reports how it
// ended, one named result, for the values of last expressions, and one named stop,
// which panics when an endless loop has turned often enough.
func Reference(p Program, prefix string) (string, error) {
	r := &referee{prefix: prefix, current: map[string]version{}, methods: map[string]string{}, imports: map[string]string{}}
	for i, c := range p.Cells {
		if err := r.cell(i, c); err != nil {
			return "", fmt.Errorf("cell %d of %s: %w", i+1, p.Name, err)
		}
	}
	var b strings.Builder
	b.WriteString("package main\n\nimport (\n")
	for _, path := range standard {
		fmt.Fprintf(&b, "\t%q\n", path)
	}
	for ident, path := range r.imports {
		fmt.Fprintf(&b, "\t%s %q\n", ident, path)
	}
	b.WriteString(")\n\n" + standardUses + "\n")
	b.WriteString(r.decls.String())
	b.WriteString(r.bodies.String())
	fmt.Fprintf(&b, "func %s() {\n", prefix)
	for i := range p.Cells {
		fmt.Fprintf(&b, "\tstep(%s_cell%d)\n", prefix, i)
	}
	b.WriteString("}\n")
	return b.String(), nil
}

// standard are the packages that a piece may name without importing them.
var standard = []string{"errors", "fmt", "iter", "maps", "reflect", "slices", "sort", "strconv", "strings", "sync", "sync/atomic"}

const standardUses = `var (
	_ = errors.New
	_ = fmt.Sprint
	_ iter.Seq[int]
	_ = maps.Keys[map[int]int]
	_ = reflect.TypeOf
	_ = slices.Sort[[]int]
	_ = sort.Ints
	_ = strconv.Itoa
	_ = strings.ToUpper
	_ sync.Mutex
	_ atomic.Int64
)
`

func (r *referee) fresh(name string) string {
	r.next++
	return fmt.Sprintf("%s%s%d%s%s", r.prefix, Mark, r.next, Mark, name)
}

// render puts the versions of names in a text. Names in earlier are those before
// the statement.
func (r *referee) render(text string, of func(name string) (string, bool)) (string, error) {
	var b strings.Builder
	from := 0
	for _, p := range places(text) {
		ident, ok := of(p.Name)
		if !ok {
			return "", fmt.Errorf("%s is not declared", p.Name)
		}
		b.WriteString(text[from:p.Offset] + ident)
		from = p.Offset + len(Mark) + len(p.Name)
	}
	b.WriteString(text[from:])
	return b.String(), nil
}

func lookup(of map[string]version) func(string) (string, bool) {
	return func(name string) (string, bool) {
		v, ok := of[name]
		return v.ident, ok
	}
}

// cell adds a cell.
func (r *referee) cell(i int, c Cell) error {
	earlier := map[string]version{}
	for k, v := range r.current {
		earlier[k] = v
	}
	if err := r.declare(c, earlier); err != nil {
		return err
	}
	fmt.Fprintf(&r.bodies, "func %s_cell%d() {\n", r.prefix, i)
	now := lookup(r.current)
	var run []variable // var declarations that stand together
	flush := func() {
		for _, v := range inOrder(run, c) {
			r.bodies.WriteString(v.text)
		}
		run = nil
	}
	for _, p := range c.Pieces {
		switch p.Kind {
		case Var:
			list, err := r.variables(p, earlier)
			if err != nil {
				return err
			}
			run = append(run, list...)
		case Define:
			flush()
			if err := r.define(p, earlier); err != nil {
				return err
			}
		case Wrong:
			fmt.Fprintf(&r.bodies, "panic(%q)\n", wrong)
		case Statement, Result:
			flush()
			text, err := r.render(strings.ReplaceAll(p.Text, StopMark, "stop();"), now)
			if err != nil {
				return err
			}
			if p.Kind == Result {
				text = "result(" + text + ")"
			}
			r.bodies.WriteString(text + "\n")
		}
	}
	flush()
	r.bodies.WriteString("}\n\n")
	return nil
}

// define writes a definition as an assignment. Its own names stand, on its right
// side, for what they were.
func (r *referee) define(p Piece, earlier map[string]version) error {
	left, right, ok := strings.Cut(p.Text, ":=")
	if !ok {
		return fmt.Errorf("no definition: %s", p.Text)
	}
	return r.assign(&r.bodies, left, right, p.Declares, earlier)
}

func (r *referee) assign(to *strings.Builder, left, right string, declares []Decl, earlier map[string]version) error {
	left, err := r.render(left, lookup(r.current))
	if err != nil {
		return err
	}
	right, err = r.render(right, r.before(declares, earlier))
	if err != nil {
		return err
	}
	fmt.Fprintf(to, "%s = %s\n", strings.TrimSpace(left), right)
	if len(declares) == 0 {
		return nil
	}
	// What := makes of the right side is of the declared types.
	var names, checks []string
	for n := range strings.SplitSeq(left, ",") {
		n = strings.TrimSpace(n)
		if n != "_" {
			for _, d := range declares {
				if v := r.current[d.Name]; v.ident == n {
					checks = append(checks, fmt.Sprintf("var _ *%s = &n%d", v.typ, len(names)))
				}
			}
			n = fmt.Sprintf("n%d", len(names))
		}
		names = append(names, n)
	}
	fmt.Fprintf(&r.decls, "func _() {\n%s := %s\n%s\n}\n\n", strings.Join(names, ", "), right, strings.Join(checks, "\n"))
	return nil
}

// before looks names up as they are on the right side of what declares some.
func (r *referee) before(declares []Decl, earlier map[string]version) func(string) (string, bool) {
	return func(name string) (string, bool) {
		if slices.ContainsFunc(declares, func(d Decl) bool { return d.Name == name }) {
			old, ok := earlier[name] // else it would be itself
			return old.ident, ok
		}
		v, ok := r.current[name]
		return v.ident, ok
	}
}

// exported names something of each package that can be imported by a piece.
var exported = map[string]string{
	"strings": "ToUpper", "strconv": "Itoa", "text/template": "HTMLEscapeString", "html/template": "HTMLEscapeString",
	"math/rand": "Intn", "math/rand/v2": "IntN", "crypto/rand": "Text", "path": "Base", "path/filepath": "Base",
	"unicode": "IsUpper", "unicode/utf8": "RuneLen", "bytes": "ToUpper", "math": "Sqrt", "math/bits": "Len", "sort": "Ints", "slices": "Sort[[]int]",
	"fmt": "Sprint", "errors": "New",
}
