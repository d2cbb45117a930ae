package randprog

import (
	"fmt"
	"strings"

	"locuslab/kernel/randprog/program"
)

// redeclareSelf declares a variable anew from what it was, with another type perhaps.
func (g *generator) redeclareSelf() {
	list := g.values(func(v *value) bool { return v.typ.kind == integer && g.nameable(v.typ) && !v.pin && isOwn(v) })
	if len(list) == 0 {
		return
	}
	v := pick(g, list)
	name := strings.TrimPrefix(v.name, program.Mark)
	forms := []struct {
		t *typ
		x string
	}{
		{v.typ, fmt.Sprintf("%s*2 + 1", v.name)},
		{stringType, fmt.Sprintf("fmt.Sprint(%s, \"!\")", v.name)},
		{floatType, fmt.Sprintf("float64(%s) / 2", v.name)},
		{g.composed(slice, v.typ, nil, 0), fmt.Sprintf("[]%s{%s, 1}", v.typ.name, v.name)},
		{g.composed(mapping, v.typ, v.typ, 0), fmt.Sprintf("map[%s]%s{%s: 1}", v.typ.name, v.typ.name, v.name)},
		{intType, fmt.Sprintf("func() int {\n%[1]s++\nreturn int(%[1]s)\n}()", v.name)},
	}
	f := pick(g, forms)
	p := program.Piece{Kind: program.Define, Text: v.name + " := " + f.x, Declares: []program.Decl{{Name: name, Type: f.t.name}}}
	switch g.n(4) {
	case 0:
		p.Kind, p.Text = program.Var, fmt.Sprintf("var %s %s = %s", v.name, f.t.name, f.x)
	case 1:
		p.Kind, p.Text = program.Var, fmt.Sprintf("var %s = %s", v.name, f.x)
	}
	p.First = g.n(2) == 0
	g.take(name)
	g.vars[name] = &value{name: v.name, typ: f.t}
	g.add(p)
}

// addressOf takes a variable's address.
func (g *generator) addressOf() {
	list := g.values(func(v *value) bool { return v.typ.kind <= boolean && g.nameable(v.typ) && isOwn(v) })
	if len(list) == 0 {
		return
	}
	v := pick(g, list)
	name := g.newName()
	if program.Mark+name == v.name {
		return
	}
	t := g.composed(pointer, v.typ, nil, 0)
	g.take(name)
	g.vars[name] = &value{name: program.Mark + name, typ: t, safe: true}
	g.add(program.Piece{Kind: program.Define, Text: fmt.Sprintf("%s%s := &%s", program.Mark, name, v.name), Declares: []program.Decl{{Name: name, Type: t.name}}})
}

// methodValue binds a method.
func (g *generator) methodValue() {
	for _, v := range g.values(func(v *value) bool { return v.typ.kind == structure && g.nameable(v.typ) && len(v.typ.methods) > 0 }) {
		m := pick(g, v.typ.methods)
		if !g.nameable(m.param) || !g.nameable(m.result) {
			continue
		}
		name := g.newName()
		if program.Mark+name == v.name || strings.TrimPrefix(v.typ.name, program.Mark) == name {
			continue
		}
		t := g.funcOf([]*typ{m.param}, m.result)
		g.take(name)
		g.vars[name] = &value{name: program.Mark + name, typ: t, pure: m.pure, safe: true}
		g.add(program.Piece{Kind: program.Define, Text: fmt.Sprintf("%s%s := %s.%s", program.Mark, name, v.name, m.name), Declares: []program.Decl{{Name: name, Type: t.name}}})
		return
	}
}

// declareGroup declares variables that need each other, in any order, as a package
// does; some through a function, some that have no name.
func (g *generator) declareGroup() {
	g.unique++
	n := 3 + g.n(4)
	var names []string
	for i := range n {
		names = append(names, fmt.Sprintf("g%d_%d", g.unique, i))
	}
	function := fmt.Sprintf("fg%d", g.unique)
	of := g.n(n - 1)
	var specs []string
	var declares []program.Decl
	for i, name := range names {
		x := g.typed(intType, g.expr(intType, 1))
		for j := i + 1; j < n; j++ {
			switch g.n(4) {
			case 0:
				x += fmt.Sprintf(" + %s%s", program.Mark, names[j])
			case 1:
				if j > of && i < of {
					x += fmt.Sprintf(" + %s%s(%d)", program.Mark, function, g.n(9))
				}
			}
		}
		declares = append(declares, program.Decl{Name: name, Type: "int"})
		spec := fmt.Sprintf("%s%s = func() int {\nfmt.Print(%q, \" \")\nreturn %s\n}()", program.Mark, name, name, x)
		if g.n(3) == 0 {
			spec = fmt.Sprintf("%s%s int = %s", program.Mark, name, x)
		}
		specs = append(specs, spec)
	}
	if g.n(2) == 0 {
		specs = append(specs, fmt.Sprintf("_ = func() int {\nfmt.Print(\"blank \")\n%s%s++\nreturn 0\n}()", program.Mark, names[g.n(n)]))
	}
	g.rand.Shuffle(len(specs), func(i, j int) { specs[i], specs[j] = specs[j], specs[i] })
	for _, d := range declares {
		g.take(d.Name)
		g.vars[d.Name] = &value{name: program.Mark + d.Name, typ: intType}
	}
	g.take(function)
	g.funcs[function] = &routine{name: program.Mark + function, params: []*typ{intType}, result: intType, pure: true, cost: 1}
	// One piece: a cell has all of it.
	text := "var (\n" + strings.Join(specs, "\n") + "\n)"
	body := fmt.Sprintf("func %s%s(d int) int { return %s%s - d }", program.Mark, function, program.Mark, names[n-1])
	if g.n(2) == 0 {
		g.add(program.Piece{Kind: program.Func, First: true, Text: body, Declares: []program.Decl{{Name: function}}})
		g.add(program.Piece{Kind: program.Var, Join: true, Text: text, Declares: declares, Keep: true})
	} else {
		g.add(program.Piece{Kind: program.Var, First: true, Text: text, Declares: declares, Keep: true})
		g.add(program.Piece{Kind: program.Func, Join: true, Text: body, Declares: []program.Decl{{Name: function}}})
	}
	g.add(program.Piece{Kind: program.Statement, Text: "fmt.Println()"})
}
