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
		args = append(args, pick(g, v).name)
	}
	if g.n(4) == 0 {
		t := g.basicType()
		args = append(args, t.name+"("+g.literal(t)+")")
	}
	return "fmt.Println(" + strings.Join(args, ", ") + ")\n"
}

func (g *generator) ifStatement() string {
	head := ""
	g.push()
	if g.n(3) == 0 {
		t := g.basicType()
		x := g.expr(t, 1)
		if list := g.assignable(t); len(list) > 0 && g.n(2) == 0 {
			head = fmt.Sprintf("%s = %s; ", pick(g, list).name, x)
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
	word := pick(g, []string{"break", "continue", "continue"})
	if l.once {
		word = "break"
	}
	return fmt.Sprintf("if %s {\n%s %s\n}\n", g.condition(), word, l.label)
}
