package table

import (
	"fmt"
	"strings"

	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/exec"
)

// Sort orders the rows by columns, the first one deciding first: "visits" for
// ascending, "-visits" for descending. It is stable: rows equal in all keys keep
// their order. Strings compare byte by byte; NaNs come after all numbers and
// nulls last, ascending or descending.
//
// Cost: keys are packed into one integer of as few bits as their values need,
// then sorted by radix, 11 bits a pass; 16 to 32 bytes a row while it runs.
func (t Table) Sort(keys ...string) Table {
	if t.err != nil {
		return t
	}
	doing := "sort by " + strings.Join(keys, ", ")
	if len(keys) == 0 {
		return t.fail("sort", fmt.Errorf("name at least one column"))
	}
	by, err := t.directions(keys)
	if err != nil {
		return t.fail(doing, err)
	}
	ordered, err := column.OrderBy(t.run, t.rows, by)
	if err != nil {
		return t.fail(doing, err)
	}
	cols, err := column.InOrder(t.run, t.cols, ordered)
	if err != nil {
		return t.fail(doing, err)
	}
	out := t.derive(cols, t.rows, doing+": "+t.run.Explain(t.rows, exec.ChunkRows))
	for i, c := range out.cols {
		c.Exact, c.Stats = t.cols[i].Exact, t.cols[i].Stats
	}
	return out
}

// directions finds the columns of sort keys such as "-visits".
func (t Table) directions(keys []string) ([]column.Direction, error) {
	by := make([]column.Direction, len(keys))
	for i, key := range keys {
		c, err := t.column(key)
		down := false
		if name, ok := strings.CutPrefix(key, "-"); ok && err != nil {
			c, err = t.column(name)
			down = true
		}
		if err != nil {
			return nil, err
		}
		by[i] = column.Direction{C: c, Down: down}
	}
	return by, nil
}

// SortParallel is [Table.Sort] on several goroutines.
func (t Table) SortParallel(keys ...string) Table { return t.Parallel().Sort(keys...) }
