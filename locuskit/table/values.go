package table

import (
	"fmt"
	"time"

	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/exec"
)

// New makes a table of Go slices, columns in the order of names; a slice is
// []int64, []int, []float64, []string, []bool or []time.Time, and the table keeps []int64,
// []float64 and []bool without copying: do not write to them afterwards.
func New(names []string, slices ...any) (Table, error) {
	if len(names) != len(slices) {
		return Table{}, fmt.Errorf("make a table: %d names for %d columns", len(names), len(slices))
	}
	cols := make([]*column.Column, len(names))
	for i, name := range names {
		switch v := slices[i].(type) {
		case []int64:
			cols[i] = column.OfInts(name, v, nil)
		case []int:
			ints := make([]int64, len(v))
			for k, x := range v {
				ints[k] = int64(x)
			}
			cols[i] = column.OfInts(name, ints, nil)
		case []float64:
			cols[i] = column.OfFloats(name, v, nil)
		case []bool:
			cols[i] = column.OfBools(name, v, nil)
		case []time.Time:
			ints := make([]int64, len(v))
			for k, at := range v {
				var err error
				if ints[k], err = column.InstantOf(at); err != nil {
					return Table{}, fmt.Errorf("make a table: column %q, row %d: %w", name, k+1, err)
				}
			}
			cols[i] = column.OfInstants(name, ints, nil)
		case []string:
			c, err := column.OfStrings(name, v)
			if err != nil {
				return Table{}, fmt.Errorf("make a table: %w", err)
			}
			cols[i] = c
		default:
			return Table{}, fmt.Errorf("make a table: column %q is %T: want []int64, []int, []float64, []string, []bool or []time.Time", name, v)
		}
	}
	t, err := newTable(cols)
	if err != nil {
		return Table{}, fmt.Errorf("make a table: %w", err)
	}
	return t, nil
}

// Kind returns what a column holds.
func (t Table) Kind(name string) (column.Kind, error) {
	c, err := t.column(name)
	if err != nil {
		return 0, err
	}
	return c.Holds(), nil
}

// Ints returns the values of an int column and which of them are not null (nil: all
// of them). The slice is the table's own memory: do not write to it.
func (t Table) Ints(name string) (values []int64, valid []bool, err error) {
	c, err := t.column(name)
	if err == nil && c.Holds() != column.Int {
		err = fmt.Errorf("column %q holds %s values, not int", name, c.Holds())
	}
	if err != nil {
		return nil, nil, err
	}
	valid, err = c.Validity(t.run)
	return c.Ints, valid, err
}

// Floats returns the values of a column of numbers and which of them are not null
// (nil: all of them). For a float column the slice is the table's own memory:
// do not write to it.
func (t Table) Floats(name string) (values []float64, valid []bool, err error) {
	c, err := t.numeric(name)
	if err != nil {
		return nil, nil, err
	}
	if values, err = c.AsFloats(t.run); err != nil {
		return nil, nil, err
	}
	valid, err = c.Validity(t.run)
	return values, valid, err
}

// Strings returns the values of a string column; "" stands for a null.
func (t Table) Strings(name string) ([]string, error) {
	c, err := t.column(name)
	if err == nil && c.Kind != column.String {
		err = fmt.Errorf("column %q holds %s values, not string", name, c.Kind)
	}
	if err != nil {
		return nil, err
	}
	out := make([]string, c.N)
	return out, t.run.Chunks(c.N, exec.ChunkRows, func(_, from, to int) {
		for i := from; i < to; i++ {
			if !c.Null(i) {
				out[i] = c.Str(i)
			}
		}
	})
}
