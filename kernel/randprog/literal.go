package randprog

import (
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
)

func (g *generator) funcNames() []string { return slices.Sorted(maps.Keys(g.funcs)) }

func (g *generator) constants() iter.Seq2[string, *typ] {
	return func(yield func(string, *typ) bool) {
		for _, name := range slices.Sorted(maps.Keys(g.consts)) {
			if !yield(name, g.consts[name]) {
				return
			}
		}
	}
}

var texts = []string{`""`, `"a"`, `"_9"`, "`x_3`", `"nbStop"`, `"7"`, `"[8]"`, `"(9)"`, `"_4 // no"`, `"{"`, `"5"`}

// literal writes a value of a type.
func (g *generator) literal(t *typ) string {
	switch t.kind {
	case integer:
		return g.integerLiteral(t)
	case float:
		return pick(g, []string{"0.5", "1.25", "3", "1e3", "7.0", "-2.5", "0x1p-2"})
	case text:
		return pick(g, texts)
	case boolean:
		return pick(g, []string{"true", "false"})
	case slice:
		if g.n(8) == 0 {
			return t.name + "(nil)"
		}
		return t.name + "{" + g.elements(t.elem, 1+g.n(4)) + "}"
	case array:
		if t.len > 1 && g.n(5) == 0 {
			return fmt.Sprintf("%s{%d: %s}", t.name, t.len-1, g.expr(t.elem, 1))
		}
		return t.name + "{" + g.elements(t.elem, 1+g.n(t.len)) + "}"
	case mapping:
		if g.n(8) == 0 {
			return "make(" + t.name + ")"
		}
		// Equal constant keys are refused: one element, or keys that are no constants.
		entries := []string{g.literal(t.key) + ": " + g.expr(t.elem, 1)}
		if g.n(2) == 0 {
			entries = append(entries, g.dynamic(t.key, 1)+": "+g.expr(t.elem, 1))
		}
		return t.name + "{" + strings.Join(entries[len(entries)-1:], ", ") + "}"
	case pointer:
		if t.elem.kind == structure {
			return "&" + g.literal(t.elem)
		}
		return "new(" + t.elem.name + ")"
	case structure:
		if g.n(2) == 0 {
			var list []string
			for _, f := range t.fields {
				list = append(list, g.expr(f.typ, 1))
			}
			return t.name + "{" + strings.Join(list, ", ") + "}"
		}
		var list []string
		for _, f := range t.fields {
			if g.n(3) > 0 {
				list = append(list, f.name+": "+g.expr(f.typ, 1))
			}
		}
		return t.name + "{" + strings.Join(list, ", ") + "}"
	case anything:
		of := g.basicType()
		return "any(" + of.name + "(" + g.leaf(of) + "))"
	case function:
		return "(" + t.name + ")(nil)"
	}
	return "nil"
}

func (g *generator) elements(t *typ, n int) string {
	var list []string
	for range n {
		list = append(list, g.expr(t, 1))
	}
	return strings.Join(list, ", ")
}

// integerLiteral is a small number, often one that a cell may have as its own, or one
// at the end of the type's range.
func (g *generator) integerLiteral(t *typ) string {
	cell := 1 + len(g.pieces)/4
	switch g.n(10) {
	case 0:
		if g.n(2) == 0 && !t.unsigned {
			return []string{8: "-128", 16: "-32768", 32: "-2147483648", 64: "-9223372036854775808"}[t.bits]
		}
		if t.unsigned {
			return []string{8: "255", 16: "65535", 32: "4294967295", 64: "0xffffffffffffffff"}[t.bits]
		}
		return []string{8: "127", 16: "0x7fff", 32: "2147483647", 64: "9223372036854775807"}[t.bits]
	case 1:
		return pick(g, []string{"'a'", "0b101", "0o17", "0x1f", "1_0", "100"})
	case 2, 3:
		return fmt.Sprint(max(0, cell+g.n(5)-2) & 127)
	case 4:
		if !t.unsigned {
			return fmt.Sprint(-1 - g.n(9))
		}
	}
	return fmt.Sprint(g.n(13))
}
