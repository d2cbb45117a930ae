package show

import (
	"strings"
	"unicode"
)

// lineWidth is how long a line may be.
const lineWidth = 80

// fits reports whether a node may stand on one line behind an indent.
func (n *node) fits(indent int) bool { return n.room(lineWidth-indent) >= 0 }

// room is what is left of so many columns behind a node; negative where it does not fit.
func (n *node) room(columns int) int {
	if n.open == "" {
		if len(n.text) > 4*lineWidth || strings.Contains(n.text, "\n") {
			return -1
		}
		return columns - width(n.text)
	}
	columns -= width(n.open) + width(n.close) + width(n.rest)
	for i, p := range n.parts {
		if columns < 0 {
			return -1
		}
		if i > 0 {
			columns--
		}
		if p.label != "" {
			columns -= width(p.label) + 1
		}
		columns = p.value.room(columns)
	}
	return columns
}

// flat is a node on one line.
func flat(n *node) string {
	if n.open == "" {
		return n.text
	}
	var b strings.Builder
	writeFlat(&b, n)
	return b.String()
}

func writeFlat(b *strings.Builder, n *node) {
	if n.open == "" {
		b.WriteString(n.text)
		return
	}
	b.WriteString(n.open)
	for i, p := range n.parts {
		if i > 0 {
			b.WriteByte(' ')
		}
		if p.label != "" {
			b.WriteString(p.label + ":")
		}
		writeFlat(b, p.value)
	}
	if n.rest != "" {
		if len(n.parts) > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(n.rest)
	}
	b.WriteString(n.close)
}

// write writes a node, with its parts on lines of their own where they do not fit on one.
func write(b *strings.Builder, n *node, indent int) {
	if n.open == "" || n.flows || n.fits(indent) {
		b.WriteString(strings.ReplaceAll(flat(n), "\n", "\n"+strings.Repeat(" ", indent)))
		return
	}
	const step = 2
	b.WriteString(n.open)
	newLine := func(indent int) { b.WriteString("\n" + strings.Repeat(" ", indent)) }
	for _, p := range n.parts {
		newLine(indent + step)
		if p.label != "" {
			b.WriteString(p.label + ": ")
		}
		write(b, p.value, indent+step)
	}
	if n.rest != "" {
		newLine(indent + step)
		b.WriteString(n.rest)
	}
	newLine(indent)
	b.WriteString(n.close)
}

// Align lays lines of cells out in columns, two spaces apart. right reports whether a column
// is aligned to the right, as numbers are; all lines have as many cells as the first.
func Align(lines [][]string, right func(column int) bool) string {
	widths := make([]int, len(lines[0]))
	for _, line := range lines {
		for j, c := range line {
			widths[j] = max(widths[j], width(c))
		}
	}
	var b strings.Builder
	for n, line := range lines {
		if n > 0 {
			b.WriteByte('\n')
		}
		var l strings.Builder
		for j, c := range line {
			if j > 0 {
				l.WriteString("  ")
			}
			pad := strings.Repeat(" ", widths[j]-width(c))
			if right(j) {
				l.WriteString(pad + c)
			} else {
				l.WriteString(c + pad)
			}
		}
		b.WriteString(strings.TrimRight(l.String(), " "))
	}
	return b.String()
}

// width is how many columns of a terminal a text takes.
func width(text string) (n int) {
	for _, r := range text {
		switch {
		case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		case isWide(r):
			n += 2
		default:
			n++
		}
	}
	return n
}

// isWide reports whether a character takes two columns.
func isWide(r rune) bool {
	return r >= 0x1100 && (r <= 0x115F || r >= 0x2E80 && r <= 0xA4CF || r >= 0xAC00 && r <= 0xD7A3 || r >= 0xF900 && r <= 0xFAFF ||
		r >= 0xFE30 && r <= 0xFE6F || r >= 0xFF00 && r <= 0xFF60 || r >= 0xFFE0 && r <= 0xFFE6 || r >= 0x1F300 && r <= 0x1FAFF || r >= 0x20000 && r <= 0x3FFFD)
}
