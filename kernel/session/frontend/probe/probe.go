package probe

import (
	"context"
	"fmt"
	"go/ast"
	"maps"
	"slices"
	"strings"

	"locuslab/kernel/cell"
	"locuslab/kernel/session/frontend/syntax"
	"locuslab/kernel/session/scope"
)

// The probe is a cell as the type checker reads it; the type unit tells of its parts.

// write builds the probe's text.
func (u *Unit) write(ctx context.Context) error {
	var all []parsed
	for _, item := range u.Items {
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
	u.notePragmas(all)
	if err := u.bodyless(all); err != nil {
		return err
	}
	lines, err := u.importLines(ctx, all)
	if err != nil {
		return err
	}
	if err := u.noteEarlier(all, lines); err != nil {
		return err
	}
	u.noteEarlierConstants(all)
	u.noteReplaced()
	all = u.dropKnown(all)
	if err := u.revise(all); err != nil {
		return err
	}
	kept, revised, err := u.revisedText(all)
	if err != nil {
		return err
	}
	fmt.Fprintf(&u.Text, "package notebook\n%s\n", strings.Join(lines, "\n"))
	for _, path := range slices.Sorted(maps.Keys(u.needed)) {
		fmt.Fprintf(&u.Text, "import %s %q\n", u.Scope.Alias(path), path)
	}
	u.Text.WriteString("func " + scope.ZeroName + "[T interface{}](v *T) { var zero T; *v = zero }\n")
	u.Text.WriteString(kept)
	seen := map[string]bool{}
	for _, p := range all {
		u.writeVariables(p, seen)
	}
	u.DeclFrom = u.Text.Len()
	u.Text.WriteString(revised)
	for _, p := range all {
		u.writeDeclaration(p)
	}
	u.BodyFrom = u.Text.Len() + 1
	fmt.Fprintf(&u.Text, "\nfunc %s() (%s %s) {\n", u.BodyName(), scope.ResultName, scope.ErrorName)
	u.writeBody(all)
	u.Text.WriteString("return\n}\n")
	return nil
}

// writeDeclaration writes a declaration as it stands in the cell.
func (u *Unit) writeDeclaration(p parsed) {
	switch p.item.Kind {
	case cell.Const, cell.Type, cell.Method, cell.Func:
	default:
		return
	}
	u.Text.WriteString("\n")
	if keys := u.declares(p); len(keys) > 0 {
		u.Text.WriteString(scope.PragmaText(u.Pragmas[keys[0]]))
		if keys[0] == "main" && p.item.Kind == cell.Func && len(u.Pragmas["main"]) == 0 {
			u.Text.WriteString("//go:noinline\n") // as in any program
		}
	}
	u.Text.WriteString(u.mark(p.item.Start))
	if p.item.Kind == cell.Func && isInit(p.fn) { // each cell may have any number of them
		behind := p.offset(p.fn.Name.End())
		u.Text.WriteString("func " + u.InitName(p.item.Start) + u.mark(behind) + u.Cell.Text[behind:p.item.End])
		return
	}
	if p.item.Kind == cell.Const {
		u.writeConstants(p)
		return
	}
	u.Text.WriteString(u.Cell.Source(p.item))
}

// writeConstants writes a const declaration. What repeats a value in which an earlier
// version is meant means the one that has been declared since, so it is written out.
func (u *Unit) writeConstants(p parsed) {
	from, values := p.item.Start, ""
	for _, spec := range p.gen.Specs {
		spec := spec.(*ast.ValueSpec)
		behind := p.offset(spec.End())
		if len(spec.Values) > 0 {
			start := p.offset(spec.Names[len(spec.Names)-1].End())
			if values = ""; u.usesEarlier(start, behind) {
				values = " " + u.Cell.Text[start:behind]
			}
			continue
		}
		u.Text.WriteString(u.textOf(from, behind) + values)
		if from = behind; values != "" {
			u.Text.WriteString(u.mark(behind))
		}
	}
	u.Text.WriteString(u.textOf(from, p.item.End))
}

// writeBody writes the cell's statements. Where there are none it is a package's
// file, in which init runs when the variables have their values, and main last.
func (u *Unit) writeBody(all []parsed) {
	if !u.Cell.Has(cell.Statement) {
		slices.SortStableFunc(all, func(a, b parsed) int { return initRank(a) - initRank(b) })
	}
	behind := LineMark(u.File, strings.Count(u.Cell.Text, "\n")+2, 1) // no line of the cell
	ran := false
	inits := func() {
		for _, name := range u.Inits {
			if !ran {
				u.Text.WriteString(behind + name + "()\n")
			}
		}
		ran = true
	}
	for _, p := range all {
		if p.item.Kind == cell.Statement && !syntax.IsDefine(p.stmt) {
			inits()
		}
		u.writeStatement(p)
	}
	inits()
	if u.runsMain {
		u.Text.WriteString(behind + "main()\n")
	}
}

// writeVariables writes the package-level form of a var declaration or of a
// definition, for the checker alone. A name that the cell has declared already
// is assigned to, not declared.
func (u *Unit) writeVariables(p parsed, seen map[string]bool) {
	switch {
	case p.item.Kind == cell.Var:
		for _, spec := range p.gen.Specs {
			spec := spec.(*ast.ValueSpec)
			from, to := p.offset(spec.Pos()), p.offset(spec.End())
			u.Text.WriteString("\nvar " + u.mark(from) + u.textOf(from, to))
			if name := spec.Names[0].Name; len(u.Embeds[name].Patterns) > 0 {
				fmt.Fprintf(&u.Text, "\nvar %s %s", u.EmbedName(name), u.Cell.Text[p.offset(spec.Type.Pos()):to])
			}
			for _, name := range spec.Names {
				seen[name.Name] = true
				u.Initial[name.Name] = u.originOf("var ", from, to)
			}
		}
	case syntax.IsDefine(p.stmt):
		var lhs []string
		fresh := false
		for _, name := range syntax.DefinedNames(p.stmt) {
			if name.Name == "_" || seen[name.Name] {
				lhs = append(lhs, "_")
				continue
			}
			seen[name.Name], fresh = true, true
			from := p.offset(syntax.Unlabelled(p.stmt).Pos())
			u.Initial[name.Name], u.DefinedAt[name.Name] = u.originOf("", from, p.item.End), u.spotAt(from)
			lhs = append(lhs, u.mark(p.offset(name.Pos()))+name.Name)
		}
		if !fresh {
			return // of a text put together from several cells
		}
		assign := syntax.Unlabelled(p.stmt).(*ast.AssignStmt)
		from := p.offset(assign.Rhs[0].Pos())
		u.Text.WriteString("\nvar " + strings.Join(lhs, ", ") + " = " + u.mark(from) + u.textOf(from, p.item.End))
	}
}

// writeStatement writes a statement, or what a var declaration or a definition
// comes to in the body.
func (u *Unit) writeStatement(p parsed) {
	put := func(format string, args ...any) { fmt.Fprintf(&u.Text, format+"\n", args...) }
	switch {
	case p.item.Kind == cell.Var:
		for _, spec := range p.gen.Specs {
			u.writeInitialisers(p, spec.(*ast.ValueSpec))
		}
	case syntax.IsDefine(p.stmt):
		assign := syntax.Unlabelled(p.stmt).(*ast.AssignStmt)
		var lhs []string
		for _, name := range syntax.DefinedNames(p.stmt) {
			lhs = append(lhs, name.Name)
		}
		from := p.offset(assign.Rhs[0].Pos())
		start := p.offset(assign.Pos())
		labels := u.Cell.Text[p.item.Start:start]
		put("%s%s%s%s = %s%s", u.mark(p.item.Start), labels, u.mark(start), strings.Join(lhs, ", "), u.mark(from), u.textOf(from, p.item.End))
	case p.item.Kind == cell.Func && isInit(p.fn):
		put("%s%s()", u.mark(p.item.Start), u.InitName(p.item.Start))
	case p.item.Kind == cell.Statement:
		put("%s%s", u.mark(p.item.Start), u.textOf(p.item.Start, p.item.End))
	}
}

// writeInitialisers writes an assignment for each initialiser of a var
// declaration. A value that is given to no variable is converted to the type that
// the declaration has.
func (u *Unit) writeInitialisers(p parsed, spec *ast.ValueSpec) {
	if len(spec.Values) == 0 {
		for _, name := range spec.Names {
			at := p.offset(name.Pos())
			mark := u.mark(at)
			if len(u.Embeds[name.Name].Patterns) > 0 {
				u.VarValues[u.spotAt(at)] = true
				fmt.Fprintf(&u.Text, "%s%s = %s%s\n", mark, name.Name, mark, u.EmbedName(name.Name))
			} else if _, elsewhere := u.Linknames[name.Name]; name.Name != "_" && !elsewhere {
				fmt.Fprintf(&u.Text, "%s%s(&%s)\n", mark, scope.ZeroName, name.Name)
			}
		}
		return
	}
	inits := p.initialisers(spec)
	if u.exchanges(inits) {
		u.writeAssignment(p, spec, inits)
		return
	}
	for _, i := range inits {
		u.writeAssignment(p, spec, initialisers{i})
	}
}

// exchanges reports whether a value is made of the earlier version of a variable that
// another value of the same declaration is for, as in var x, y = y, x. The versions may
// be one variable, so all values are taken before any is given away.
func (u *Unit) exchanges(inits initialisers) bool {
	for _, i := range inits {
		for _, other := range inits {
			for _, name := range other.names {
				if i.from != other.from && slices.ContainsFunc(u.earlier, func(e use) bool { return i.from <= e.at && e.at < i.to && e.name == name.Name }) {
					return true
				}
			}
		}
	}
	return false
}

// writeAssignment writes one assignment for initialisers of a declaration.
func (u *Unit) writeAssignment(p parsed, spec *ast.ValueSpec, inits initialisers) {
	var lhs, values []string
	for _, i := range inits {
		u.VarValues[u.spotAt(i.from)] = true
		value := u.mark(i.from) + u.textOf(i.from, i.to)
		if spec.Type != nil && len(i.names) == 1 && i.names[0].Name == "_" {
			value = "(" + u.Cell.Text[p.offset(spec.Type.Pos()):p.offset(spec.Type.End())] + ")(" + value + ")"
		}
		values = append(values, value)
		for _, name := range i.names {
			lhs = append(lhs, name.Name)
		}
	}
	first := inits[0].names[0]
	fmt.Fprintf(&u.Text, "%s%s = %s\n", u.mark(p.offset(first.Pos())), strings.Join(lhs, ", "), strings.Join(values, ", "))
}
