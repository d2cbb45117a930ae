package randprog

import (
	"fmt"
	"strconv"
	"strings"

	"locuslab/kernel/randprog/program"
)

// Expressions. Those of a statement's parts have no side effects, for Go leaves open
// in which order a variable is read and a function called; and each has a part that
// is no constant, for constants must not overflow.

// expr writes an expression of a type.
func (g *generator) expr(t *typ, depth int) string {
	if depth <= 0 || g.n(5) == 0 {
		return g.leaf(t)
	}
	if x := g.call(t, depth-1); x != "" && g.n(6) == 0 {
		return x
	}
	if x := g.part(t, depth-1); x != "" && g.n(4) == 0 {
		return x
	}
	switch t.kind {
	case integer:
		return g.integerExpr(t, depth-1)
	case float:
		switch g.n(5) {
		case 0:
			return fmt.Sprintf("float64(%s * %s)", g.dynamic(t, depth-1), g.expr(t, depth-1)) // rounded: no fused operations
		case 1:
			return fmt.Sprintf("float64(%s)", g.dynamic(g.integerType(), depth-1))
		case 2:
			return fmt.Sprintf("%s / %s", g.dynamic(t, 0), g.literal(t))
		}
		return fmt.Sprintf("(%s %s %s)", g.dynamic(t, depth-1), pick(g, []string{"+", "-"}), g.leaf(t))
	case text:
		return g.textExpr(t, depth-1)
	case boolean:
		return g.boolExpr(t, depth-1)
	}
	return g.leaf(t)
}

func (g *generator) integerExpr(t *typ, depth int) string {
	switch g.n(12) {
	case 0:
		return fmt.Sprintf("%s(%s)", t.name, g.dynamic(g.integerType(), depth))
	case 1:
		op := pick(g, []string{"/", "%"})
		return fmt.Sprintf("(%s %s (%s | 1))", g.dynamic(t, depth), op, g.dynamic(t, depth))
	case 2:
		return fmt.Sprintf("(%s %s (%s & %d))", g.dynamic(t, depth), pick(g, []string{"<<", ">>"}), g.dynamic(g.integerType(), 0), pick(g, []int{3, 7, 15}))
	case 3:
		return "(" + pick(g, []string{"-", "^"}) + g.dynamic(t, depth) + ")"
	case 4:
		if v := g.values(func(v *value) bool { return v.typ.kind == slice || v.typ.kind == mapping || v.typ.kind == text }); len(v) > 0 {
			return fmt.Sprintf("%s(len(%s))", t.name, pick(g, v).name)
		}
	case 5:
		return fmt.Sprintf("%s(%s, %s)", pick(g, []string{"min", "max"}), g.dynamic(t, depth), g.expr(t, depth))
	case 6:
		return fmt.Sprintf("(%s %s %s)", g.dynamic(t, depth), pick(g, []string{"/", "%"}), g.nonZero(t))
	}
	op := pick(g, []string{"+", "+", "-", "*", "&", "|", "^", "&^"})
	return fmt.Sprintf("(%s %s %s)", g.dynamic(t, depth), op, g.expr(t, depth))
}

func (g *generator) nonZero(t *typ) string {
	for {
		if l := g.literal(t); l != "0" && !strings.HasSuffix(l, "x0") && !strings.HasPrefix(l, program.Mark) {
			return l
		}
	}
}

func (g *generator) textExpr(t *typ, depth int) string {
	switch g.n(8) {
	case 0:
		return fmt.Sprintf("%s(strconv.Itoa(%s))", t.name, g.expr(intType, depth))
	case 1:
		if v := g.values(func(v *value) bool { return v.typ == t }); len(v) > 0 {
			x := pick(g, v).name
			return fmt.Sprintf("%s[min(len(%s), %d):]", x, x, g.n(4))
		}
	case 2:
		of := g.basicInteger()
		return fmt.Sprintf("%s(fmt.Sprint(%s(%s)))", t.name, of.name, g.expr(of, depth))
	case 3:
		return fmt.Sprintf("%s(rune('a' + %s & 15))", t.name, g.dynamic(integerList[5], 0))
	case 4:
		if v := g.values(func(v *value) bool { return v.typ == t }); len(v) > 0 {
			return fmt.Sprintf("%s(strings.ToUpper(string(%s)))", t.name, pick(g, v).name)
		}
	}
	if v := g.values(func(v *value) bool { return v.typ == t }); len(v) > 0 {
		x := pick(g, v).name
		return fmt.Sprintf("(%s[:min(len(%s), %d)] + %s)", x, x, 6+g.n(30), g.literal(t))
	}
	return g.literal(t)
}

func (g *generator) basicInteger() *typ {
	if g.n(2) == 0 {
		return intType
	}
	return g.integerType()
}

func (g *generator) boolExpr(t *typ, depth int) string {
	x := ""
	switch g.n(7) {
	case 0:
		return "!" + g.dynamic(t, depth)
	case 1, 2:
		return fmt.Sprintf("(%s %s %s)", g.dynamic(t, depth), pick(g, []string{"&&", "||"}), g.expr(t, depth))
	case 3:
		if v := g.values(func(v *value) bool {
			return v.typ.comparable() && v.typ.kind != pointer || v.typ.kind == pointer
		}); len(v) > 0 {
			a := pick(g, v)
			for _, b := range v {
				if b.typ == a.typ && b != a {
					x = fmt.Sprintf("(%s %s %s)", a.name, pick(g, []string{"==", "!="}), b.name)
				}
			}
		}
	}
	if x == "" {
		of := g.basicType()
		if of.kind == boolean {
			of = intType
		}
		x = fmt.Sprintf("(%s %s %s)", g.dynamic(of, depth), pick(g, []string{"==", "!=", "<", "<=", ">", ">="}), g.expr(of, depth))
	}
	if t != boolType {
		return t.name + x
	}
	return x
}

// dynamic writes an expression that is no constant.
func (g *generator) dynamic(t *typ, depth int) string {
	v := g.values(func(v *value) bool { return v.typ == t })
	if depth > 0 && len(v) > 0 && g.n(3) > 0 {
		return g.expr2(t, depth)
	}
	if len(v) > 0 {
		return pick(g, v).name
	}
	if t.kind == integer {
		if v := g.values(func(v *value) bool { return v.typ.kind == integer }); len(v) > 0 {
			return fmt.Sprintf("%s(%s)", t.name, pick(g, v).name)
		}
	}
	if t.kind == structure || t.kind == pointer || t.kind == function || t.kind == anything {
		return g.literal(t)
	}
	return fmt.Sprintf("[]%s{%s}[0]", t.name, g.literal(t))
}

// expr2 is an expression that is no leaf, so no constant either.
func (g *generator) expr2(t *typ, depth int) string {
	switch t.kind {
	case integer:
		return g.integerExpr(t, depth-1)
	case boolean:
		return g.boolExpr(t, depth-1)
	case float:
		return fmt.Sprintf("(%s + %s)", g.dynamic(t, 0), g.leaf(t))
	}
	return g.dynamic(t, 0)
}

// leaf is a variable or a literal.
func (g *generator) leaf(t *typ) string {
	v := g.values(func(v *value) bool { return v.typ == t })
	if len(v) > 0 && g.n(3) > 0 {
		return pick(g, v).name
	}
	for name, of := range g.constants() {
		if of == t && !g.hidden(name) && g.n(3) == 0 {
			return program.Mark + name
		}
	}
	return g.literal(t)
}

// part is a part of a variable: a field, an element.
func (g *generator) part(t *typ, depth int) string {
	list := g.values(func(v *value) bool {
		switch v.typ.kind {
		case slice, array, mapping:
			return v.typ.elem == t
		case pointer:
			return v.safe && (v.typ.elem == t || fieldOf(v.typ.elem, t) != "")
		case structure:
			return fieldOf(v.typ, t) != ""
		}
		return false
	})
	if len(list) == 0 {
		return ""
	}
	v := pick(g, list)
	name := v.name
	switch v.typ.kind {
	case array:
		return fmt.Sprintf("%s[%s]", name, g.index(v.typ.len, depth))
	case slice:
		return fmt.Sprintf("append(%s[:len(%s):len(%s)], %s)[%s]", name, name, name, g.literal(t), "0")
	case mapping:
		return fmt.Sprintf("%s[%s]", name, g.expr(v.typ.key, depth))
	case pointer:
		if v.typ.elem == t {
			return "*" + name
		}
		return name + "." + fieldOf(v.typ.elem, t)
	}
	return name + "." + fieldOf(v.typ, t)
}

func fieldOf(s, t *typ) string {
	if s.kind != structure {
		return ""
	}
	for _, f := range s.fields {
		if f.typ == t {
			return f.name
		}
	}
	return ""
}

// index is an index below n.
func (g *generator) index(n, depth int) string {
	if g.n(3) == 0 {
		return strconv.Itoa(g.n(n))
	}
	return fmt.Sprintf("uint(%s)%%%d", g.dynamic(g.integerType(), depth), n)
}

// call is a call of a function, closure or method that changes nothing.
func (g *generator) call(t *typ, depth int) string {
	var list []string
	for _, name := range g.funcNames() {
		f := g.funcs[name]
		if f.pure && f.result == t && !g.hidden(name) && g.work+g.turns*f.cost < maxWork {
			list = append(list, name)
		}
	}
	if len(list) > 0 && g.n(2) == 0 {
		f := g.funcs[pick(g, list)]
		g.work += g.turns * f.cost
		return fmt.Sprintf("%s(%s)", f.name, g.args(f.params, depth))
	}
	closures := g.values(func(v *value) bool { return v.typ.kind == function && v.pure && v.typ.result == t })
	if len(closures) > 0 && g.n(2) == 0 {
		v := pick(g, closures)
		return fmt.Sprintf("%s(%s)", v.name, g.args(v.typ.params, depth))
	}
	for _, v := range g.values(func(v *value) bool { return v.typ.kind == structure }) {
		for _, m := range v.typ.methods {
			if m.pure && m.result == t && g.n(2) == 0 {
				var params []*typ
				if m.param != nil {
					params = append(params, m.param)
				}
				return fmt.Sprintf("%s.%s(%s)", v.name, m.name, g.args(params, depth))
			}
		}
	}
	return ""
}

func (g *generator) args(params []*typ, depth int) string {
	var list []string
	for _, p := range params {
		list = append(list, g.expr(p, depth))
	}
	return strings.Join(list, ", ")
}
