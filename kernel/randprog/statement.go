package randprog

import (
	"fmt"
	"strings"
)

// maxWork bounds how many statements a piece runs.
const maxWork = 3000

// block writes n statements in a scope of their own.
func (g *generator) block(n int) string {
	g.push()
	var b strings.Builder
	for range n {
		b.WriteString(g.statement())
	}
	return b.String() + g.pop()
}

// returning is the body of a function, with a value to return at its end.
func (g *generator) returning(n int, result *typ) string {
	g.push()
	var b strings.Builder
	for range n {
		b.WriteString(g.statement())
	}
	x := g.expr(result, 2)
	return b.String() + g.pop() + "return " + x + "\n"
}

func (g *generator) depth() int { return len(g.scopes) }

// statement writes a statement of a block, with its line end.
func (g *generator) statement() string {
	g.work += g.turns
	if g.depth() > 5 || g.work > maxWork {
		return g.assignment()
	}
	switch g.n(24) {
	case 0, 1:
		return g.ifStatement()
	case 2, 3, 4:
		return g.loopStatement()
	case 5:
		return g.switchStatement()
	case 6:
		return g.jump()
	case 7:
		return g.declareLocal()
	case 8:
		return g.literalCall()
	case 9:
		return g.print()
	case 10:
		return g.callStatement()
	case 11:
		if g.panics && g.turns > 1 {
			return g.trouble()
		}
	case 12:
		return "{\n" + g.block(1+g.n(3)) + "}\n"
	case 13:
		return g.typeSwitch()
	case 14:
		return g.selectStatement()
	}
	return g.assignment()
}

// declareLocal declares a variable of the block.
func (g *generator) declareLocal() string {
	if len(g.scopes) == 0 {
		return g.assignment()
	}
	t := g.anyTyp()
	x := g.expr(t, 2)
	if t.kind == integer || t.kind == float || t.kind == text {
		x = t.name + "(" + x + ")"
	}
	if t.kind == function || t.kind == anything && !strings.HasPrefix(x, "any(") {
		x = t.name + "(" + x + ")"
	}
	v := g.local(t, false)
	if g.n(3) == 0 {
		return fmt.Sprintf("var %s %s = %s\n", v.name, t.name, x)
	}
	if strings.HasPrefix(t.name, "*") || t.kind == function {
		return fmt.Sprintf("var %s = %s\n", v.name, x)
	}
	return fmt.Sprintf("%s := %s\n", v.name, x)
}

// print writes some values, none that must not be seen.
func (g *generator) print() string {
	if g.pure || g.turns > 60 {
		return g.assignment()
	}
	v := g.values(func(v *value) bool { return v.typ.kind <= boolean })
	if len(v) == 0 {
		return "fmt.Println()\n"
	}
	var args []string
	for range 1 + g.n(3) {
		args = append(args, g.use(pick(g, v)))
	}
	if g.n(4) == 0 {
		t := g.basicType()
		args = append(args, t.name+"("+g.literal(t)+")")
	}
	return "fmt.Println(" + strings.Join(args, ", ") + ")\n"
}

// assignment changes a variable or a part of one.
func (g *generator) assignment() string {
	list := g.values(func(v *value) bool {
		return !v.read && !v.pin && v.typ.kind != function && !(g.pure && isOwn(v)) && g.nameable(v.typ)
	})
	if len(list) == 0 {
		return "_ = " + g.dynamic(intType, 1) + "\n"
	}
	v := pick(g, list)
	name := g.set(v)
	if s := g.partAssignment(v); s != "" && g.n(3) > 0 {
		return s
	}
	switch v.typ.kind {
	case integer:
		switch g.n(6) {
		case 0:
			return name + pick(g, []string{"++", "--"}) + "\n"
		case 1:
			return fmt.Sprintf("%s %s= %s & 7\n", name, pick(g, []string{"<<", ">>"}), g.dynamic(integerList[9], 0))
		case 2, 3:
			return fmt.Sprintf("%s %s= %s\n", name, pick(g, []string{"+", "-", "*", "|", "&", "^", "&^"}), g.expr(v.typ, 2))
		}
	case text:
		if g.n(2) == 0 {
			return fmt.Sprintf("%s = %s[:min(len(%s), %d)] + %s\n", name, name, name, g.n(20), g.literal(v.typ))
		}
	case float:
		if g.n(2) == 0 {
			return fmt.Sprintf("%s %s= %s\n", name, pick(g, []string{"+", "-"}), g.leaf(v.typ))
		}
	case pointer:
		if v.safe && g.n(2) == 0 {
			return fmt.Sprintf("%s = %s\n", name, g.literal(v.typ))
		}
		if !v.safe {
			return fmt.Sprintf("%s = %s\n", name, g.expr(v.typ, 1))
		}
		return fmt.Sprintf("%s = %s\n", name, g.literal(v.typ))
	case anything:
		return fmt.Sprintf("%s = %s\n", name, g.leaf(g.basicType()))
	}
	if others := g.assignable(v.typ); len(others) > 1 && v.typ.kind != pointer && g.n(5) == 0 {
		if o := pick(g, others); o != v {
			return fmt.Sprintf("%s, %s = %s, %s\n", name, g.set(o), g.use(o), g.expr(v.typ, 2))
		}
	}
	if g.n(12) == 0 {
		t := g.basicType()
		return fmt.Sprintf("_, %s = %s(%s), %s\n", name, t.name, g.dynamic(t, 1), g.expr(v.typ, 2))
	}
	return fmt.Sprintf("%s = %s\n", name, g.expr(v.typ, 3))
}

// partAssignment changes an element or a field of a variable.
func (g *generator) partAssignment(v *value) string {
	name, t := v.name, v.typ
	switch t.kind {
	case array:
		if t.elem.kind == integer && g.n(2) == 0 {
			return fmt.Sprintf("%s[%s] %s= %s\n", name, g.index(t.len, 1), pick(g, []string{"+", "-", "*", "^"}), g.expr(t.elem, 2))
		}
		return fmt.Sprintf("%s[%s] = %s\n", name, g.index(t.len, 1), g.expr(t.elem, 2))
	case slice:
		switch g.n(6) {
		case 0:
			return fmt.Sprintf("if len(%s) > 0 {\n%s[uint(%s)%%uint(len(%s))] = %s\n}\n", name, name, g.dynamic(g.integerType(), 1), name, g.expr(t.elem, 2))
		case 1:
			return fmt.Sprintf("clear(%s)\n", name)
		case 2:
			return fmt.Sprintf("%s = %s[min(len(%s), %d):]\n", name, name, name, g.n(3))
		case 3:
			return fmt.Sprintf("copy(%s, %s)\n", name, g.expr(t, 0))
		}
		return fmt.Sprintf("%s = append(%s[:min(len(%s), %d)], %s)\n", name, name, name, g.n(9), g.expr(t.elem, 2))
	case mapping:
		switch g.n(5) {
		case 0:
			return fmt.Sprintf("delete(%s, %s)\n", name, g.expr(t.key, 1))
		case 1:
			if t.elem.kind == integer {
				return fmt.Sprintf("if len(%s) > 0 && len(%s) < 9 {\n%s[%s] += %s\n}\n", name, name, name, g.expr(t.key, 1), g.expr(t.elem, 1))
			}
		}
		return fmt.Sprintf("if len(%s) > 0 && len(%s) < 9 {\n%s[%s] = %s\n}\n", name, name, name, g.expr(t.key, 1), g.expr(t.elem, 1))
	case pointer:
		if !v.safe || g.pure {
			return ""
		}
		if t.elem.kind == structure {
			f := pick(g, t.elem.fields)
			return fmt.Sprintf("%s.%s = %s\n", name, f.name, g.expr(f.typ, 2))
		}
		return fmt.Sprintf("*%s = %s\n", name, g.expr(t.elem, 2))
	case structure:
		f := pick(g, t.fields)
		if !g.nameable(f.typ) {
			return ""
		}
		return fmt.Sprintf("%s.%s = %s\n", name, f.name, g.expr(f.typ, 2))
	}
	return ""
}

func (g *generator) ifStatement() string {
	head := ""
	g.push()
	if g.n(3) == 0 {
		t := g.basicType()
		x := g.expr(t, 1)
		if list := g.assignable(t); len(list) > 0 && g.n(2) == 0 {
			head = fmt.Sprintf("%s = %s; ", g.set(pick(g, list)), x)
		} else {
			v := g.local(t, false)
			head = fmt.Sprintf("%s := %s(%s); ", v.name, t.name, x)
			if t.kind == boolean {
				head += v.name + " || "
			} else {
				head += fmt.Sprintf("%s == %s || ", v.name, v.name)
			}
			if g.n(2) == 0 {
				head = strings.Replace(head, "==", "!=", 1)
			}
		}
	}
	s := "if " + head + g.condition() + " {\n" + g.block(1+g.n(3)) + "}"
	switch g.n(4) {
	case 0:
		s += " else {\n" + g.block(1+g.n(2)) + "}"
	case 1:
		s += " else if " + g.condition() + " {\n" + g.block(1+g.n(2)) + "}"
	}
	g.pop()
	return s + "\n"
}

// condition is a boolean without a composite literal, which a statement's head
// cannot have.
func (g *generator) condition() string { return "(" + g.expr(boolType, 2) + ")" }

func (g *generator) switchStatement() string {
	t := g.integerType()
	head := "switch "
	tagless := g.n(3) == 0
	if list := g.assignable(t); len(list) > 0 && g.n(4) == 0 {
		head += fmt.Sprintf("%s = %s; ", g.set(pick(g, list)), g.expr(t, 1))
	}
	if !tagless {
		head += "(" + g.dynamic(t, 1) + " & 3) "
	}
	var b strings.Builder
	b.WriteString(head + "{\n")
	n := 2 + g.n(2)
	g.loops = append(g.loops, &loop{depth: g.inFunc}) // break ends it
	for i := range n {
		if tagless {
			fmt.Fprintf(&b, "case %s:\n", g.condition())
		} else {
			fmt.Fprintf(&b, "case %d:\n", i)
		}
		b.WriteString(g.block(1 + g.n(2)))
		switch g.n(5) {
		case 0:
			if i < n-1 {
				b.WriteString("fallthrough\n")
			}
		case 1:
			fmt.Fprintf(&b, "if %s {\nbreak\n}\n", g.condition())
		}
	}
	if g.n(2) == 0 {
		b.WriteString("default:\n" + g.block(1+g.n(2)))
	}
	g.loops = g.loops[:len(g.loops)-1]
	return b.String() + "}\n"
}

func (g *generator) typeSwitch() string {
	v := g.values(func(v *value) bool { return v.typ.kind == anything })
	if len(v) == 0 {
		return g.assignment()
	}
	x := g.use(pick(g, v))
	if g.n(3) == 0 {
		list := g.values(func(v *value) bool {
			return v.typ.kind <= boolean && !v.read && !v.pin && !(g.pure && isOwn(v)) && g.nameable(v.typ)
		})
		if len(list) > 0 {
			to := pick(g, list)
			return fmt.Sprintf("if held, ok := %s.(%s); ok {\n%s = held\n}\n", x, to.typ.name, g.set(to))
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

// jump leaves a loop, or goes on with its next turn.
func (g *generator) jump() string {
	var list []*loop
	for _, l := range g.loops {
		if l.depth == g.inFunc && l.label != "" {
			list = append(list, l)
		}
	}
	if len(list) == 0 {
		return g.assignment()
	}
	l := pick(g, list)
	l.used = true
	return fmt.Sprintf("if %s {\n%s %s\n}\n", g.condition(), pick(g, []string{"break", "continue", "continue"}), l.label)
}

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
		s += g.block(1 + g.n(2))
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
	s := fmt.Sprintf("%s = func(%s %s) %s {\n%s}(%s)\n", g.set(v), p.name, v.typ.name, v.typ.name, g.returning(1+g.n(2), v.typ), "NBARG")
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
			f := &routine{name: g.use(v) + "." + m.name, result: m.result, cost: 10}
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
			return fmt.Sprintf("%s = %s\n", g.set(pick(g, to)), call)
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

// selectStatement selects among channels of which one is ready.
func (g *generator) selectStatement() string {
	list := g.values(func(v *value) bool { return v.typ == intType && !v.read && !v.pin && !(g.pure && isOwn(v)) })
	if len(list) == 0 {
		return g.assignment()
	}
	to := pick(g, list)
	to.seen = true
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
