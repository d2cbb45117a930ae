package table

import (
	"fmt"
	"slices"

	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/exec"
)

// Unique is the distinct values of a column, a table of that one column in the
// order of first appearance, null among them where there are nulls.
func (t Table) Unique(name string, opts ...Option) Table {
	t = t.with(opts)
	if t.err != nil {
		return t
	}
	doing := "unique " + name
	c, by, first, err := t.firstRows(name)
	if err != nil {
		return t.fail(doing, err)
	}
	rows, err := ascending(t.run, first, t.rows)
	if err != nil {
		return t.fail(doing, err)
	}
	one := t
	one.cols = []*column.Column{c}
	cols, err := one.take(rows)
	if err != nil {
		return t.fail(doing, err)
	}
	return t.derive(cols, len(rows), doing+" by "+by.how+": "+t.run.Explain(t.rows, exec.ChunkRows))
}

// UniqueParallel is [Table.Unique] on several goroutines.
func (t Table) UniqueParallel(name string, opts ...Option) Table {
	return t.Parallel(opts...).Unique(name)
}

// ascending is those of rows that are not missing, all below n, in order.
func ascending(e exec.Run, rows []uint32, n int) ([]uint32, error) {
	e = e.Quiet().Sequential()
	there, count := column.NewBitmap(n), 0
	err := e.Chunks(len(rows), exec.ChunkRows, func(_, from, to int) {
		for _, r := range rows[from:to] {
			if r != column.Missing {
				column.SetBit(there, int(r))
				count++
			}
		}
	})
	if err != nil {
		return nil, err
	}
	out := make([]uint32, 0, count)
	err = e.Chunks(n, exec.ChunkRows, func(_, from, to int) {
		for r := from; r < to; r++ {
			if column.Presence(there, r) != 0 {
				out = append(out, uint32(r))
			}
		}
	})
	return out, err
}

// firstRows is the first row of each group of equal values.
func (t Table) firstRows(name string) (*column.Column, *grouping, []uint32, error) {
	c, err := t.column(name)
	if err != nil {
		return nil, nil, nil, err
	}
	if t.rows >= 1<<32 {
		return nil, nil, nil, fmt.Errorf("%d rows are more than the 4,294,967,295 that this works on in memory", t.rows)
	}
	k, err := digitsOf(t.run, c)
	if err != nil {
		return nil, nil, nil, err
	}
	by := single(k)
	first := slices.Repeat([]uint32{column.Missing}, by.domain)
	fresh := func() []uint32 { return slices.Repeat([]uint32{column.Missing}, by.domain) }
	a := &aggregation{by: by}
	err = exec.Reduce(t.run, t.rows, a.chunk(), fresh, func(seen []uint32, from, to int) {
		buf := make([]int32, batchRows)
		for ; from < to; from += batchRows {
			for i, d := range by.numbers(buf, from, min(from+batchRows, to)) {
				seen[d] = min(seen[d], uint32(from+i))
			}
		}
	}, func(seen []uint32) {
		for d, r := range seen {
			first[d] = min(first[d], r)
			seen[d] = column.Missing
		}
	})
	return c, by, first, err
}

// NUnique is the number of distinct values of a column; nulls do not count, all
// NaNs are one value.
func (t Table) NUnique(name string, opts ...Option) (int, error) {
	n, err := t.with(opts).nunique(name)
	if err != nil {
		return 0, fmt.Errorf("count the distinct values of %s: %w", name, err)
	}
	return n, nil
}

// NUniqueParallel is [Table.NUnique] on several goroutines.
func (t Table) NUniqueParallel(name string, opts ...Option) (int, error) {
	return t.Parallel(opts...).NUnique(name)
}

func (t Table) nunique(name string) (int, error) {
	c, err := t.column(name)
	if err != nil {
		return 0, err
	}
	k, err := digitsOf(t.run, c)
	if err != nil {
		return 0, err
	}
	values := k.domain // without the null digit, which is the last
	if c.Valid != nil {
		values--
	} else if c.Kind == column.Bool {
		values = 2
	}
	if k.exact {
		return values, nil
	}
	seen, err := occurring(t.run, single(k), t.rows)
	if err != nil {
		return 0, err
	}
	n := 0
	for _, yes := range seen[:values] {
		if yes {
			n++
		}
	}
	return n, nil
}

// occurring tells which groups have rows.
func occurring(e exec.Run, by *grouping, rows int) ([]bool, error) {
	type marks struct {
		seen []bool
		buf  []int32
	}
	all := make([]bool, by.domain)
	a := &aggregation{by: by}
	fresh := func() marks { return marks{make([]bool, by.domain), make([]int32, batchRows)} }
	err := exec.Reduce(e, rows, a.chunk(), fresh, func(m marks, from, to int) {
		for ; from < to; from += batchRows {
			for _, d := range by.numbers(m.buf, from, min(from+batchRows, to)) {
				m.seen[d] = true
			}
		}
	}, func(m marks) {
		for d, yes := range m.seen {
			if yes {
				all[d], m.seen[d] = true, false
			}
		}
	})
	return all, err
}

// UniqueCounts is the number of distinct values of each named column.
func (t Table) UniqueCounts(names ...string) (map[string]int, error) {
	counts := make(map[string]int, len(names))
	for _, name := range names {
		n, err := t.NUnique(name)
		if err != nil {
			return nil, err
		}
		counts[name] = n
	}
	return counts, nil
}

// UniqueCountsParallel is [Table.UniqueCounts] on several goroutines.
func (t Table) UniqueCountsParallel(names ...string) (map[string]int, error) {
	return t.Parallel().UniqueCounts(names...)
}
