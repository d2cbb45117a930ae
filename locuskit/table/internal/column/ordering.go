package column

import (
	"fmt"

	"locuslab/locuskit/table/internal/exec"
)

// Direction is a column to sort by.
type Direction struct {
	C    *Column
	Down bool
}

// OrderBy returns the rows in the order that by says.
func OrderBy(e exec.Run, rows int, by []Direction) (Ordering, error) {
	if rows >= 1<<32 {
		return Ordering{}, fmt.Errorf("%d rows are more than the 4,294,967,295 that can be sorted in memory", rows)
	}
	var parts []SortKey
	for _, d := range by {
		if d.C.Valid != nil {
			parts = append(parts, NullsLast(d.C))
		}
		part, err := NewSortKey(e, d.C, d.Down)
		if err != nil {
			return Ordering{}, err
		}
		parts = append(parts, part)
	}
	return Order(e, rows, parts)
}

// InOrder returns the columns in an order. A key column is read off the sorted keys
// where they have all of it: in their order, and not row by row from all over the
// column.
func InOrder(e exec.Run, of []*Column, o Ordering) ([]*Column, error) {
	var rows []uint32
	cols := make([]*Column, len(of))
	for i, c := range of {
		taken, err := o.FromKeys(e, c)
		if taken == nil && err == nil {
			if rows == nil {
				rows, err = o.Rows(e)
			}
			if err == nil {
				taken, err = c.Take(e, rows)
			}
		}
		if err != nil {
			return nil, err
		}
		cols[i] = taken
	}
	return cols, nil
}

// TakeAll returns the rows of columns with the given numbers, in that order.
func TakeAll(e exec.Run, of []*Column, rows []uint32) ([]*Column, error) {
	cols := make([]*Column, len(of))
	for i, c := range of {
		taken, err := c.Take(e, rows)
		if err != nil {
			return nil, err
		}
		cols[i] = taken
	}
	return cols, nil
}
