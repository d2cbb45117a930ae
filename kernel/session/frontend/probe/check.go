package probe

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"go/types"
	"maps"
	"runtime"
	"slices"
	"strings"

	"locuslab/kernel/cell"
	"locuslab/kernel/session/scope"
)

// checked is a probe that the type checker has read.
type checked struct {
	Fset    *token.FileSet
	Syntax  *ast.File
	Info    *types.Info
	Package *types.Package
	Body    *ast.FuncDecl
	// old maps the stand-in of a version about to be replaced to that version.
	StandsFor map[types.Object]*scope.Declaration
}

// Check writes the probe and has the type checker read it.
func (u *Unit) Check(ctx context.Context) error {
	if err := u.write(ctx); err != nil {
		return err
	}
	return u.typecheck()
}

// typecheck parses and checks the probe's text. Earlier cells are not read again:
// those of their objects that it mentions are put into the package's scope as they are.
func (u *Unit) typecheck() error {
	u.Fset = token.NewFileSet()
	file, err := parser.ParseFile(u.Fset, probeFile, u.Text.String(), parser.SkipObjectResolution)
	if err != nil {
		return u.syntaxFailure(err)
	}
	u.Syntax = file
	bracketEarlier(file)
	u.Package = types.NewPackage(scope.PackagePath, scope.PackagePath)
	u.StandsFor = map[types.Object]*scope.Declaration{}
	top := u.Package.Scope()
	for name := range mentioned(file) {
		if d := u.Scope.Names.Current[name]; d != nil && !u.shadowed(name) {
			top.Insert(d.Object)
		}
	}
	for _, name := range u.Replaced {
		d := u.Scope.Names.Current[name]
		stand := u.standIn(scope.EarlierName(name), d)
		u.StandsFor[stand] = d
		top.Insert(stand)
	}
	for name, d := range u.standIns {
		stand := u.standIn(name, d)
		u.StandsFor[stand] = d
		top.Insert(stand)
	}
	scope.Predeclared(top, u.Package)
	u.insertDotted(top)
	u.Info = &types.Info{
		Types:      map[ast.Expr]types.TypeAndValue{},
		Instances:  map[*ast.Ident]types.Instance{},
		Defs:       map[*ast.Ident]types.Object{},
		Uses:       map[*ast.Ident]types.Object{},
		Implicits:  map[ast.Node]types.Object{},
		Selections: map[*ast.SelectorExpr]*types.Selection{},
		Scopes:     map[ast.Node]*types.Scope{},
	}
	var faults []types.Error
	config := types.Config{
		Importer: u.Scope.Importer,
		Sizes:    types.SizesFor("gc", runtime.GOARCH),
		Error: func(err error) {
			var fault types.Error
			if errors.As(err, &fault) {
				faults = append(faults, fault)
			}
		},
	}
	// What it finds has gone to config.Error.
	_ = types.NewChecker(&config, u.Fset, u.Package, u.Info).Files([]*ast.File{file})
	for _, d := range file.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok && fn.Name.Name == u.BodyName() {
			u.Body = fn
		}
	}
	if faults = u.grave(faults); len(faults) > 0 {
		return u.typeFailure(faults)
	}
	u.noteConstants()
	return u.checkShown()
}

// checkShown finds a last expression that has no value of its default type. The
// checker looks at that only where a value is needed.
func (u *Unit) checkShown() error {
	x := u.LastExpression()
	if x == nil {
		return nil
	}
	tv := u.Info.Types[x]
	if typ := types.Default(tv.Type); tv.Value != nil && scope.Overflows(tv.Value, typ) {
		return u.FailureAt(x.Pos(), fmt.Sprintf("cannot use %s (%s constant %s) as %s value (overflows)", types.ExprString(x), tv.Type, tv.Value, typ))
	}
	return nil
}

// bracketEarlier puts brackets around a type that the file does not declare where it
// is all that a type declaration says: type T Earlier. Looking for cycles, the
// checker follows such names to their declarations, which it takes to be in the file.
func bracketEarlier(file *ast.File) {
	own := map[string]bool{}
	each := func(do func(*ast.TypeSpec)) {
		for _, d := range file.Decls {
			if gen, ok := d.(*ast.GenDecl); ok && gen.Tok == token.TYPE {
				for _, spec := range gen.Specs {
					do(spec.(*ast.TypeSpec))
				}
			}
		}
	}
	each(func(spec *ast.TypeSpec) { own[spec.Name.Name] = true })
	each(func(spec *ast.TypeSpec) {
		if id, ok := spec.Type.(*ast.Ident); ok && !own[id.Name] && types.Universe.Lookup(id.Name) == nil {
			spec.Type = &ast.ParenExpr{Lparen: id.Pos(), X: id, Rparen: id.End()}
		}
	})
}

// shadowed tells whether the cell itself gives the name another meaning.
func (u *Unit) shadowed(name string) bool {
	_, imported := u.Imports[name]
	return imported || u.Declared[name] || slices.ContainsFunc(u.Dots, func(path string) bool {
		return u.Scope.Exported(path, name) != nil
	})
}

// mentioned are the identifiers in a file. A scope gets no other names: it lives as long
// as anything that was declared in it, and with all names of the session in each cell's
// scope, memory would grow with the square of their number.
func mentioned(file *ast.File) map[string]bool {
	names := map[string]bool{}
	ast.Inspect(file, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			names[id.Name] = true
		}
		return true
	})
	return names
}

// insertDotted puts what earlier cells imported with a dot into the scope, as far
// as the probe mentions it and nothing newer has its name. A dot import of the
// cell itself stands in the probe.
func (u *Unit) insertDotted(top *types.Scope) {
	if len(u.Scope.Names.Dots) == 0 {
		return
	}
	names := mentioned(u.Syntax)
	for _, path := range slices.Sorted(maps.Keys(u.Scope.Names.Dots)) {
		for name := range names {
			if obj := u.Scope.Exported(path, name); obj != nil && !u.shadowed(name) && top.Lookup(name) == nil {
				top.Insert(obj)
			}
		}
	}
}

// grave leaves out what is no fault at the top of a cell (an unused import, a
// last expression) and what the probe's two readings of a definition say twice.
func (u *Unit) grave(faults []types.Error) []types.Error {
	last := u.LastExpression()
	seen := map[string]bool{}
	var kept []types.Error
	for _, f := range faults {
		switch {
		case strings.HasSuffix(f.Msg, "imported and not used"), strings.Contains(f.Msg, "imported as ") && strings.HasSuffix(f.Msg, "and not used"):
			continue
		case strings.HasSuffix(f.Msg, "missing function body") && u.Revised != nil:
			continue
		case strings.HasPrefix(f.Msg, "implicit assignment to unexported field") && u.setsOwnField(f.Pos):
			continue
		case last != nil && strings.HasSuffix(f.Msg, "is not used") && last.Pos() <= f.Pos && f.Pos < last.End():
			continue
		case strings.HasPrefix(f.Msg, "initialization cycle") && u.Cell.Has(cell.Statement):
			continue
		case strings.HasPrefix(f.Msg, "\t"): // continues the one before
			if len(kept) > 0 {
				kept[len(kept)-1].Msg += "\n" + f.Msg
			}
			continue
		}
		key := u.Fset.Position(f.Pos).String()
		if seen[key] {
			continue
		}
		seen[key] = true
		kept = append(kept, f)
	}
	slices.SortStableFunc(kept, func(a, b types.Error) int {
		return u.Fset.Position(a.Pos).Line - u.Fset.Position(b.Pos).Line
	})
	return kept
}

// setsOwnField reports whether the element of a struct literal at a position is for a field
// that some cell has declared. Each cell has a types.Package of its own, but to the compiler
// all are the same package.
func (u *Unit) setsOwnField(pos token.Pos) (own bool) {
	ast.Inspect(u.Syntax, func(n ast.Node) bool {
		literal, ok := n.(*ast.CompositeLit)
		if !ok {
			return n != nil && n.Pos() <= pos && pos < n.End()
		}
		for i, element := range literal.Elts {
			if element.Pos() <= pos && pos < element.End() {
				field := fieldAt(u.Info.TypeOf(literal), i)
				// The innermost literal that has the element is the one that is meant.
				own = field != nil && field.Pkg() != nil && field.Pkg().Path() == scope.PackagePath
			}
		}
		return literal.Pos() <= pos && pos < literal.End()
	})
	return own
}

// fieldAt returns a field of a struct, or of one that a literal such as &T{} points to; nil
// for none.
func fieldAt(t types.Type, i int) *types.Var {
	if t == nil {
		return nil
	}
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	s, ok := t.Underlying().(*types.Struct)
	if !ok || i >= s.NumFields() {
		return nil
	}
	return s.Field(i)
}

// LastExpression is the expression that the cell shows, or nil.
func (u *Unit) LastExpression() ast.Expr {
	if len(u.Items) == 0 || u.Body == nil || u.runsMain {
		return nil
	}
	last := u.Items[len(u.Items)-1]
	if last.Kind != cell.Statement {
		return nil
	}
	list := u.Body.Body.List
	if len(list) < 2 {
		return nil
	}
	stmt := list[len(list)-2] // the last is the probe's own return
	for {
		labeled, ok := stmt.(*ast.LabeledStmt)
		if !ok {
			break
		}
		stmt = labeled.Stmt
	}
	if e, ok := stmt.(*ast.ExprStmt); ok {
		return e.X
	}
	return nil
}

// importLines are the probe's imports: the cell's own, those of earlier cells
// that it mentions, and the standard ones that it forgot.
func (u *Unit) importLines(ctx context.Context, all []parsed) ([]string, error) {
	bases := map[string]map[string]bool{} // package name as mentioned -> what is taken from it
	for _, p := range all {
		var node ast.Node = p.stmt
		if p.gen != nil {
			node = p.gen
		} else if p.item.Kind != cell.Statement {
			node = p.fn
		}
		ast.Inspect(node, func(n ast.Node) bool {
			if sel, ok := n.(*ast.SelectorExpr); ok {
				if id, ok := sel.X.(*ast.Ident); ok {
					if bases[id.Name] == nil {
						bases[id.Name] = map[string]bool{}
					}
					bases[id.Name][sel.Sel.Name] = true
				}
			}
			return true
		})
	}
	visible := maps.Clone(u.Imports)
	for name := range bases {
		if visible[name] != "" || u.Declared[name] || u.Scope.Names.Current[name] != nil {
			continue
		}
		if path := u.Scope.Names.Imports[name]; path != "" {
			visible[name] = path
		} else if path := u.Scope.GuessImport(ctx, name, bases[name]); path != "" {
			visible[name] = path
		}
	}
	var lines []string
	for _, name := range slices.Sorted(maps.Keys(visible)) {
		lines = append(lines, "import "+name+" \""+visible[name]+"\"")
	}
	for _, path := range u.Dots {
		lines = append(lines, "import . \""+path+"\"")
	}
	u.Visible = visible
	return lines, u.Scope.Export(ctx, slices.Collect(maps.Values(visible)))
}

// errorList turns a parser's error into its list.
func errorList(err error) scanner.ErrorList {
	var list scanner.ErrorList
	if errors.As(err, &list) {
		return list
	}
	return scanner.ErrorList{{Msg: err.Error()}}
}
