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
	parts := make([]column.Frame, len(tables))
	for i, t := range tables {
		if t.err != nil {
			return Table{}, fmt.Errorf("concat: table %d: %w", i+1, t.err)
		}
		parts[i] = column.Frame{Columns: t.cols, Rows: t.rows}
	}
	all, err := column.Stack(e, parts)
	if err != nil {
		return Table{}, fmt.Errorf("concat: %w", err)
	}
	return Table{cols: all.Columns, rows: all.Rows, run: tables[0].run}, nil
}
