package randprog

import (
	"fmt"
	"strings"
)

// literalCall calls a function literal, which may recover.
func (g *generator) literalCall() string {
	panics, inFunc := g.panics, g.inFunc
	g.inFunc++
	defer func() { g.panics, g.inFunc = panics, inFunc }()
	switch g.n(4) {
	case 0:
		return "func() {\n" + g.block(1+g.n(3)) + "}()\n"
	case 1: // may run into trouble, which it recovers from
		if g.pure {
			break
		}
		saved := g.turns
		s := "func() {\ndefer func() {\nfmt.Println(\"recovered\", recover() != nil)\n" + g.block(1) + "}()\n"
		s += "{\n" + g.block(1+g.n(2)) + "}\n"
		g.panics = true
		s += g.trouble() + g.block(1) + "}()\n"
		g.turns = saved
		return s
	case 2:
		return "func() {\nfor " + fmt.Sprintf("range %d", 1+g.n(3)) + " {\ndefer func() {\n" + g.block(1) + "}()\n" + g.block(1) + "}\n}()\n"
	}
	list := g.values(func(v *value) bool {
		return v.typ.kind <= boolean && !v.read && !v.pin && !(g.pure && isOwn(v)) && g.nameable(v.typ)
	})
	if len(list) == 0 {
		return g.assignment()
	}
	v := pick(g, list)
	g.push()
	p := g.local(v.typ, false)
	s := fmt.Sprintf("%s = func(%s %s) %s {\n%s}(%s)\n", v.name, p.name, v.typ.name, v.typ.name, g.returning(1+g.n(2), v.typ), "NBARG")
	g.pop()
	return strings.Replace(s, "NBARG", g.expr(v.typ, 1), 1)
}

// callStatement calls something that has effects: alone on the right of an
// assignment, so that the order of evaluation is Go's.
func (g *generator) callStatement() string {
	if g.pure {
		return g.assignment()
	}
	var list []*routine
	for _, name := range g.funcNames() {
		if f := g.funcs[name]; !g.hidden(name) && g.work+g.turns*f.cost < maxWork && g.nameableAll(f.params, f.result) {
			list = append(list, f)
		}
	}
	for _, v := range g.values(func(v *value) bool { return v.typ.kind == function }) {
		if g.nameableAll(v.typ.params, v.typ.result) && isOwn(v) && v.safe {
			list = append(list, &routine{name: v.name, params: v.typ.params, result: v.typ.result, cost: 10})
		}
	}
	for _, v := range g.values(func(v *value) bool { return v.typ.kind == structure || v.typ.kind == pointer && v.safe }) {
		s := v.typ
		if s.kind == pointer {
			s = s.elem
		}
		for _, m := range s.methods {
			f := &routine{name: v.name + "." + m.name, result: m.result, cost: 10}
			if m.param != nil {
				f.params = []*typ{m.param}
			}
			if g.nameableAll(f.params, f.result) {
				list = append(list, f)
			}
		}
	}
	if len(list) == 0 {
		return g.assignment()
	}
	f := pick(g, list)
	if g.work+g.turns*f.cost > maxWork {
		return g.assignment()
	}
	g.work += g.turns * f.cost
	call := fmt.Sprintf("%s(%s)", f.name, g.args(f.params, 1))
	if f.result != nil {
		if to := g.assignable(f.result); len(to) > 0 {
			return fmt.Sprintf("%s = %s\n", pick(g, to).name, call)
		}
		return "_ = " + call + "\n"
	}
	return call + "\n"
}

func (g *generator) nameableAll(params []*typ, result *typ) bool {
	for _, p := range params {
		if !g.nameable(p) {
			return false
		}
	}
	return g.nameable(result)
}
