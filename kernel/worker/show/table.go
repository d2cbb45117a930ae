package show

import (
	"fmt"
	"html"
	"reflect"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	mostRows, endRows       = 60, 5 // a longer table shows its first and last rows
	mostColumns, endColumns = 30, 12
	mostCell                = 50  // characters of a cell as text
	mostHTML                = 400 // and as HTML, where a cell has several lines
)

// A table is what is shown of one.
type table struct {
	columns []string
	right   []bool // numbers
	rows    []row
	height  int // of the whole, in rows and columns
	width   int
	cut     bool   // the text of a cell is cut
	counted bool   // says how large it is even where all of it is shown
	entries bool   // is a map
	note    string // below it
}

type row struct {
	label string
	cells []string
	gap   bool // stands for rows that are left out
}

// ends are the indices to show of n, -1 for a gap.
func ends(n, most, end int) (list []int) {
	for i := 0; i < n; i++ {
		if n > most && i == end {
			list = append(list, -1)
			i = n - end
		}
		list = append(list, i)
	}
	return list
}

func (t *table) rowsCut() bool { return t.height > len(t.rows) }

// add appends a row.
func (t *table) add(label string, cells []string) {
	for _, c := range cells {
		if utf8.RuneCountInString(c) > mostCell {
			t.cut = true
		}
	}
	t.rows = append(t.rows, row{label: label, cells: cells})
}

func (t *table) addGap() { t.rows = append(t.rows, row{gap: true}) }

func (t *table) caption() string {
	switch {
	case !t.counted && !t.rowsCut() && t.width <= len(t.columns):
		return ""
	case t.entries:
		return fmt.Sprintf("%d entries", t.height)
	case t.width == 1:
		return count(t.height, "row")
	}
	return count(t.height, "row") + " × " + count(t.width, "column")
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// notes are the lines below the table.
func (t *table) notes() (list []string) {
	for _, n := range []string{t.caption(), t.note} {
		if n != "" {
			list = append(list, n)
		}
	}
	return list
}

// html has no colours of its own, so that the notebook's theme decides; the class is the
// one that JupyterLab styles.
func (t *table) html() string {
	var b strings.Builder
	cell := func(tag, text string, right bool) {
		align := "left"
		if right {
			align = "right"
		}
		fmt.Fprintf(&b, `<%s style="text-align:%s">%s</%s>`, tag, align, html.EscapeString(shorten(text, mostHTML)), tag)
	}
	b.WriteString(`<table class="dataframe"><thead><tr><th></th>`)
	for j, c := range t.columns {
		cell("th", c, t.right[j])
	}
	b.WriteString("</tr></thead><tbody>\n")
	for _, r := range t.rows {
		b.WriteString("<tr>")
		if r.gap {
			cell("th", "…", true)
		} else {
			cell("th", r.label, true)
		}
		for j := range t.columns {
			text := "…"
			if !r.gap && j < len(r.cells) {
				text = r.cells[j]
			} else if !r.gap {
				text = ""
			}
			cell("td", text, t.right[j])
		}
		b.WriteString("</tr>\n")
	}
	b.WriteString("</tbody></table>")
	for _, n := range t.notes() {
		b.WriteString("<p>" + html.EscapeString(n) + "</p>")
	}
	return b.String()
}

// text is the table as aligned lines.
func (t *table) text() string {
	lines := [][]string{append([]string{""}, t.columns...)}
	for _, r := range t.rows {
		line := make([]string, len(t.columns)+1)
		for j := range line {
			switch {
			case r.gap:
				line[j] = "…"
			case j == 0:
				line[j] = shorten(r.label, mostCell)
			case j <= len(r.cells):
				line[j] = shorten(r.cells[j-1], mostCell)
			}
		}
		lines = append(lines, line)
	}
	var b strings.Builder
	b.WriteString(Align(lines, func(j int) bool { return j > 0 && t.right[j-1] }))
	for i, n := range t.notes() {
		if i == 0 {
			b.WriteByte('\n')
		}
		b.WriteString("\n" + n)
	}
	return b.String()
}

func shorten(text string, most int) string {
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most-1]) + "…"
}

// cellText is a value in a cell of a table, on one line.
func cellText(v reflect.Value) string {
	inAny := v.Kind() == reflect.Interface
	for v.Kind() == reflect.Interface {
		v = v.Elem()
	}
	if isNil(v) && (!v.IsValid() || !speaks(v) || fmt.Sprint(v.Interface()) == "<nil>") {
		return "<nil>"
	}
	if text, ok := ownText(v); ok {
		return legible(text)
	}
	switch v.Kind() {
	case reflect.String:
		text := v.String()
		if inAny && v.Type() == reflect.TypeFor[string]() && looksTyped(text) {
			return strconv.Quote(text)
		}
		return legible(text)
	case reflect.Slice:
		if text, ok := asText(v); ok {
			return legible(text)
		}
	}
	r := &reader{left: 2 * mostHTML}
	return legible(flat(r.value(v, 2, 0)))
}

// isNil reports whether a value is nil and is shown as that: slices and maps are shown by their brackets.
func isNil(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Invalid:
		return true
	case reflect.Pointer, reflect.Func, reflect.Chan, reflect.UnsafePointer:
		return v.IsNil()
	}
	return false
}

// legible is a text that shows where it begins and ends.
func legible(text string) string {
	if len(text) > 8*mostHTML {
		text = beginning(text, 8*mostHTML)
	}
	if !utf8.ValidString(text) || strings.TrimSpace(text) != text || text == "<nil>" || strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return strconv.Quote(text)
	}
	return text
}

func isNumber(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64, reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32,
		reflect.Uint64, reflect.Float32, reflect.Float64, reflect.Complex64, reflect.Complex128:
		return true
	}
	return false
}
