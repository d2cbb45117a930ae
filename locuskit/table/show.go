package table

import (
	"math"
	"strconv"
	"strings"

	"locuslab/locuskit/internal/sheet"
)

// HTML is the table as a notebook shows it; of a long table the first and last
// rows. A failed table shows its error.
func (t Table) HTML() string {
	if t.err != nil {
		return sheet.Sheet{Columns: []string{"error"}, Numeric: []bool{false}, Rows: 1,
			Row: func(int) []string { return []string{t.err.Error()} }}.HTML()
	}
	return t.sheet().HTML()
}

// String is the table as aligned text; the same rows as [Table.HTML].
func (t Table) String() string {
	if t.err != nil {
		return "table failed: " + t.err.Error()
	}
	return t.sheet().Text()
}

func (t Table) sheet() sheet.Sheet {
	numeric := make([]bool, len(t.cols))
	for i, c := range t.cols {
		numeric[i] = c.numbers()
	}
	return sheet.Sheet{Columns: t.Columns(), Numeric: numeric, Rows: t.rows, Notes: t.notes, Row: func(i int) []string {
		row := make([]string, len(t.cols))
		for j, c := range t.cols {
			row[j] = c.shown(i)
		}
		return row
	}}
}

// shown is a value as a table shows it: a number of a Float column with at most six
// decimals, as pandas has it. The column keeps all of it.
func (c *column) shown(i int) string {
	if c.kind != Float || c.null(i) {
		return c.text(i)
	}
	v := c.floats[i]
	if a := math.Abs(v); a != 0 && (a < 1e-4 || a >= 1e15) || math.IsNaN(v) {
		return strconv.FormatFloat(v, 'g', 7, 64)
	}
	text := strconv.FormatFloat(v, 'f', 6, 64)
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
}

// text is a value whole, "" for a null.
func (c *column) text(i int) string {
	if c.null(i) {
		return ""
	}
	switch c.kind {
	case Int:
		if c.instants {
			return instant(c.ints[i]).Format(instantLayout)
		}
		return strconv.FormatInt(c.ints[i], 10)
	case Float:
		return strconv.FormatFloat(c.floats[i], 'g', -1, 64)
	case Bool:
		return strconv.FormatBool(c.bools[i])
	}
	return c.str(i)
}
