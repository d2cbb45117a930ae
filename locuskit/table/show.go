package table

import (
	"locuslab/locuskit/internal/sheet"
)

// HTML returns the table as a notebook shows it; of a long table the first and last
// rows. A failed table shows its error.
func (t Table) HTML() string {
	if t.err != nil {
		return sheet.Sheet{Columns: []string{"error"}, Numeric: []bool{false}, Rows: 1,
			Row: func(int) []string { return []string{t.err.Error()} }}.HTML()
	}
	return t.sheet().HTML()
}

// String returns the table as aligned text; the same rows as [Table.HTML].
func (t Table) String() string {
	if t.err != nil {
		return "table failed: " + t.err.Error()
	}
	return t.sheet().Text()
}

func (t Table) sheet() sheet.Sheet {
	numeric := make([]bool, len(t.cols))
	for i, c := range t.cols {
		numeric[i] = c.Numbers()
	}
	return sheet.Sheet{Columns: t.Columns(), Numeric: numeric, Rows: t.rows, Notes: t.notes, Row: func(i int) []string {
		row := make([]string, len(t.cols))
		for j, c := range t.cols {
			row[j] = c.Shown(i)
		}
		return row
	}}
}
