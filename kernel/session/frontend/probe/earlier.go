package probe

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"runtime"
	"slices"
	"strings"

	"locuslab/kernel/cell"
	"locuslab/kernel/session/frontend/syntax"
	"locuslab/kernel/session/report"
	"locuslab/kernel/session/scope"
)

// A cell may declare a name anew and use the earlier version up to there:
// x := f(x). Which mentions of x mean which version is Go's to say, by its rules
// of scope, so the statements are checked once as the body of a function in which
// everything is local. What does not resolve to a local there is the earlier cell's.

// A use is a mention of a name, at an offset of the cell.
type use struct {
	at   int
	name string
}

// noteEarlier finds the mentions of versions that the cell is about to replace.
// imports are the probe's import lines. A goto that jumps over a declaration is told
// of here, as the probe has an assignment in its place.
func (u *Unit) noteEarlier(all []parsed, imports []string) error {
	replaced := map[string]bool{}
	for _, name := range u.variables {
		if u.Scope.Names.Current[name] != nil {
			replaced[name] = true
		}
	}
	if !u.mentions(all, replaced) && !jumps(all) {
		return nil
	}
	text, from := u.asFunction(all, imports)
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, probeFile, text, parser.SkipObjectResolution)
	if err != nil {
		return nil // the probe tells
	}
	bracketEarlier(file)
	pkg := types.NewPackage(scope.PackagePath, scope.PackagePath)
	scope.Predeclared(pkg.Scope(), pkg)
	for name := range mentioned(file) {
		if d := u.Scope.Names.Current[name]; d != nil && (!u.shadowed(name) || replaced[name]) {
			pkg.Scope().Insert(d.Object)
		}
	}
	info := &types.Info{Uses: map[*ast.Ident]types.Object{}}
	var over []report.Place
	// Other faults are those of the probe, and of functions that have no body here.
	config := types.Config{Importer: u.Scope.Importer, Sizes: types.SizesFor("gc", runtime.GOARCH), Error: func(err error) {
		var fault types.Error
		if errors.As(err, &fault) && strings.Contains(fault.Msg, "jumps over variable declaration") {
			p := fset.Position(fault.Pos)
			over = append(over, report.Place{Line: p.Line, Column: p.Column, Message: fault.Msg})
		}
	}}
	_ = types.NewChecker(&config, fset, pkg, info).Files([]*ast.File{file})
	if len(over) > 0 {
		return u.Failure("CompileError", over)
	}
	inits := u.initialisers(all)
	for id, obj := range info.Uses {
		if fset.PositionFor(id.Pos(), false).Offset < from || !replaced[id.Name] || u.Scope.Names.ByObject[obj] != u.Scope.Names.Current[id.Name] {
			continue
		}
		p := fset.Position(id.Pos())
		at := u.Cell.Offset(p.Line, p.Column)
		if !inits.ofSameRun(at, id.Name) {
			u.earlier = append(u.earlier, use{at, id.Name})
		}
	}
	return nil
}

// noteEarlierConstants finds the same in constants. They stand for the cell's own
// versions anywhere but in the values by which they are declared: const c = c + 1.
func (u *Unit) noteEarlierConstants(all []parsed) {
	for _, p := range all {
		if p.item.Kind != cell.Const {
			continue
		}
		for _, spec := range p.gen.Specs {
			spec := spec.(*ast.ValueSpec)
			earlier := map[string]bool{}
			for _, name := range spec.Names {
				earlier[name.Name] = u.Scope.Names.Current[name.Name] != nil
			}
			var inspect func(ast.Node) bool
			inspect = func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.SelectorExpr:
					ast.Inspect(n.X, inspect)
					return false
				case *ast.KeyValueExpr: // of a value that is measured
					if _, ok := n.Key.(*ast.Ident); ok { // perhaps a struct
						ast.Inspect(n.Value, inspect)
						return false
					}
				case *ast.FuncLit:
					return false
				case *ast.Ident:
					if earlier[n.Name] {
						u.earlier = append(u.earlier, use{p.offset(n.Pos()), n.Name})
					}
				}
				return true
			}
			for _, v := range spec.Values {
				ast.Inspect(v, inspect)
			}
		}
	}
}

// noteReplaced puts the mentions of earlier versions into order, and their names.
func (u *Unit) noteReplaced() {
	slices.SortFunc(u.earlier, func(a, b use) int { return a.at - b.at })
	names := map[string]bool{}
	for _, e := range u.earlier {
		names[e.name] = true
	}
	u.Replaced = slices.Sorted(maps.Keys(names))
}

// usesEarlier reports whether a version that the cell replaces is mentioned in a part
// of the cell.
func (u *Unit) usesEarlier(from, to int) bool {
	return slices.ContainsFunc(u.earlier, func(e use) bool { return from <= e.at && e.at < to })
}

// jumps reports whether a statement of the cell, or of a function in one, is a goto.
func jumps(all []parsed) bool {
	return slices.ContainsFunc(all, func(p parsed) bool { return p.item.Kind == cell.Statement && syntax.HasGoto(p.node()) })
}

// mentions reports whether a statement, or the value of a var declaration, has one
// of the names in it, other than to declare it.
func (u *Unit) mentions(all []parsed, names map[string]bool) bool {
	found := false
	for _, p := range all {
		if len(names) == 0 || p.item.Kind != cell.Statement && p.item.Kind != cell.Var {
			continue
		}
		declaring := map[*ast.Ident]bool{}
		if syntax.IsDefine(p.stmt) {
			for _, id := range syntax.DefinedNames(p.stmt) {
				declaring[id] = true
			}
		}
		ast.Inspect(p.node(), func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.ValueSpec:
				if p.item.Kind == cell.Var {
					for _, id := range n.Names {
						declaring[id] = true
					}
				}
			case *ast.Ident:
				found = found || names[n.Name] && !declaring[n]
			}
			return !found
		})
	}
	return found
}

// asFunction is the cell with its statements and variables as the body of one
// function, and the offset at which that begins. Other functions have no bodies.
func (u *Unit) asFunction(all []parsed, imports []string) (text string, from int) {
	var b strings.Builder
	fmt.Fprintf(&b, "package notebook\n%s\n", strings.Join(imports, "\n"))
	for _, p := range all {
		switch p.item.Kind {
		case cell.Const, cell.Type:
			b.WriteString("\n" + u.mark(p.item.Start) + u.Cell.Source(p.item))
		case cell.Func: // methods change nothing about what a name means
			if !isInit(p.fn) {
				b.WriteString("\n" + u.mark(p.item.Start) + u.Cell.Text[p.item.Start:p.offset(p.fn.Type.End())])
			}
		}
	}
	from = b.Len()
	fmt.Fprintf(&b, "\nfunc %s() (%s %s) {\n", u.BodyName(), scope.ResultName, scope.ErrorName)
	for _, p := range all {
		if p.item.Kind == cell.Statement || p.item.Kind == cell.Var {
			b.WriteString(u.mark(p.item.Start) + u.Cell.Source(p.item) + "\n")
		}
	}
	b.WriteString("return\n}\n")
	return b.String(), from
}

// textOf is a part of the cell, with the names by which the probe means what the
// cell is about to replace.
func (u *Unit) textOf(from, to int) string {
	var b strings.Builder
	for _, e := range u.earlier {
		if from <= e.at && e.at < to {
			b.WriteString(u.Cell.Text[from:e.at] + scope.EarlierName(e.name))
			from = e.at + len(e.name)
			b.WriteString(u.mark(from)) // the name is longer than the user's
		}
	}
	b.WriteString(u.Cell.Text[from:to])
	return b.String()
}

// An initialiser gives one or several variables of a var declaration their value.
type initialiser struct {
	spec     *ast.ValueSpec
	names    []*ast.Ident
	values   []ast.Expr // several only where the checker will say that they are too many
	from, to int        // of the values, offsets of the cell
	run      int        // var declarations that no statement parts are one run
}

type initialisers []initialiser

// initialisersOf takes a var declaration apart as Go does: a, b = 1, 2 are two.
func (p parsed) initialisers(spec *ast.ValueSpec) (list initialisers) {
	if len(spec.Values) == len(spec.Names) {
		for i, name := range spec.Names {
			v := spec.Values[i]
			list = append(list, initialiser{spec: spec, names: []*ast.Ident{name}, values: []ast.Expr{v}, from: p.offset(v.Pos()), to: p.offset(v.End())})
		}
		return list
	}
	if n := len(spec.Values); n > 0 {
		list = append(list, initialiser{spec: spec, names: spec.Names, values: spec.Values, from: p.offset(spec.Values[0].Pos()), to: p.offset(spec.Values[n-1].End())})
	}
	return list
}

// initialisers are those of the cell's var declarations, with the variables that
// have no value as initialisers of no text.
func (u *Unit) initialisers(all []parsed) (list initialisers) {
	run := 0
	for _, p := range all {
		switch p.item.Kind {
		case cell.Statement:
			run++
		case cell.Var:
			for _, spec := range p.gen.Specs {
				spec := spec.(*ast.ValueSpec)
				inits := p.initialisers(spec)
				if len(spec.Values) == 0 {
					inits = initialisers{{spec: spec, names: spec.Names}}
				}
				for _, i := range inits {
					i.run = run
					list = append(list, i)
				}
			}
		}
	}
	return list
}

// ofSameRun reports whether the offset is in an initialiser that stands together
// with another specification, and that one declares the name: then the new version
// is meant, wherever it is declared. What x, y = y, 1 takes is the earlier y, as with :=.
func (list initialisers) ofSameRun(at int, name string) bool {
	in := slices.IndexFunc(list, func(i initialiser) bool { return i.from <= at && at < i.to })
	if in < 0 {
		return false
	}
	return slices.ContainsFunc(list, func(i initialiser) bool {
		return i.run == list[in].run && i.spec != list[in].spec &&
			slices.ContainsFunc(i.names, func(id *ast.Ident) bool { return id.Name == name })
	})
}
