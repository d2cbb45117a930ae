package table

import (
	"fmt"
	"strings"

	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/exec"
	"locuslab/locuskit/table/internal/group"
)

// Top returns the n rows of each group that come first in the order of keys, which are those of [Table.Sort], with all
// columns: groups in ascending order, rows of a group in that of keys, equal rows as they were.
//
//	visits.GroupBy("zone").Top(3, "-visits")
//
// Cost: that of sorting the table by the columns of the groups and the keys.
func (g Groups) Top(n int, keys ...string) Table {
	doing := fmt.Sprintf("top %d of each %s by %s", n, strings.Join(g.keys, ", "), strings.Join(keys, ", "))
	if len(keys) == 0 && g.t.err == nil {
		return g.t.fail(doing, fmt.Errorf("name at least one column to order by"))
	}
	return g.some(doing, n, keys, false)
}

// TopParallel is [Groups.Top] on several goroutines.
func (g Groups) TopParallel(n int, keys ...string) Table {
	g.t = g.t.Parallel()
	return g.Top(n, keys...)
}

// First returns the first n rows of each group with all columns: groups in ascending order, rows of a group as they were.
func (g Groups) First(n int, opts ...Option) Table {
	g.t = g.t.with(opts)
	return g.some(fmt.Sprintf("first %d of each %s", n, strings.Join(g.keys, ", ")), n, nil, false)
}

// FirstParallel is [Groups.First] on several goroutines.
func (g Groups) FirstParallel(n int, opts ...Option) Table {
	g.t = g.t.Parallel(opts...)
	return g.First(n)
}

// Last returns the last n rows of each group; see [Groups.First].
func (g Groups) Last(n int, opts ...Option) Table {
	g.t = g.t.with(opts)
	return g.some(fmt.Sprintf("last %d of each %s", n, strings.Join(g.keys, ", ")), n, nil, true)
}

// LastParallel is [Groups.Last] on several goroutines.
func (g Groups) LastParallel(n int, opts ...Option) Table {
	g.t = g.t.Parallel(opts...)
	return g.Last(n)
}

// some is up to n rows of each group from one of its ends.
func (g Groups) some(doing string, n int, keys []string, last bool) Table {
	t := g.t
	if t.err != nil {
		return t
	}
	picked, err := g.pick(n, keys, last)
	if err != nil {
		return t.fail(doing, err)
	}
	cols, err := column.TakeAll(t.run, t.cols, picked)
	if err != nil {
		return t.fail(doing, err)
	}
	return t.derive(cols, len(picked), doing+": "+t.run.Explain(t.rows, exec.ChunkRows))
}

func (g Groups) pick(n int, keys []string, last bool) ([]uint32, error) {
	t := g.t
	switch {
	case n < 0:
		return nil, fmt.Errorf("the number of rows must not be negative")
	case len(g.keys) == 0:
		return nil, fmt.Errorf("name at least one column to group by")
	}
	var by []column.Direction
	var cols []*column.Column
	for _, name := range g.keys {
		c, err := t.column(name)
		if err != nil {
			return nil, err
		}
		by, cols = append(by, column.Direction{C: c}), append(cols, c)
	}
	within, err := t.directions(keys)
	if err != nil {
		return nil, err
	}
	ordered, err := column.OrderBy(t.run, t.rows, append(by, within...))
	if err != nil {
		return nil, err
	}
	rows, err := ordered.Rows(t.run)
	if err != nil {
		return nil, err
	}
	return group.EndsOfGroups(t.run, cols, rows, n, last)
}

// ValueCounts returns how many rows have each value of a column, null among them where there are nulls: a table of the
// column and "count", the most frequent first, equally frequent ones in ascending order.
func (t Table) ValueCounts(name string, opts ...Option) Table {
	t = t.with(opts)
	if t.err != nil {
		return t
	}
	const count = "count"
	doing := "count the values of " + name
	c, err := t.column(name)
	if err == nil && name == count {
		err = fmt.Errorf("the counts need that name: rename the column")
	}
	if err != nil {
		return t.fail(doing, err)
	}
	two := t.derive([]*column.Column{c, column.OfBools(count, make([]bool, t.rows), nil)}, t.rows, doing)
	counted := two.GroupBy(name).Agg(Count(count).As(count))
	if counted.err != nil {
		return t.fail(doing, counted.err)
	}
	ordered, err := column.OrderBy(counted.run, counted.rows, []column.Direction{{C: counted.cols[1], Down: true}})
	if err != nil {
		return t.fail(doing, err)
	}
	cols, err := column.InOrder(counted.run, counted.cols, ordered)
	if err != nil {
		return t.fail(doing, err)
	}
	return t.derive(cols, counted.rows, doing+": "+t.run.Explain(t.rows, exec.ChunkRows))
}

// ValueCountsParallel is [Table.ValueCounts] on several goroutines.
func (t Table) ValueCountsParallel(name string, opts ...Option) Table {
	return t.Parallel(opts...).ValueCounts(name)
}
