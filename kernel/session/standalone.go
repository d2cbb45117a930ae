package session

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"go/types"
	"maps"
	"slices"
	"strings"

	"locuslab/kernel/build"
	"locuslab/kernel/cell"
	"locuslab/kernel/display"
	"locuslab/kernel/session/report"
	"locuslab/kernel/session/scope"
)

// A cell compiled apart is a program of its own: the cell, and before it all that
// it needs of what earlier cells declared, as they wrote it. Functions, types and
// constants are the same there. A variable begins with what its declaration gives
// it, since the live values are in the worker.

// standalone is a cell as a whole program.
type standalone struct {
	units *report.Sources // that its lines belong to
	// variables are those of earlier cells that the program makes anew.
	variables []string
	// imports are the packages that it uses, by local name.
	imports map[string]string

	source string // without func main
	runs   string // the call that runs the cell's statements
}

// newStandalone puts the earlier declarations and the cell together to one cell of a
// scope that has nothing else. runtime is the import path of package nb there.
func newStandalone(ctx context.Context, em *emission, runtime string) (*standalone, error) {
	u := em.unit
	a := &standalone{units: u.units.Clone(), imports: maps.Clone(u.Visible)}
	a.units.Add(u.Source)
	origins, err := a.gather(em)
	if err != nil {
		return nil, err
	}
	cellOrigin := origin{file: u.File, line: 1, column: 1, text: u.Cell.Text}
	var text strings.Builder
	for i := range origins {
		origins[i].offset = text.Len()
		text.WriteString(origins[i].text + "\n")
	}
	cellOrigin.offset = text.Len()
	text.WriteString(cellOrigin.text)

	names := u.scope.Names
	alone := scope.New(u.scope.Workspace, runtime, u.scope.Folder)
	alone.Importer = u.scope.Importer
	maps.Copy(alone.Names.Imports, names.Imports)
	maps.Copy(alone.Names.Imports, a.imports)
	maps.Copy(alone.Names.Dots, names.Dots)

	c := cell.Split(text.String())
	whole := newUnit(alone, a.units, c, slices.DeleteFunc(slices.Clone(c.Items), func(i cell.Item) bool { return i.Kind == cell.Package }))
	whole.ID, whole.Count, whole.File, whole.origins = u.ID, u.Count, u.File, append(origins, cellOrigin)
	out, err := compile(ctx, whole)
	var failure *display.Failure
	if errors.As(err, &failure) { // the cell itself has none, so it is in what it needs
		const why = "the cell cannot be compiled apart, with what it needs of earlier cells"
		return nil, &display.Failure{Name: failure.Name, Value: why + ": " + failure.Value, Traceback: append([]string{why + ":"}, failure.Traceback...)}
	} else if err != nil {
		return nil, err
	}
	a.source, a.runs = out.source, fmt.Sprintf("%s.Apart(%s)", alone.Alias(alone.Runtime), scope.EntryName(whole.ID))
	return a, nil
}

// program is the source of a program that runs the cell, or of a test file, whose
// tests run when the cell's statements have.
func (a *standalone) program(test bool) string {
	name := "main"
	if test {
		name = "init"
	}
	return a.source + "\n//line main.go:1\nfunc " + name + "() { " + a.runs + " }\n"
}

// A needed is a declaration that a program needs, and what mentions it: the cell itself
// where that is empty.
type needed struct {
	declaration *scope.Declaration
	by          string
}

// gather collects what the cell needs of earlier cells, in the order in which it
// was written. What was compiled with an earlier version of a name means that one, so
// there can be no program that needs two.
func (a *standalone) gather(em *emission) ([]origin, error) {
	u := em.unit
	var list []origin
	own, chosen := map[string]*scope.Declaration{}, map[string]*scope.Declaration{}
	for _, d := range em.declared {
		if u.own[d.Name] {
			own[d.Name] = d
		}
	}
	var todo []needed
	follow := func(n scope.Needs, by string) {
		for d := range n.Declarations {
			if slices.Contains(em.declared, d) && u.revised[d.Name] != nil { // in the program, a method makes no new version
				d = u.revised[d.Name]
			}
			todo = append(todo, needed{d, by})
		}
	}
	follow(em.mentions, "")
	for len(todo) > 0 {
		d, by := todo[0].declaration, todo[0].by // what the cell itself means comes first
		todo = todo[1:]
		_, isVar := d.Object.(*types.Var)
		before := isVar && slices.Contains(u.replaced, d.Name) // the cell uses it until it declares its own
		other := chosen[d.Name]
		if other == nil && !before {
			other = own[d.Name]
		}
		switch {
		case other != nil && other.Ident != d.Ident:
			return nil, notStandalone(by, d.Name)
		case other != nil, u.own[d.Name] && !before:
			continue
		}
		chosen[d.Name] = d
		o, err := originOfDeclaration(u, d)
		if err != nil {
			return nil, err
		}
		if err := a.noteImports(u.scope.Workspace, o, d.Whole, d.Name); err != nil {
			return nil, err
		}
		if isVar {
			a.variables = append(a.variables, d.Name)
		}
		if !slices.ContainsFunc(list, func(other origin) bool { // x, y := f() declares two
			return other.file == o.file && other.line == o.line && other.column == o.column && other.text == o.text
		}) {
			list = append(list, o)
		}
		follow(d.Needs, d.Name)
		follow(d.Whole, d.Name)
		for _, m := range d.Methods {
			if !u.own[methodKey(d.Name, m.Name)] {
				o := originAt(m.Mark, m.Source)
				if err := a.noteImports(u.scope.Workspace, o, m.Whole, d.Name); err != nil {
					return nil, err
				}
				list = append(list, o)
				follow(m.Whole, d.Name)
			}
		}
	}
	number := func(o origin) int {
		if u := a.units.Source(o.file); u != nil {
			return u.ID
		}
		return 0
	}
	slices.SortStableFunc(list, func(a, b origin) int {
		return cmp.Or(number(a)-number(b), a.line-b.line, a.column-b.column)
	})
	slices.Sort(a.variables)
	return list, nil
}

// noteImports notes by which names a text calls the packages that it mentions.
func (a *standalone) noteImports(w *build.Workspace, o origin, n scope.Needs, by string) error {
	u := a.units.Source(o.file)
	if u == nil {
		return nil
	}
	for name, path := range u.Visible {
		if !n.Packages[path] {
			continue
		}
		if other := a.imports[name]; other == "" {
			a.imports[name] = path
		} else if w.Original(other) != w.Original(path) {
			return notStandalone(by, name)
		}
	}
	return nil
}

func notStandalone(by, name string) error {
	return &display.Failure{Name: "CompileError", Value: fmt.Sprintf(
		"the cell cannot be compiled apart: %s uses a version of %s that was declared anew since; run the cell of %s again", by, name, by)}
}

// originOfDeclaration is the text that declares something whole.
func originOfDeclaration(u *unit, d *scope.Declaration) (origin, error) {
	switch obj := d.Object.(type) {
	case *types.TypeName:
		o := originAt(d.Mark, "type "+d.Source)
		o.column -= len("type ")
		return o, nil
	case *types.Const:
		text := "const " + d.Name
		if basic, ok := obj.Type().(*types.Basic); !ok || basic.Info()&types.IsUntyped == 0 {
			typ, err := u.userType(obj.Type())
			if err != nil {
				return origin{}, err
			}
			text += " " + typ
		}
		return origin{file: originAt(d.Mark, "").file, line: 1, column: 1, text: text + " = " + scope.ConstantText(obj)}, nil
	}
	return originAt(d.Mark, d.Source), nil
}
