package session

import (
	"context"
	"fmt"
	"go/ast"
	"maps"
	"slices"
	"strings"

	"locuslab/kernel/cell"
)

// The probe is a cell as the type checker reads it; the type unit tells of its parts.

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
			if name := spec.Names[0].Name; len(u.embeds[name].patterns) > 0 {
				fmt.Fprintf(&u.text, "\nvar %s %s", u.embedName(name), u.cell.Text[p.offset(spec.Type.Pos()):to])
			}
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
				if len(u.embeds[name].patterns) > 0 {
					put("%s = %s", name, u.embedName(name))
				} else if name != "_" {
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
