package table

import (
	"fmt"

	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/exec"
)

// Concat puts tables with the same columns, in names and kinds, one below the
// other. Dictionaries are joined. It runs as the first table's operations do.
func Concat(tables ...Table) (Table, error) {
	if len(tables) == 0 {
		return Table{}, nil
	}
	return concat(tables[0].run, tables)
}

func concat(e exec.Run, tables []Table) (Table, error) {
	if len(tables) == 0 {
		return Table{}, nil
	}
	rows := 0
	for i, t := range tables {
		if t.err != nil {
			return Table{}, fmt.Errorf("concat: table %d: %w", i+1, t.err)
		}
		if len(t.cols) != len(tables[0].cols) {
			return Table{}, fmt.Errorf("concat: table %d has %d columns and the first %d", i+1, len(t.cols), len(tables[0].cols))
		}
		rows += t.rows
	}
	cols := make([]*column.Column, len(tables[0].cols))
	for k, first := range tables[0].cols {
		parts := make([]*column.Column, len(tables))
		for i, t := range tables {
			c := t.cols[k]
			if c.Name != first.Name || c.Holds() != first.Holds() {
				return Table{}, fmt.Errorf("concat: column %d of table %d is %q (%s) and of the first %q (%s)", k+1, i+1, c.Name, c.Holds(), first.Name, first.Holds())
			}
			parts[i] = c
		}
		c, err := column.Concat(e, parts, rows)
		if err != nil {
			return Table{}, fmt.Errorf("concat: %w", err)
		}
		cols[k] = c
	}
	return Table{cols: cols, rows: rows, run: tables[0].run}, nil
}
