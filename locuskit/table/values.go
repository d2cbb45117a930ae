package table

import (
	"fmt"
	"time"

	"locuslab/locuskit/table/internal/exec"
)

// New makes a table of Go slices, columns in the order of names; a slice is
// []int64, []int, []float64, []string, []bool or []time.Time, and the table keeps []int64,
// []float64 and []bool without copying: do not write to them afterwards.
func New(names []string, slices ...any) (Table, error) {
	if len(names) != len(slices) {
		return Table{}, fmt.Errorf("make a table: %d names for %d columns", len(names), len(slices))
	}
	cols := make([]*column, len(names))
	for i, name := range names {
		switch v := slices[i].(type) {
		case []int64:
			cols[i] = intColumn(name, v, nil)
		case []int:
			ints := make([]int64, len(v))
			for k, x := range v {
				ints[k] = int64(x)
			}
			cols[i] = intColumn(name, ints, nil)
		case []float64:
			cols[i] = floatColumn(name, v, nil)
		case []bool:
			cols[i] = boolColumn(name, v, nil)
		case []time.Time:
			ints := make([]int64, len(v))
			for k, at := range v {
				var err error
				if ints[k], err = instantOf(at); err != nil {
					return Table{}, fmt.Errorf("make a table: column %q, row %d: %w", name, k+1, err)
				}
			}
			cols[i] = timeColumn(name, ints, nil)
		case []string:
			c, err := encodeStrings(name, v)
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

func encodeStrings(name string, values []string) (*column, error) {
	b := newDictionaryBuilder()
	codes := make([]int32, len(values))
	for i, s := range values {
		codes[i] = b.add(s)
	}
	if b.full {
		return nil, errDictionaryFull(name)
	}
	c := stringColumn(name, codes, b.build(), nil)
	c.exact = true
	return c, c.checkText(exec.Run{})
}

func errDictionaryFull(name string) error {
	return fmt.Errorf("column %q: its distinct strings exceed 2 GiB, the most that one dictionary holds: leave the column out or read the file in parts", name)
}

// Kind returns what a column holds.
func (t Table) Kind(name string) (Kind, error) {
	c, err := t.column(name)
	if err != nil {
		return 0, err
	}
	return c.holds(), nil
}

// Ints is the values of an int column and which of them are not null (nil: all
// of them). The slice is the table's own memory: do not write to it.
func (t Table) Ints(name string) (values []int64, valid []bool, err error) {
	c, err := t.column(name)
	if err == nil && c.holds() != Int {
		err = fmt.Errorf("column %q holds %s values, not int", name, c.holds())
	}
	if err != nil {
		return nil, nil, err
	}
	valid, err = c.validity(t.run)
	return c.ints, valid, err
}

// Floats is the values of a column of numbers and which of them are not null
// (nil: all of them). For a float column the slice is the table's own memory:
// do not write to it.
func (t Table) Floats(name string) (values []float64, valid []bool, err error) {
	c, err := t.numeric(name)
	if err != nil {
		return nil, nil, err
	}
	if values, err = c.asFloats(t.run); err != nil {
		return nil, nil, err
	}
	valid, err = c.validity(t.run)
	return values, valid, err
}

// Strings is the values of a string column; "" stands for a null.
func (t Table) Strings(name string) ([]string, error) {
	c, err := t.column(name)
	if err == nil && c.kind != String {
		err = fmt.Errorf("column %q holds %s values, not string", name, c.kind)
	}
	if err != nil {
		return nil, err
	}
	out := make([]string, c.n)
	return out, t.run.Chunks(c.n, exec.ChunkRows, func(_, from, to int) {
		for i := from; i < to; i++ {
			if !c.null(i) {
				out[i] = c.str(i)
			}
		}
	})
}

func (c *column) asFloats(e exec.Run) ([]float64, error) {
	if c.kind == Float {
		return c.floats, nil
	}
	out := make([]float64, c.n)
	return out, e.Chunks(c.n, exec.ChunkRows, func(_, from, to int) {
		for i, v := range c.ints[from:to] {
			out[from+i] = float64(v)
		}
	})
}

func (c *column) validity(e exec.Run) ([]bool, error) {
	if c.valid == nil {
		return nil, nil
	}
	out := make([]bool, c.n)
	return out, e.Chunks(c.n, exec.ChunkRows, func(_, from, to int) {
		for i := from; i < to; i++ {
			out[i] = !c.null(i)
		}
	})
}
