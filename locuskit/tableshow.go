package locuskit

import "strconv"

// HTML is the table as a notebook shows it; of a long table the first and last
// rows. A failed table shows its error.
func (t Table) HTML() string {
	if t.err != nil {
		return sheet{columns: []string{"error"}, numeric: []bool{false}, rows: 1,
			row: func(int) []string { return []string{t.err.Error()} }}.html()
	}
	return t.sheet().html()
}

// String is the table as aligned text; the same rows as [Table.HTML].
func (t Table) String() string {
	if t.err != nil {
		return "table failed: " + t.err.Error()
	}
	return t.sheet().text()
}

func (t Table) sheet() sheet {
	numeric := make([]bool, len(t.cols))
	for i, c := range t.cols {
		numeric[i] = c.kind == Int || c.kind == Float
	}
	return sheet{columns: t.Columns(), numeric: numeric, rows: t.rows, row: func(i int) []string {
		row := make([]string, len(t.cols))
		for j, c := range t.cols {
			row[j] = c.text(i)
		}
		return row
	}}
}

// text is a value as displays and CSV files have it, "" for a null.
func (c *column) text(i int) string {
	if c.null(i) {
		return ""
	}
	switch c.kind {
	case Int:
		return strconv.FormatInt(c.ints[i], 10)
	case Float:
		return strconv.FormatFloat(c.floats[i], 'g', -1, 64)
	case Bool:
		return strconv.FormatBool(c.bools[i])
	}
	return c.dict.value(c.codes[i])
}
