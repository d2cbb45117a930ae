package table

import (
	"fmt"
	"strings"

	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/group"
)

// Groups is the rows of a table by the values of key columns, to be aggregated.
type Groups struct {
	t    Table
	keys []string
}

// GroupBy groups the rows by the values of the named columns. Nulls form a group
// of their own; so do NaNs.
func (t Table) GroupBy(keys ...string) Groups { return Groups{t, keys} }

// GroupSum adds the values of a column for each value of key: a table of those
// two columns, one row per group, in ascending order of the key, nulls last.
func (t Table) GroupSum(key, value string, opts ...Option) Table {
	return t.with(opts).GroupBy(key).Agg(Sum(value).As(value))
}

// GroupSumParallel is [Table.GroupSum] on several goroutines.
func (t Table) GroupSumParallel(key, value string, opts ...Option) Table {
	return t.Parallel(opts...).GroupSum(key, value)
}

// Agg returns a table with one row per group, in ascending order of the keys, nulls last:
// the key columns, then the aggregates.
func (g Groups) Agg(aggregates ...Aggregate) Table { return g.agg(specs(aggregates)) }

func (g Groups) agg(aggregates []group.Spec) Table {
	t := g.t
	if t.err != nil {
		return t
	}
	doing := "group by " + strings.Join(g.keys, ", ")
	out, step, err := g.aggregate(aggregates)
	if err != nil {
		return t.fail(doing, err)
	}
	result, err := newTable(out)
	if err != nil {
		return t.fail(doing, fmt.Errorf("%w with As", err))
	}
	return t.derive(result.cols, result.rows, doing+": "+step)
}

// AggParallel is [Groups.Agg] on several goroutines.
func (g Groups) AggParallel(aggregates ...Aggregate) Table {
	g.t = g.t.Parallel()
	return g.Agg(aggregates...)
}

func (g Groups) aggregate(aggregates []group.Spec) ([]*column.Column, string, error) {
	t := g.t
	if len(g.keys) == 0 {
		return nil, "", fmt.Errorf("name at least one column to group by")
	}
	keys := make([]*column.Column, len(g.keys))
	for i, name := range g.keys {
		c, err := t.column(name)
		if err != nil {
			return nil, "", err
		}
		keys[i] = c
	}
	values := make([]*column.Column, len(aggregates))
	for i, a := range aggregates {
		c, err := t.column(a.Column)
		if err == nil {
			err = a.Check(c)
		}
		if err != nil {
			return nil, "", err
		}
		values[i] = c
	}
	return group.Aggregate(t.run, t.rows, keys, values, aggregates)
}
