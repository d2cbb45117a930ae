package session

import (
	"context"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"slices"
	"strings"

	"locuslab/kernel/cell"
)

// packagePath is the path of the one growing package. Its name is main, so that
// types print as main.T.
const packagePath = "notebook"

// A unit is the Go code of a cell on its way from text to a source file that
// the compiler takes.
//
// Its probe is a Go file in the user's own names with three parts: variables
// with their initialisers, which tell the checker the types of what := declares;
// the cell's other declarations; and one function with the cell's statements.
// The file that is compiled is made of the second and third part by edits.
type unit struct {
	session *Session
	id      int
	cell    *cell.Cell
	items   []cell.Item // those that are Go code

	imports   map[string]string // the cell's own, by local name
	dots      []string          // the cell's own dot imports
	blanks    []string          // the cell's own blank imports
	aliases   map[string]string // type declarations of another name for a type, T = *Pt
	declared  map[string]bool   // names that the cell declares at its top
	variables []string          // those of them that are variables, in order
	earlier   map[string]bool   // names that statements use before they declare them anew
	hasMain   bool
	replaced  []string                // the names of earlier, before writing used them up
	visible   map[string]string       // imports that the probe has, by local name
	revised   map[string]*declaration // declared earlier, given a new type by this cell
	needed    map[string]bool         // packages that the revised mention
	guessed   []string                // import paths that the user did not write
	shown     int                     // the number that the user knows it by: In[3]
	sources   map[string]string       // what the user wrote, by name or type.method
	own       map[string]bool         // names, and type.method, that the cell's text declares
	initial   map[string]origin       // where it declares its variables
	origins   []origin                // of a text put together from several cells

	text     strings.Builder
	declFrom int // offset of the second part
	bodyFrom int // offset of the third part

	checked
}

func (s *Session) newUnit(c *cell.Cell, items []cell.Item) *unit {
	return &unit{
		session: s, cell: c, items: items,
		imports: map[string]string{}, aliases: map[string]string{}, declared: map[string]bool{}, own: map[string]bool{},
		earlier: map[string]bool{}, sources: map[string]string{}, needed: map[string]bool{}, initial: map[string]origin{},
	}
}

// bodyName is the function that holds the cell's statements.
func (u *unit) bodyName() string { return fmt.Sprintf("nbCell_%d", u.id) }

// fileName is what positions call the unit.
func (u *unit) fileName() string { return unitFile(u.id) }

func unitFile(id int) string { return fmt.Sprintf("In[%d]", id) }

// mark tells the parser that what follows stands at an offset of the cell.
func (u *unit) mark(offset int) string {
	for i := len(u.origins) - 1; i >= 0; i-- {
		if o := u.origins[i]; o.offset <= offset {
			return o.mark(u.cell.Text[o.offset:offset])
		}
	}
	line, column := u.cell.Position(offset)
	return lineMark(u.fileName(), line, column)
}

// A statement of the cell, parsed by itself.
type parsed struct {
	item cell.Item
	stmt ast.Stmt // for statements
	gen  *ast.GenDecl
	fn   *ast.FuncDecl
	base int // add it to a position of the nodes to get an offset of the cell
}

func (p parsed) offset(pos token.Pos) int { return p.base + int(pos) }

// functionName is what the growing package calls a function of the cell: each
// cell may have a main and any number of init.
func (u *unit) functionName(fn *ast.FuncDecl, start int) string {
	switch {
	case isInit(fn):
		return u.initName(start)
	case fn.Name.Name == "main" && fn.Type.Params.NumFields() == 0:
		return fmt.Sprintf("nbMain_%d", u.id)
	}
	return fn.Name.Name
}

// initName is what the growing package calls the init that stands at an offset.
func (u *unit) initName(start int) string { return fmt.Sprintf("nbInit_%d_%d", u.id, start) }

// isInit tells a function that runs by itself: Go's init, and what gonb takes
// for one, since there a name can be declared only once.
func isInit(fn *ast.FuncDecl) bool {
	return (fn.Name.Name == "init" || strings.HasPrefix(fn.Name.Name, "init_")) && fn.Type.Params.NumFields() == 0
}

func initRank(p parsed) int {
	if p.item.Kind == cell.Func && isInit(p.fn) {
		return 1
	}
	return 0
}

// parse reads one item. Its error has positions in the cell.
func (u *unit) parse(item cell.Item) (parsed, error) {
	p := parsed{item: item}
	prefix := "package p;"
	if item.Kind == cell.Statement {
		prefix += "func _() (e error) {"
	}
	prefix += u.mark(item.Start)
	source := prefix + u.cell.Source(item)
	if item.Kind == cell.Statement {
		source += "\n}"
	}
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, u.fileName(), source, parser.SkipObjectResolution)
	if err != nil {
		return p, err
	}
	p.base = item.Start - len(prefix) - 1
	for _, d := range file.Decls {
		switch d := d.(type) {
		case *ast.GenDecl:
			p.gen = d
		case *ast.FuncDecl:
			p.fn = d
			if item.Kind == cell.Statement && len(d.Body.List) > 0 {
				p.stmt = d.Body.List[0]
			}
		}
	}
	return p, nil
}

// write builds the probe's text.
func (u *unit) write(ctx context.Context) error {
	var all []parsed
	for _, item := range u.items {
		p, err := u.parse(item)
		if err != nil {
			return u.syntaxFailure(err)
		}
		all = append(all, p)
	}
	if err := u.collect(ctx, all); err != nil {
		return err
	}
	u.noteOwn(all)
	all = u.dropKnown(all)
	if err := u.revise(all); err != nil {
		return err
	}
	kept, revised, err := u.revisedText(all)
	if err != nil {
		return err
	}
	u.replaced = slices.Sorted(maps.Keys(u.earlier))
	lines, err := u.importLines(ctx, all)
	if err != nil {
		return err
	}
	fmt.Fprintf(&u.text, "package notebook\n%s\n", strings.Join(lines, "\n"))
	for _, path := range slices.Sorted(maps.Keys(u.needed)) {
		fmt.Fprintf(&u.text, "import %s %q\n", u.session.alias(path), path)
	}
	u.text.WriteString("func nbZero[T interface{}](v *T) { var zero T; *v = zero }\n")
	u.text.WriteString(kept)
	seen, earlier := map[string]bool{}, maps.Clone(u.earlier)
	for _, p := range all {
		u.writeVariables(p, seen, earlier)
	}
	u.declFrom = u.text.Len()
	u.text.WriteString(revised)
	for _, p := range all {
		switch p.item.Kind {
		case cell.Const, cell.Type, cell.Method:
			u.text.WriteString("\n" + u.mark(p.item.Start) + u.cell.Source(p.item))
		case cell.Func:
			name := u.functionName(p.fn, p.item.Start)
			behind := p.offset(p.fn.Name.End())
			u.text.WriteString("\nfunc " + name + u.mark(behind) + u.cell.Text[behind:p.item.End])
		}
	}
	u.bodyFrom = u.text.Len() + 1
	fmt.Fprintf(&u.text, "\nfunc %s() (nbErr %s) {\n", u.bodyName(), u.errorType())
	if !u.cell.Has(cell.Statement) { // as in a package: init runs when the variables have their values
		slices.SortStableFunc(all, func(a, b parsed) int { return initRank(a) - initRank(b) })
	}
	for _, p := range all {
		u.writeStatement(p, u.earlier)
	}
	if u.hasMain {
		fmt.Fprintf(&u.text, "nbMain_%d()\n", u.id)
	}
	u.text.WriteString("return\n}\n")
	return nil
}

// collect notes what the cell imports and declares.
func (u *unit) collect(ctx context.Context, all []parsed) error {
	add := func(name *ast.Ident, variable bool) {
		if name.Name == "_" {
			return
		}
		if variable && !u.declared[name.Name] {
			u.variables = append(u.variables, name.Name)
		}
		u.declared[name.Name] = true
	}
	for _, p := range all {
		switch {
		case p.gen != nil:
			for _, spec := range p.gen.Specs {
				switch spec := spec.(type) {
				case *ast.ImportSpec:
					if err := u.collectImport(ctx, spec); err != nil {
						return err
					}
				case *ast.TypeSpec:
					add(spec.Name, false)
					if id := baseIdent(spec.Type); id != nil && spec.Assign.IsValid() {
						u.aliases[spec.Name.Name] = id.Name
					}
				case *ast.ValueSpec:
					for _, name := range spec.Names {
						add(name, p.gen.Tok == token.VAR)
					}
				}
			}
		case p.item.Kind == cell.Func:
			switch {
			case p.fn.Name.Name == "main" && p.fn.Type.Params.NumFields() == 0:
				u.hasMain = true
			case isInit(p.fn):
			default:
				add(p.fn.Name, false)
			}
		case isDefine(p.stmt):
			if u.origins == nil && !u.definesAnew(p.stmt) {
				line, column := u.cell.Position(p.offset(p.stmt.(*ast.AssignStmt).TokPos))
				return u.failureOf("CompileError", []place{{line: line, column: column, message: "no new variables on left side of :="}})
			}
			for _, name := range definedNames(p.stmt) {
				u.noteEarlier(all, p, name)
				add(name, true)
			}
		}
	}
	return nil
}

// definesAnew tells whether a definition declares a name that the cell has not
// declared before it.
func (u *unit) definesAnew(s ast.Stmt) bool {
	for _, name := range definedNames(s) {
		if name.Name != "_" && !u.declared[name.Name] {
			return true
		}
	}
	return false
}

func (u *unit) collectImport(ctx context.Context, spec *ast.ImportSpec) error {
	path, err := u.session.workspace.Current(ctx, strings.Trim(spec.Path.Value, "`\""))
	if err != nil {
		return &Failure{Name: "ImportError", Value: recognisable(err.Error())}
	}
	name, err := u.session.packageName(ctx, path)
	if err != nil {
		return err
	}
	switch {
	case spec.Name == nil:
		u.imports[name] = path
	case spec.Name.Name == ".":
		u.dots = append(u.dots, path)
	case spec.Name.Name == "_":
		u.blanks = append(u.blanks, path)
	default:
		u.imports[spec.Name.Name] = path
	}
	return nil
}

// noteEarlier finds out whether a name that an earlier cell declared is used by
// this cell's statements up to the one that declares it anew: x := f(x).
func (u *unit) noteEarlier(all []parsed, until parsed, name *ast.Ident) {
	if u.declared[name.Name] || u.session.names.current[name.Name] == nil {
		return
	}
	for _, p := range all {
		if p.item.Kind == cell.Statement {
			ast.Inspect(usedPart(p, until), func(n ast.Node) bool {
				if id, ok := n.(*ast.Ident); ok && id.Name == name.Name {
					u.earlier[name.Name] = true
				}
				return true
			})
		}
		if p.item == until.item {
			return
		}
	}
}

// usedPart is the statement, or the right hand side of the last one.
func usedPart(p, until parsed) ast.Node {
	if p.item != until.item {
		return p.stmt
	}
	assign := p.stmt.(*ast.AssignStmt)
	return &ast.CompositeLit{Elts: assign.Rhs}
}

func isDefine(s ast.Stmt) bool {
	assign, ok := s.(*ast.AssignStmt)
	if !ok || assign.Tok != token.DEFINE {
		return false
	}
	for _, l := range assign.Lhs {
		if _, ok := l.(*ast.Ident); !ok {
			return false
		}
	}
	return true
}

func definedNames(s ast.Stmt) []*ast.Ident {
	var names []*ast.Ident
	for _, l := range s.(*ast.AssignStmt).Lhs {
		names = append(names, l.(*ast.Ident))
	}
	return names
}

// writeVariables writes the package-level form of a var declaration or of a
// definition, for the checker alone. A name that the cell has declared already
// is assigned to, not declared.
func (u *unit) writeVariables(p parsed, seen, earlier map[string]bool) {
	switch {
	case p.item.Kind == cell.Var:
		for _, spec := range p.gen.Specs {
			spec := spec.(*ast.ValueSpec)
			from, to := p.offset(spec.Pos()), p.offset(spec.End())
			u.text.WriteString("\nvar " + u.mark(from) + u.cell.Text[from:to])
			for _, name := range spec.Names {
				seen[name.Name] = true
				u.initial[name.Name] = u.originOf("var ", from, to)
			}
		}
	case isDefine(p.stmt):
		var lhs []string
		fresh := false
		for _, name := range definedNames(p.stmt) {
			if name.Name == "_" || seen[name.Name] {
				lhs = append(lhs, "_")
				continue
			}
			seen[name.Name], fresh = true, true
			u.initial[name.Name] = u.originOf("", p.item.Start, p.item.End)
			lhs = append(lhs, u.mark(p.offset(name.Pos()))+name.Name)
		}
		if !fresh {
			return // of a text put together from several cells
		}
		assign := p.stmt.(*ast.AssignStmt)
		from := p.offset(assign.Rhs[0].Pos())
		u.text.WriteString("\nvar " + strings.Join(lhs, ", ") + " = " + u.mark(from) + u.withEarlier(p, from, earlier))
		for _, name := range definedNames(p.stmt) {
			delete(earlier, name.Name)
		}
	}
}

// withEarlier is the text of a statement from an offset on, with names that are
// about to be declared anew standing for their earlier version.
func (u *unit) withEarlier(p parsed, from int, earlier map[string]bool) string {
	to := p.item.End
	if len(earlier) == 0 {
		return u.cell.Text[from:to]
	}
	type place struct {
		at   int
		name string
	}
	var places []place
	skip := map[*ast.Ident]bool{}
	ast.Inspect(p.stmt, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			skip[n.Sel] = true
		case *ast.KeyValueExpr:
			if id, ok := n.Key.(*ast.Ident); ok {
				skip[id] = true
			}
		case *ast.AssignStmt:
			if n == p.stmt && isDefine(n) {
				for _, l := range definedNames(n) {
					skip[l] = true
				}
			}
		case *ast.Ident:
			if !skip[n] && earlier[n.Name] && p.offset(n.Pos()) >= from {
				places = append(places, place{p.offset(n.Pos()), n.Name})
			}
		}
		return true
	})
	slices.SortFunc(places, func(a, b place) int { return a.at - b.at })
	var b strings.Builder
	for _, pl := range places {
		b.WriteString(u.cell.Text[from:pl.at] + earlierName(pl.name))
		from = pl.at + len(pl.name)
	}
	b.WriteString(u.cell.Text[from:to])
	return b.String()
}

// earlierName is what a probe calls the version of a name that the cell is
// about to replace.
func earlierName(name string) string { return "nbEarlier_" + name }

// initialValues is the text of the values of a var declaration. One that is given
// to no variable is converted to the type that the declaration has.
func (u *unit) initialValues(p parsed, spec *ast.ValueSpec) string {
	var b strings.Builder
	from := p.offset(spec.Values[0].Pos())
	b.WriteString(u.mark(from))
	if spec.Type != nil && len(spec.Names) == len(spec.Values) {
		typ := u.cell.Text[p.offset(spec.Type.Pos()):p.offset(spec.Type.End())]
		for i, v := range spec.Values {
			if start, end := p.offset(v.Pos()), p.offset(v.End()); spec.Names[i].Name == "_" {
				b.WriteString(u.cell.Text[from:start] + "(" + typ + ")(" + u.mark(start) + u.cell.Text[start:end] + ")")
				from = end
			}
		}
	}
	b.WriteString(u.cell.Text[from:p.offset(spec.End())])
	return b.String()
}

// errorType is how the probe spells error, also where that is the name of
// something of the user's.
func (u *unit) errorType() string {
	if u.declared["error"] || u.session.names.current["error"] != nil {
		return "interface{ Error() string }"
	}
	return "error"
}

// writeStatement writes a statement, or the assignment that a var declaration
// or a definition comes to, into the body.
func (u *unit) writeStatement(p parsed, earlier map[string]bool) {
	put := func(format string, args ...any) { fmt.Fprintf(&u.text, format+"\n", args...) }
	switch {
	case p.item.Kind == cell.Var:
		for _, spec := range p.gen.Specs {
			spec := spec.(*ast.ValueSpec)
			var lhs []string
			for _, name := range spec.Names {
				lhs = append(lhs, name.Name)
			}
			if len(spec.Values) > 0 {
				put("%s%s = %s", u.mark(p.offset(spec.Pos())), strings.Join(lhs, ", "), u.initialValues(p, spec))
				continue
			}
			for _, name := range lhs {
				if name != "_" {
					put("nbZero(&%s)", name)
				}
			}
		}
	case isDefine(p.stmt):
		assign := p.stmt.(*ast.AssignStmt)
		var lhs []string
		for _, name := range definedNames(p.stmt) {
			lhs = append(lhs, name.Name)
		}
		from := p.offset(assign.Rhs[0].Pos())
		put("%s%s = %s%s", u.mark(p.item.Start), strings.Join(lhs, ", "), u.mark(from), u.withEarlier(p, from, earlier))
		for _, name := range definedNames(p.stmt) {
			delete(earlier, name.Name)
		}
	case p.item.Kind == cell.Func && isInit(p.fn):
		put("%s()", u.initName(p.item.Start))
	case p.item.Kind == cell.Statement:
		put("%s%s", u.mark(p.item.Start), u.withEarlier(p, p.item.Start, earlier))
	}
}
