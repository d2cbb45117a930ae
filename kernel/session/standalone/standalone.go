// Package standalone makes whole programs of cells: the cell, and before it all that it needs of what earlier cells declared, as
// they wrote it. They are for %%race, for tests, and for the page. Functions, types and constants are the same there. A variable
// begins with what its declaration gives it, since the live values are in the worker. The package compiles no program and runs none.
package standalone

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
	"locuslab/kernel/session/frontend"
	"locuslab/kernel/session/frontend/probe"
	"locuslab/kernel/session/report"
	"locuslab/kernel/session/scope"
)

// Program is a cell as a whole program.
type Program struct {
	Sources *report.Sources // that its lines belong to
	// variables are those of earlier cells that the program makes anew.
	Variables []string
	// imports are the packages that it uses, by local name.
	imports map[string]string

	text string // without func main
	runs string // the call that runs the cell's statements
}

// New puts the earlier declarations and the cell together to one cell of a
// scope that has nothing else. runtime is the import path of package nb there.
func New(ctx context.Context, em *frontend.Emission, runtime string) (*Program, error) {
	u := em.Unit
	a := newProgram(u)
	declared := map[string]*scope.Declaration{}
	for _, d := range em.Declared {
		if u.Own[d.Name] {
			declared[d.Name] = d
		}
	}
	var mentioned []*scope.Declaration
	for d := range em.Mentions.Declarations {
		if slices.Contains(em.Declared, d) && u.Revised[d.Name] != nil { // in the program, a method makes no new version
			d = u.Revised[d.Name]
		}
		mentioned = append(mentioned, d)
	}
	origins, err := a.gather(u, mentioned, func(d *scope.Declaration) bool { return declared[d.Name] == nil || declared[d.Name].Ident == d.Ident })
	if err != nil {
		return nil, err
	}
	err = a.put(ctx, u, origins, u.Scope.Workspace, u.Scope.Importer, runtime)
	var failure *display.Failure
	if errors.As(err, &failure) { // the cell itself has none, so it is in what it needs
		const why = "the cell cannot be compiled as a standalone program, with what it needs of earlier cells"
		return nil, &display.Failure{Name: failure.Name, Value: why + ": " + failure.Value, Traceback: append([]string{why + ":"}, failure.Traceback...)}
	}
	return a, err
}

func newProgram(u *probe.Unit) *Program {
	a := &Program{Sources: u.Loaded.Clone(), imports: maps.Clone(u.Visible)}
	a.Sources.Add(u.Source)
	return a
}

// put makes the program of earlier declarations and the cell's own text.
func (a *Program) put(ctx context.Context, u *probe.Unit, origins []probe.Origin, workspace *build.Workspace, importer *scope.Importer, runtime string) error {
	cellOrigin := probe.Origin{File: u.File, Line: 1, Column: 1, Text: u.Cell.Text}
	var text strings.Builder
	for i := range origins {
		origins[i].Offset = text.Len()
		text.WriteString(origins[i].Text + "\n")
	}
	cellOrigin.Offset = text.Len()
	text.WriteString(cellOrigin.Text)

	names := u.Scope.Names
	alone := scope.New(workspace, runtime, u.Scope.Folder)
	alone.Importer = importer
	maps.Copy(alone.Names.Imports, names.Imports)
	maps.Copy(alone.Names.Imports, a.imports)
	maps.Copy(alone.Names.Dots, names.Dots)

	c := cell.Split(text.String())
	whole := probe.New(alone, a.Sources, c, slices.DeleteFunc(slices.Clone(c.Items), func(i cell.Item) bool { return i.Kind == cell.Package || i.Kind == cell.Magic }))
	whole.ID, whole.Count, whole.File, whole.Origins = u.ID, u.Count, u.File, append(origins, cellOrigin)
	out, err := frontend.Compile(ctx, whole)
	if err != nil {
		return err
	}
	a.text, a.runs = out.Source, fmt.Sprintf("%s.Standalone(%s)", alone.Alias(alone.Runtime), scope.EntryName(whole.ID))
	return nil
}

// Source returns the source of a program that runs the cell, or of a test file, whose
// tests run when the cell's statements have.
func (a *Program) Source(test bool) string {
	name := "main"
	if test {
		name = "init"
	}
	return a.text + "\n//line main.go:1\nfunc " + name + "() { " + a.runs + " }\n"
}

// A needed is a declaration that a program needs, and what mentions it: the cell itself
// where that is empty.
type needed struct {
	declaration *scope.Declaration
	by          string
}

// gather collects what the cell needs of earlier cells, in the order in which it
// was written. What was compiled with an earlier version of a name means that one, so
// there can be no program that needs two. mentioned is what the cell's own text means, and
// sameInCell reports whether a declaration is the cell's where the cell has one of that name.
func (a *Program) gather(u *probe.Unit, mentioned []*scope.Declaration, sameInCell func(*scope.Declaration) bool) ([]probe.Origin, error) {
	var list []probe.Origin
	chosen := map[string]*scope.Declaration{}
	var todo []needed
	for _, d := range mentioned {
		todo = append(todo, needed{d, ""})
	}
	follow := func(n scope.Needs, by string) {
		for d := range n.Declarations {
			todo = append(todo, needed{d, by})
		}
	}
	for len(todo) > 0 {
		d, by := todo[0].declaration, todo[0].by // what the cell itself means comes first
		todo = todo[1:]
		_, isVar := d.Object.(*types.Var)
		before := isVar && slices.Contains(u.Replaced, d.Name) // the cell uses it until it declares its own
		if other := chosen[d.Name]; other != nil {
			if other.Ident != d.Ident {
				return nil, notStandalone(by, d.Name)
			}
			continue
		}
		if u.Own[d.Name] && !before {
			if !sameInCell(d) {
				return nil, notStandalone(by, d.Name)
			}
			continue
		}
		chosen[d.Name] = d
		o, err := originOfDeclaration(u, d)
		if err != nil {
			return nil, err
		}
		if err := a.noteImports(u.Scope.Workspace, o, d.Whole, d.Name); err != nil {
			return nil, err
		}
		if isVar {
			a.Variables = append(a.Variables, d.Name)
		}
		if !slices.ContainsFunc(list, func(other probe.Origin) bool { // x, y := f() declares two
			return other.File == o.File && other.Line == o.Line && other.Column == o.Column && other.Text == o.Text
		}) {
			list = append(list, o)
		}
		follow(d.Needs, d.Name)
		follow(d.Whole, d.Name)
		for _, m := range d.Methods {
			if !u.Own[probe.MethodKey(d.Name, m.Name)] {
				o := probe.OriginAt(m.Mark, m.Source)
				if err := a.noteImports(u.Scope.Workspace, o, m.Whole, d.Name); err != nil {
					return nil, err
				}
				list = append(list, o)
				follow(m.Whole, d.Name)
			}
		}
	}
	number := func(o probe.Origin) int {
		if u := a.Sources.Source(o.File); u != nil {
			return u.ID
		}
		return 0
	}
	slices.SortStableFunc(list, func(a, b probe.Origin) int {
		return cmp.Or(number(a)-number(b), a.Line-b.Line, a.Column-b.Column)
	})
	slices.Sort(a.Variables)
	return list, nil
}

// noteImports notes by which names a text calls the packages that it mentions.
func (a *Program) noteImports(w *build.Workspace, o probe.Origin, n scope.Needs, by string) error {
	u := a.Sources.Source(o.File)
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
		"the cell cannot be compiled as a standalone program: %s uses a version of %s that has since been redeclared; run the cell of %s again", by, name, by)}
}

// originOfDeclaration is the text that declares something whole.
func originOfDeclaration(u *probe.Unit, d *scope.Declaration) (probe.Origin, error) {
	switch obj := d.Object.(type) {
	case *types.TypeName:
		o := probe.OriginAt(d.Mark, "type "+d.Source)
		o.Column -= len("type ")
		return o, nil
	case *types.Const:
		text := "const " + d.Name
		if basic, ok := obj.Type().(*types.Basic); !ok || basic.Info()&types.IsUntyped == 0 {
			typ, err := u.UserType(obj.Type())
			if err != nil {
				return probe.Origin{}, err
			}
			text += " " + typ
		}
		return probe.Origin{File: probe.OriginAt(d.Mark, "").File, Line: 1, Column: 1, Text: text + " = " + scope.ConstantText(obj)}, nil
	}
	return probe.OriginAt(d.Mark, d.Source), nil
}
