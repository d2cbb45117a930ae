package table

import (
	"fmt"
	"slices"

	"locuslab/locuskit/table/internal/column"
)

// ConcatByName puts tables one below the other by the names of their columns, whose order is that of their first appearance:
// a table that lacks a column has nulls there. Columns of one name are of one kind; see [Table.Cast]. It runs as
// the first table's operations do.
func ConcatByName(tables ...Table) (Table, error) {
	if len(tables) == 0 {
		return Table{}, nil
	}
	var all []*column.Column // the first of each name
	for i, t := range tables {
		if t.err != nil {
			return Table{}, fmt.Errorf("concat by name: table %d: %w", i+1, t.err)
		}
		for _, c := range t.cols {
			at := slices.IndexFunc(all, func(have *column.Column) bool { return have.Name == c.Name })
			if at < 0 {
				all = append(all, c)
			} else if first := all[at]; first.Holds() != c.Holds() {
				return Table{}, fmt.Errorf("concat by name: column %q holds %s values in table %d and %s before: cast one of them", c.Name, c.Holds(), i+1, first.Holds())
			}
		}
	}
	whole := slices.Clone(tables)
	for i, t := range tables {
		cols := make([]*column.Column, len(all))
		for k, c := range all {
			at := slices.IndexFunc(t.cols, func(have *column.Column) bool { return have.Name == c.Name })
			if at >= 0 {
				cols[k] = t.cols[at]
				continue
			}
			cols[k] = c.EmptyLike(t.rows)
			cols[k].Valid = column.NewBitmap(t.rows)
		}
		whole[i].cols = cols
	}
	t, err := concat(tables[0].run, whole)
	if err != nil {
		return Table{}, fmt.Errorf("concat by name: %w", err)
	}
	return t, nil
}
