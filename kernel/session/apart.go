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

	"locuslab/kernel/cell"
	"locuslab/kernel/display"
	"locuslab/kernel/magic"
	"locuslab/kernel/session/report"
	"locuslab/kernel/session/scope"
)

// A cell compiled apart is a program of its own: the cell, and before it all that
// it needs of what earlier cells declared, as they wrote it. Functions, types and
// constants are the same there. A variable begins with what its declaration gives
// it, since the live values are in the worker.

// apart is a cell as a whole program.
type apart struct {
	source string          // without func main
	runs   string          // the call that runs the cell's statements
	units  *report.Sources // that its lines belong to
	// variables are those of earlier cells that the program makes anew.
	variables []string
}

// compileApart writes the program. The cell is checked as it stands first, so that
// its faults are told as those of any cell.
func (s *Session) compileApart(ctx context.Context, code string, count int) (*apart, error) {
	c := cell.Split(code)
	if err := s.splitFailure(c, count); err != nil {
		return nil, err
	}
	for _, item := range c.Items {
		if item.Kind == cell.Magic {
			return nil, &magic.UsageError{Message: "a cell that is compiled apart can have no other magic: " + c.Source(item)}
		}
	}
	list := segments(c)
	if len(list) == 0 {
		return nil, &magic.UsageError{Message: "there is no Go code in the cell"}
	}
	u, em, err := s.prepare(ctx, c, list[0].items, count, false)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	a := &apart{units: s.units.Clone()}
	a.units.Add(u.Source)
	return a, a.write(ctx, s, u, em)
}

// write puts the earlier declarations and the cell together to one cell of a
// session that knows nothing else. The mutex is held.
func (a *apart) write(ctx context.Context, s *Session, u *unit, em *emission) error {
	origins, err := a.gather(s, u, em.mentions)
	if err != nil {
		return err
	}
	cellOrigin := origin{file: u.File, line: 1, column: 1, text: u.Cell.Text}
	var text strings.Builder
	for i := range origins {
		origins[i].offset = text.Len()
		text.WriteString(origins[i].text + "\n")
	}
	cellOrigin.offset = text.Len()
	text.WriteString(cellOrigin.text)

	alone := scope.New(s.workspace, s.workspace.ApartRuntimePath(), s.scope.Folder)
	alone.Importer = s.scope.Importer
	maps.Copy(alone.Names.Imports, s.scope.Names.Imported) // two names for one package are as good
	maps.Copy(alone.Names.Imports, s.scope.Names.Imports)
	maps.Copy(alone.Names.Imports, u.visible)
	maps.Copy(alone.Names.Dots, s.scope.Names.Dots)

	c := cell.Split(text.String())
	whole := newUnit(alone, a.units, c, segments(c)[0].items)
	whole.ID, whole.Count, whole.File, whole.origins = u.ID, u.Count, u.File, append(origins, cellOrigin)
	out, err := whole.compileAlone(ctx)
	var failure *display.Failure
	if errors.As(err, &failure) { // the cell itself has none, so it is in what it needs
		const why = "the cell cannot be compiled apart, with what it needs of earlier cells"
		return &display.Failure{Name: failure.Name, Value: why + ": " + failure.Value, Traceback: append([]string{why + ":"}, failure.Traceback...)}
	} else if err != nil {
		return err
	}
	a.source, a.runs = out.source, fmt.Sprintf("%s.Apart(%s)", alone.Alias(alone.Runtime), scope.EntryName(whole.ID))
	return nil
}

// program is the source of a program that runs the cell, or of a test file, whose
// tests run when the cell's statements have.
func (a *apart) program(test bool) string {
	name := "main"
	if test {
		name = "init"
	}
	return a.source + "\n//line main.go:1\nfunc " + name + "() { " + a.runs + " }\n"
}

func (u *unit) compileAlone(ctx context.Context) (*emission, error) {
	if err := u.write(ctx); err != nil {
		return nil, err
	}
	if err := u.check(); err != nil {
		return nil, err
	}
	return u.emit()
}

// gather collects what the cell needs of earlier cells, in the order in which it
// was written.
func (a *apart) gather(s *Session, u *unit, first scope.Needs) ([]origin, error) {
	var list []origin
	seen := map[string]bool{}
	todo := slices.Collect(maps.Keys(first.Declarations))
	for len(todo) > 0 {
		name := todo[len(todo)-1].Name
		d := s.scope.Names.Current[name]
		todo = todo[:len(todo)-1]
		_, isVar := objectOf(d).(*types.Var)
		// A variable that the cell declares may be used by it before, or by a function.
		if d == nil || seen[name] || u.own[name] && !isVar {
			continue
		}
		seen[name] = true
		o, err := u.originOfDeclaration(d)
		if err != nil {
			return nil, err
		}
		if isVar && u.own[name] && !slices.Contains(u.replaced, name) {
			continue
		}
		if isVar {
			a.variables = append(a.variables, name)
		}
		if !slices.ContainsFunc(list, func(other origin) bool { // x, y := f() declares two
			return other.file == o.file && other.line == o.line && other.column == o.column && other.text == o.text
		}) {
			list = append(list, o)
		}
		todo = slices.AppendSeq(todo, maps.Keys(d.Needs.Declarations))
		todo = slices.AppendSeq(todo, maps.Keys(d.Whole.Declarations))
		for _, m := range d.Methods {
			if !u.own[methodKey(name, m.Name)] {
				list = append(list, originAt(m.Mark, m.Source))
				todo = slices.AppendSeq(todo, maps.Keys(m.Whole.Declarations))
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

func objectOf(d *scope.Declaration) types.Object {
	if d == nil {
		return nil
	}
	return d.Object
}

// originOfDeclaration is the text that declares something whole.
func (u *unit) originOfDeclaration(d *scope.Declaration) (origin, error) {
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
