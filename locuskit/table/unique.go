package table

import (
	"fmt"

	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/exec"
	"locuslab/locuskit/table/internal/group"
)

// Unique returns the distinct values of a column, a table of that one column in the
// order of first appearance, null among them where there are nulls.
func (t Table) Unique(name string, opts ...Option) Table {
	t = t.with(opts)
	if t.err != nil {
		return t
	}
	doing := "unique " + name
	c, err := t.column(name)
	if err != nil {
		return t.fail(doing, err)
	}
	by, first, err := group.FirstRows(t.run, c)
	if err != nil {
		return t.fail(doing, err)
	}
	rows, err := group.Ascending(t.run, first, t.rows)
	if err != nil {
		return t.fail(doing, err)
	}
	cols, err := column.TakeAll(t.run, []*column.Column{c}, rows)
	if err != nil {
		return t.fail(doing, err)
	}
	return t.derive(cols, len(rows), doing+" by "+by.How+": "+t.run.Explain(t.rows, exec.ChunkRows))
}

// UniqueParallel is [Table.Unique] on several goroutines.
func (t Table) UniqueParallel(name string, opts ...Option) Table {
	return t.Parallel(opts...).Unique(name)
}

// NUnique returns the number of distinct values of a column; nulls do not count, all
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
	return group.Distinct(t.run, c)
}

// UniqueCounts returns the number of distinct values of each named column.
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
