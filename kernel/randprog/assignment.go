package randprog

import "fmt"

// assignment changes a variable or a part of one.
func (g *generator) assignment() string {
	list := g.values(func(v *value) bool {
		return !v.read && !v.pin && v.typ.kind != function && !(g.pure && isOwn(v)) && g.nameable(v.typ)
	})
	if len(list) == 0 {
		return "_ = " + g.dynamic(intType, 1) + "\n"
	}
	v := pick(g, list)
	name := v.name
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
		of := g.basicType()
		return fmt.Sprintf("%s = %s(%s)\n", name, of.name, g.leaf(of))
	}
	if others := g.assignable(v.typ); len(others) > 1 && v.typ.kind != pointer && g.n(5) == 0 {
		if o := pick(g, others); o != v {
			return fmt.Sprintf("%s, %s = %s, %s\n", name, o.name, o.name, g.expr(v.typ, 2))
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
