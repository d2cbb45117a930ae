package randprog

import (
	"fmt"
	"strings"
)

func (g *generator) switchStatement() string {
	t := g.integerType()
	head := "switch "
	tagless := g.n(3) == 0
	if list := g.assignable(t); len(list) > 0 && g.n(4) == 0 {
		head += fmt.Sprintf("%s = %s; ", pick(g, list).name, g.expr(t, 1))
	}
	if !tagless {
		head += "(" + g.dynamic(t, 1) + " & 3) "
	}
	var b strings.Builder
	b.WriteString(head + "{\n")
	n := 2 + g.n(2)
	l := &loop{label: g.label(), once: true, depth: g.inFunc}
	g.loops = append(g.loops, l)
	for i := range n {
		if tagless {
			fmt.Fprintf(&b, "case %s:\n", g.condition())
		} else {
			fmt.Fprintf(&b, "case %d:\n", i)
		}
		if g.n(5) == 0 {
			fmt.Fprintf(&b, "if %s {\nbreak\n}\n", g.condition())
		}
		b.WriteString(g.block(1 + g.n(2)))
		if g.n(5) == 0 && i < n-1 {
			b.WriteString("fallthrough\n")
		}
	}
	if g.n(2) == 0 {
		b.WriteString("default:\n" + g.block(1+g.n(2)))
	}
	g.loops = g.loops[:len(g.loops)-1]
	if l.used {
		return l.label + ":\n" + b.String() + "}\n"
	}
	return b.String() + "}\n"
}

func (g *generator) typeSwitch() string {
	v := g.values(func(v *value) bool { return v.typ.kind == anything })
	if len(v) == 0 {
		return g.assignment()
	}
	x := pick(g, v).name
	if g.n(3) == 0 {
		list := g.values(func(v *value) bool {
			return v.typ.kind <= boolean && !v.read && !v.pin && !(g.pure && isOwn(v)) && g.nameable(v.typ)
		})
		if len(list) > 0 {
			to := pick(g, list)
			return fmt.Sprintf("if held, ok := %s.(%s); ok {\n%s = held\n}\n", x, to.typ.name, to.name)
		}
	}
	g.loops = append(g.loops, &loop{depth: g.inFunc})
	defer func() { g.loops = g.loops[:len(g.loops)-1] }()
	s := fmt.Sprintf("switch held := %s.(type) {\n", x)
	g.push()
	g.localNamed("held", anyType, true)
	for _, t := range []*typ{intType, stringType} {
		s += "case " + t.name + ":\n"
		g.scopes[len(g.scopes)-1].vars[0].typ = t
		s += "_ = held\n" + g.block(1+g.n(2))
	}
	g.scopes[len(g.scopes)-1].vars[0].typ = anyType
	s += "default:\n_ = held\n" + g.block(1) + "}\n"
	g.pop()
	return s
}

// selectStatement selects among channels of which one is ready.
func (g *generator) selectStatement() string {
	list := g.values(func(v *value) bool { return v.typ == intType && !v.read && !v.pin && !(g.pure && isOwn(v)) })
	if len(list) == 0 {
		return g.assignment()
	}
	to := pick(g, list)
	g.loops = append(g.loops, &loop{depth: g.inFunc})
	defer func() { g.loops = g.loops[:len(g.loops)-1] }()
	x := g.expr(intType, 1)
	g.push()
	g.localNamed("ready", intType, true)
	defer g.pop()
	s := fmt.Sprintf("{\nready, never := make(chan int, 1), make(chan string)\nready <- %s\n", x)
	if g.n(3) == 0 {
		return s + fmt.Sprintf("select {\ncase <-never:\n%scase never <- \"x\":\ndefault:\n%s}\n%s = <-ready\n}\n", g.block2(), g.block2(), to.name)
	}
	return s + fmt.Sprintf("select {\ncase %s = <-ready:\n%scase <-never:\n%s}\n}\n", to.name, g.block2(), g.block2())
}

// block2 is a block in which the channels of a select cannot be seen as numbers.
func (g *generator) block2() string {
	saved := g.scopes[len(g.scopes)-1].vars
	defer func() { g.scopes[len(g.scopes)-1].vars = saved }()
	g.scopes[len(g.scopes)-1].vars = nil
	return g.block(1 + g.n(2))
}
