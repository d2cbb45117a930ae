package randprog

import (
	"fmt"
	"strings"
)

// Loops, in every form. What counts a loop's turns is not assigned to in its body but
// by what the form has for it, before anything that may continue the loop.

func (g *generator) loopStatement() string {
	turns := 1 + g.n(5)
	if g.turns*turns > 150 {
		return g.assignment()
	}
	saved := g.turns
	g.turns *= turns
	l := &loop{label: g.label(), depth: g.inFunc}
	g.loops = append(g.loops, l)
	before, s := g.loopForm(turns)
	g.loops = g.loops[:len(g.loops)-1]
	g.turns = saved
	if l.used {
		return before + l.label + ":\n" + s
	}
	return before + s
}

// counter is a variable that counts turns: one of the notebook's or of a block
// around, when there is one.
func (g *generator) counter() *value {
	if g.without["outerLoops"] {
		return nil
	}
	list := g.values(func(v *value) bool {
		return v.typ.kind == integer && !v.read && !v.pin && !(g.pure && isOwn(v)) && g.nameable(v.typ)
	})
	if len(list) == 0 {
		return nil
	}
	v := pick(g, list)
	return v
}

// loopForm writes a loop of about n turns, and what must go before it.
func (g *generator) loopForm(n int) (before, loop string) {
	c := g.counter()
	form := g.n(22)
	if c == nil && (form < 9 || form == 14) {
		form = 9
	}
	body := func() string {
		if c != nil {
			c.read = true
			defer func() { c.read = false }()
		}
		return "{\n" + g.block(1+g.n(4)) + "}\n"
	}
	head := func(first string) string { return strings.Replace(body(), "{\n", "{\n"+first+"\n", 1) }
	switch form {
	case 0, 1, 2:
		from := g.n(3)
		post := pick(g, []string{"%[1]s++", "%[1]s += 1", "%[1]s = %[1]s + 1"})
		return "", fmt.Sprintf("for %[1]s = %[2]d; %[1]s < %[3]d; "+post+" %[4]s", c.name, from, from+n, body())
	case 3:
		from := g.n(3)
		return fmt.Sprintf("%s = %d\n", c.name, from), fmt.Sprintf("for ; %[1]s < %[2]d; %[1]s++ %[3]s", c.name, from+n, body())
	case 4:
		return fmt.Sprintf("%s = 0\n", c.name), fmt.Sprintf("for %s < %d %s", c.name, n, head(c.name+"++"))
	case 5:
		return fmt.Sprintf("%s = 0\n", c.name), "for " + head(fmt.Sprintf("%[1]s++\nif %[1]s > %[2]d {\nbreak\n}", c.name, n))
	case 6: // shrinking
		return "", fmt.Sprintf("for %[1]s = %[2]d; %[1]s != 0; %[1]s %[3]s %[4]s", c.name, 1<<min(n, 6), pick(g, []string{">>= 1", "/= 2"}), body())
	case 7: // counting down
		return "", fmt.Sprintf("for %[1]s = %[2]d; %[1]s > 0; %[1]s-- %[3]s", c.name, n, body())
	case 8: // two indices
		other := g.counter()
		if other == nil || other == c || other.typ != c.typ {
			return "", fmt.Sprintf("for %[1]s = range %[2]s(%[3]d) %[4]s", c.name, c.typ.name, n, body())
		}
		other.read = true
		defer func() { other.read = false }()
		return "", fmt.Sprintf("for %[1]s, %[2]s = 0, %[3]d; %[1]s < %[2]s; %[1]s, %[2]s = %[1]s+1, %[2]s-1 %[4]s", c.name, other.name, 2*n, body())
	case 9, 10:
		c = nil
		return "", g.localLoop(n)
	case 11:
		c = nil
		return "", fmt.Sprintf("for range %d %s", n, body())
	case 12, 13, 14, 15, 16:
		c = nil
		return "", g.rangeLoop(n)
	case 17:
		c = nil
		return "", g.iteratorLoop(n)
	case 18:
		return "", g.mapLoop()
	case 19: // a post statement that calls
		if c == nil || g.pure {
			c = nil
			return "", g.localLoop(n)
		}
		return "", fmt.Sprintf("for %[1]s = 0; func() bool { return %[1]s < %[2]d }(); func() { %[1]s++ }() %[3]s", c.name, n, body())
	}
	return "", g.localLoop(n)
}

// localLoop counts with a variable of its own; closures hold on to each turn's.
func (g *generator) localLoop(n int) string {
	t := g.integerType()
	g.push()
	defer g.pop()
	v := g.local(t, true)
	conv := func(x string) string {
		if t == intType {
			return x
		}
		return t.name + "(" + x + ")"
	}
	switch g.n(4) {
	case 0:
		body := "_ = " + v.name + "\n" + g.block(1+g.n(4))
		return fmt.Sprintf("for %s := range %s {\n%s}\n", v.name, conv(fmt.Sprint(n)), body)
	case 1:
		return fmt.Sprintf("for %[1]s := %[2]s; %[1]s > 0; %[1]s-- {\n%[3]s}\n", v.name, conv(fmt.Sprint(n)), g.block(1+g.n(4)))
	}
	return fmt.Sprintf("for %[1]s := %[2]s; %[1]s < %[3]d; %[1]s++ {\n%[4]s}\n", v.name, conv("0"), n, g.block(1+g.n(4)))
}

// rangeLoop goes over a slice, an array or a string.
func (g *generator) rangeLoop(n int) string {
	list := g.values(func(v *value) bool { return (v.typ.kind == slice || v.typ.kind == array) && g.nameable(v.typ) })
	over, elem := "", (*typ)(nil)
	switch {
	case len(list) > 0 && g.n(4) > 0:
		v := pick(g, list)
		over, elem = v.name, v.typ.elem
		if v.typ.kind == slice {
			over = fmt.Sprintf("%[1]s[:min(len(%[1]s), %[2]d)]", over, n)
		} else if v.typ.len > n {
			over += fmt.Sprintf("[:%d]", n)
		}
	case g.n(3) == 0:
		over, elem = fmt.Sprintf("%q", pick(g, []string{"aé", "_9", "λx", "日"})), integerList[5]
	default:
		elem = g.basicType()
		over = fmt.Sprintf("([]%s{%s})", elem.name, g.elements(elem, n))
	}
	g.push()
	defer g.pop()
	if g.n(2) == 0 { // over variables that exist
		index, value := g.assignable(intType), g.assignable(elem)
		if len(index) > 0 && len(value) > 0 {
			i, v := pick(g, index), pick(g, value)
			if i != v {
				if g.n(3) == 0 {
					return fmt.Sprintf("for %s = range %s {\n%s}\n", i.name, over, g.block(1+g.n(3)))
				}
				return fmt.Sprintf("for %s, %s = range %s {\n%s}\n", i.name, v.name, over, g.block(1+g.n(3)))
			}
		}
	}
	head, keep := []string{"_", "_"}, ""
	for i, t := range []*typ{intType, elem} {
		if g.n(3) > 0 {
			v := g.local(t, i == 0)
			head[i] = v.name
			keep += "_ = " + v.name + "\n"
		}
	}
	names := strings.Join(head, ", ")
	switch {
	case keep == "":
		return fmt.Sprintf("for range %s {\n%s}\n", over, g.block(1+g.n(3)))
	case head[1] == "_" && g.n(2) == 0:
		names = head[0]
	}
	return fmt.Sprintf("for %s := range %s {\n%s%s}\n", names, over, keep, g.block(1+g.n(3)))
}

// iteratorLoop goes over a function.
func (g *generator) iteratorLoop(n int) string {
	t := g.basicInteger()
	over := fmt.Sprintf("func(yield func(%[1]s) bool) {\nfor each := range %[1]s(%[2]d) {\nif !yield(each * %[3]d) {\nreturn\n}\n}\n}", t.name, n, 1+g.n(3))
	if g.n(3) == 0 && t == intType {
		over = fmt.Sprintf("slices.Values([]int{%s})", g.elements(intType, n))
	}
	g.push()
	defer g.pop()
	if list := g.assignable(t); len(list) > 0 && g.n(2) == 0 {
		v := pick(g, list)
		v.read = true
		defer func() { v.read = false }()
		return fmt.Sprintf("for %s = range %s {\n%s}\n", v.name, over, g.block(1+g.n(3)))
	}
	v := g.local(t, true)
	return fmt.Sprintf("for %s := range %s {\n_ = %s\n%s}\n", v.name, over, v.name, g.block(1+g.n(3)))
}

// mapLoop goes over a map, and does what comes to the same in any order.
func (g *generator) mapLoop() string {
	list := g.values(func(v *value) bool {
		return v.typ.kind == mapping && v.typ.elem.kind == integer && v.typ.key.kind == integer && g.nameable(v.typ)
	})
	sums := g.assignable(intType)
	if len(sums) == 0 {
		return "_ = 0\n"
	}
	to := pick(g, sums)
	if len(list) > 0 && g.n(2) == 0 {
		return fmt.Sprintf("for key, elem := range %s {\n%s += int(key)*3 ^ int(elem)\n}\n", pick(g, list).name, to.name)
	}
	if g.n(2) == 0 {
		return fmt.Sprintf("for %s = range map[int]bool{%s: true} {\n%s}\n", to.name, g.expr(intType, 1), g.block(1))
	}
	return fmt.Sprintf("for _, key := range []string{\"x\", \"y\"} {\n%s += len(map[string]int{key: %s})\n}\n", to.name, g.expr(intType, 1))
}
