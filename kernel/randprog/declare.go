package randprog

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"locuslab/kernel/randprog/program"
)

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// typed writes a value so that := makes it of the type.
func (g *generator) typed(t *typ, x string) string {
	switch t.kind {
	case integer, float, text, boolean:
		if t == intType && !strings.Contains(x, "'") || t == stringType || t == boolType {
			return x
		}
		return t.name + "(" + x + ")"
	case anything:
		if !strings.HasPrefix(x, "any(") {
			return "any(" + x + ")"
		}
	}
	return x
}

// declareVar declares a variable of the notebook, in one of the ways that Go has.
func (g *generator) declareVar(t *typ) {
	name := g.newName()
	if old := g.vars[name]; old != nil && !old.pin && g.nameable(old.typ) && old.typ.kind != function && g.n(3) == 0 {
		t = old.typ // again
	}
	safe := t.kind == pointer
	x := ""
	if safe {
		x = g.literal(t)
	} else {
		x = g.expr(t, 3)
	}
	p := program.Piece{Declares: []program.Decl{{Name: name, Type: t.name}}}
	form := g.n(6)
	if g.without["redeclareSelf"] && slices.Contains(program.Names(x), name) {
		form = 3
	}
	switch form {
	case 0:
		p.Kind, p.Text = program.Var, fmt.Sprintf("var %s%s %s = %s", program.Mark, name, t.name, x)
	case 1:
		p.Kind, p.Text = program.Var, fmt.Sprintf("var %s%s %s", program.Mark, name, t.name)
		safe = false
	case 2:
		p.Kind, p.Text = program.Var, fmt.Sprintf("var %s%s = %s", program.Mark, name, g.typed(t, x))
	default:
		p.Kind, p.Text = program.Define, fmt.Sprintf("%s%s := %s", program.Mark, name, g.typed(t, x))
	}
	g.take(name)
	if !g.nameable(t) { // the name was that of its own type
		g.scopes = nil
		return
	}
	g.vars[name] = &value{name: program.Mark + name, typ: t, safe: safe}
	g.add(p)
}

// declareVars declares several at once, some of which exist.
func (g *generator) declareVars() {
	var names, values []string
	var p program.Piece
	var fresh []*value
	for range 2 + g.n(2) {
		if g.n(6) == 0 {
			names, values = append(names, "_"), append(values, g.typed(intType, g.expr(intType, 1)))
			continue
		}
		name := g.newName()
		if slices.Contains(names, program.Mark+name) {
			continue
		}
		t := g.basicType()
		names, values = append(names, program.Mark+name), append(values, g.typed(t, g.expr(t, 2)))
		p.Declares = append(p.Declares, program.Decl{Name: name, Type: t.name})
		fresh = append(fresh, &value{name: program.Mark + name, typ: t})
	}
	if len(fresh) == 0 {
		return
	}
	p.Kind, p.Text = program.Define, strings.Join(names, ", ")+" := "+strings.Join(values, ", ")
	if g.n(3) == 0 {
		p.Kind, p.Text = program.Var, "var "+strings.Join(names, ", ")+" = "+strings.Join(values, ", ")
	}
	for i, d := range p.Declares {
		g.take(d.Name)
		g.vars[d.Name] = fresh[i]
	}
	g.add(p)
}

// declareFunc declares a function, which changes variables of the notebook perhaps.
func (g *generator) declareFunc() {
	name := g.newName()
	g.push()
	f := &routine{name: program.Mark + name, result: g.basicType(), pure: g.n(2) == 0, cost: 1}
	g.pure = f.pure
	g.turns, g.inFunc = 1, 1
	g.take(name) // not to be used in its own body
	var params []string
	for range g.n(3) {
		p := g.local(g.basicType(), false)
		f.params = append(f.params, p.typ)
		params = append(params, p.name+" "+p.typ.name)
	}
	head := fmt.Sprintf("func %s%s(%s) %s {\n", program.Mark, name, strings.Join(params, ", "), f.result.name)
	named := g.n(4) == 0
	if named {
		r := g.local(f.result, false)
		head = fmt.Sprintf("func %s%s(%s) (%s %s) {\n", program.Mark, name, strings.Join(params, ", "), r.name, f.result.name)
	}
	body := g.returning(1+g.n(4), f.result)
	end := "}"
	g.scopes = nil
	f.cost = 1 + g.work
	if strings.Contains(head+body+end, program.Mark+name+"(") && strings.Count(head+body+end, program.Mark+name) > 1 || f.cost > 200 {
		return
	}
	g.funcs[name] = f
	g.add(program.Piece{Kind: program.Func, Text: head + body + end, Declares: []program.Decl{{Name: name}}})
}

// declareClosure holds a function literal in a variable.
func (g *generator) declareClosure() {
	name := g.newName()
	param, result := g.basicType(), g.basicType()
	t := g.funcOf([]*typ{param}, result)
	g.push()
	g.inFunc = 1
	pure := g.n(2) == 0
	g.pure = pure
	p := g.local(param, false)
	body := g.returning(1+g.n(2), result)
	g.scopes = nil
	text := fmt.Sprintf("%s%s := func(%s %s) %s {\n%s}", program.Mark, name, p.name, param.name, result.name, body)
	if g.work > 100 {
		return
	}
	g.take(name)
	g.vars[name] = &value{name: program.Mark + name, typ: t, pure: pure, safe: true}
	g.add(program.Piece{Kind: program.Define, Text: text, Declares: []program.Decl{{Name: name, Type: t.name}}})
}

// declareNamed declares a type of a basic one.
func (g *generator) declareNamed() {
	name := g.newName()
	of := g.integerType()
	g.take(name)
	t := &typ{kind: integer, name: program.Mark + name, named: name, bits: of.bits, unsigned: of.unsigned}
	g.unique++
	t.version = g.unique
	g.named[name] = t
	g.add(program.Piece{Kind: program.Type, Text: fmt.Sprintf("type %s%s %s", program.Mark, name, of.name), Declares: []program.Decl{{Name: name}}})
	g.declareVar(t)
}

// declareStruct declares a type with fields and methods.
func (g *generator) declareStruct() {
	name := g.newName()
	g.take(name)
	g.unique++
	t := &typ{kind: structure, name: program.Mark + name, named: name, version: g.unique}
	var fields strings.Builder
	for i := range 1 + g.n(3) {
		f := field{name: fmt.Sprintf("%s%d", pick(g, []string{"f", "x_", "N"}), i), typ: g.basicType()}
		if g.n(4) == 0 {
			f.typ = g.composed(slice, g.integerType(), nil, 0)
		}
		t.fields = append(t.fields, f)
		fmt.Fprintf(&fields, "%s %s\n", f.name, f.typ.name)
	}
	g.add(program.Piece{Kind: program.Type, Text: fmt.Sprintf("type %s%s struct {\n%s}", program.Mark, name, fields.String()), Declares: []program.Decl{{Name: name}}})
	g.named[name] = t
	for i := range g.n(3) {
		m := method{name: fmt.Sprintf("%s%d", pick(g, []string{"Do", "get", "Sum"}), i), param: g.basicType(), result: g.basicType(), pure: g.n(2) == 0}
		g.push()
		g.pure, g.inFunc = m.pure, 1
		p, star := g.localNamed("r", t, m.pure), ""
		if !m.pure {
			star, p.typ, p.safe = "*", g.composed(pointer, t, nil, 0), true
		}
		g.localNamed("by", m.param, false)
		body := g.returning(1+g.n(2), m.result)
		g.scopes = nil
		if g.work > 100 {
			g.work = 0
			continue
		}
		text := fmt.Sprintf("func (r %s%s) %s(by %s) %s {\n%s}", star, t.name, m.name, m.param.name, m.result.name, body)
		g.add(program.Piece{Kind: program.Method, Text: text})
		t.methods = append(t.methods, m)
	}
	g.declareVar(t)
}

// declareConst declares constants that count.
func (g *generator) declareConst() {
	a, b, c := g.newName(), g.newName(), g.newName()
	if a == b || b == c || a == c {
		return
	}
	for _, n := range []string{a, b, c} {
		g.take(n)
		g.consts[n] = intType
	}
	text := fmt.Sprintf("const (\n%[1]s%[2]s int = %[5]d + iota*%[6]d\n_\n%[1]s%[3]s\n%[1]s%[4]s\n)", program.Mark, a, b, c, g.n(9), 1+g.n(4))
	if g.n(2) == 0 {
		text = fmt.Sprintf("const (\n%[1]s%[2]s int = 1 << iota\n%[1]s%[3]s\n%[1]s%[4]s = %[1]s%[2]s | %[1]s%[3]s\n)", program.Mark, a, b, c)
	}
	g.add(program.Piece{Kind: program.Const, Text: text, Declares: []program.Decl{{Name: a}, {Name: b}, {Name: c}}})
}
