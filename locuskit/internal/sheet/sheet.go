// Package sheet shows a list as a table, HTML for a notebook and aligned text for a terminal,
// of a long one its ends. It is told names and texts of cells, and knows nothing of what
// they are.
package sheet

import (
	"fmt"
	"html"
	"strconv"
	"strings"
	"unicode"

	"github.com/rivo/uniseg"
)

// Sheet is a list about to be shown: rows are made only for the ones that are.
type Sheet struct {
	Columns []string
	Numeric []bool // aligned right
	Rows    int
	Row     func(i int) []string
	Notes   []string // below it
}

const (
	mostRows = 60 // a longer list shows its first and last endRows
	endRows  = 5
	mostCell = 50 // characters; pandas' bound
)

// shown lists the indices to show, -1 for the gap.
func (s Sheet) shown() []int {
	var list []int
	for i := 0; i < s.Rows; i++ {
		if s.Rows > mostRows && i == endRows {
			list = append(list, -1)
			i = s.Rows - endRows
		}
		list = append(list, i)
	}
	return list
}

// cells are the texts of the row at index i, the index first.
func (s Sheet) cells(i int) []string {
	if i < 0 {
		gap := make([]string, len(s.Columns)+1)
		for j := range gap {
			gap[j] = "…"
		}
		return gap
	}
	cells := append([]string{strconv.Itoa(i)}, s.Row(i)...)
	for j, c := range cells {
		cells[j] = legible(c)
	}
	return cells
}

func (s Sheet) right(column int) bool { return column == 0 || s.Numeric[column-1] }

func (s Sheet) caption() string { return fmt.Sprintf("%d rows × %d columns", s.Rows, len(s.Columns)) }

// HTML returns the list as a table. It has no colours of its own, so that the notebook's theme, light or dark,
// decides; the class is the one that JupyterLab styles.
func (s Sheet) HTML() string {
	var b strings.Builder
	b.WriteString(`<table class="dataframe"><thead><tr><th></th>`)
	for j, c := range s.Columns {
		writeCell(&b, "th", c, s.right(j+1))
	}
	b.WriteString("</tr></thead><tbody>\n")
	for _, i := range s.shown() {
		b.WriteString("<tr>")
		for j, c := range s.cells(i) {
			tag := "td"
			if j == 0 {
				tag = "th"
			}
			writeCell(&b, tag, c, s.right(j))
		}
		b.WriteString("</tr>\n")
	}
	b.WriteString("</tbody></table>")
	if s.Rows > mostRows {
		fmt.Fprintf(&b, "<p>%s</p>", s.caption())
	}
	for _, note := range s.Notes {
		fmt.Fprintf(&b, "<p>%s</p>", html.EscapeString(clean(note)))
	}
	return b.String()
}

func writeCell(b *strings.Builder, tag, text string, right bool) {
	align := "left"
	if right {
		align = "right"
	}
	fmt.Fprintf(b, `<%s style="text-align:%s">%s</%s>`, tag, align, html.EscapeString(text), tag)
}

// Text returns the list as aligned lines.
func (s Sheet) Text() string {
	lines := [][]string{append([]string{""}, s.Columns...)}
	for _, i := range s.shown() {
		lines = append(lines, s.cells(i))
	}
	var b strings.Builder
	b.WriteString(Align(lines, s.right))
	if s.Rows > mostRows {
		fmt.Fprintf(&b, "\n\n%s", s.caption())
	}
	for _, note := range s.Notes {
		b.WriteString("\n" + clean(note))
	}
	return b.String()
}

// Align lays lines of cells out in columns, two spaces apart. right reports whether a column
// is aligned to the right, as numbers are; all lines have as many cells as the first.
func Align(lines [][]string, right func(column int) bool) string {
	widths := make([]int, len(lines[0]))
	for _, line := range lines {
		for j, c := range line {
			widths[j] = max(widths[j], uniseg.StringWidth(c))
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
			pad := strings.Repeat(" ", widths[j]-uniseg.StringWidth(c))
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

// legible shortens a cell and removes what would break a line or steer a terminal.
func legible(text string) string {
	text = clean(text)
	if runes := []rune(text); len(runes) > mostCell {
		return string(runes[:mostCell-3]) + "..."
	}
	return text
}

func clean(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, text)
}
