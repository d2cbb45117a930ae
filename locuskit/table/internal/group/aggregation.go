// Package group numbers the groups of rows that have the same values in key columns, and computes figures of them: sums,
// counts, extremes, means, deviations, quantiles and distinct counts, whole or from the states of parts. It knows columns and
// no tables.
package group

import (
	"fmt"
	"slices"

	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/exec"
)

// Aggregate returns the key columns and a column of figures for each of aggregates, one row per group, and how it ran. values are
// the columns that the aggregates are of.
func Aggregate(e exec.Run, rows int, keys, values []*column.Column, aggregates []Spec) ([]*column.Column, string, error) {
	grouped, err := GroupingOf(e, keys)
	if err != nil {
		return nil, "", err
	}
	a := &aggregation{run: e, rows: rows, by: grouped, size: exec.ChunkRows}
	groups, err := a.collect(aggregates, values)
	if err != nil {
		return nil, "", err
	}
	names := make([]string, len(keys))
	for i, c := range keys {
		names[i] = c.Name
	}
	out := grouped.Keys(names, groups)
	for i, agg := range aggregates {
		c, err := a.result(agg, values[i], groups)
		if err == nil {
			err = e.Cancelled()
		}
		if err != nil {
			return nil, "", err
		}
		out = append(out, c)
	}
	step := fmt.Sprintf("%d groups by %s; %s", len(groups), grouped.How, e.Explain(rows, a.size))
	return out, step, nil
}

// aggregation computes figures of groups. Figures that several aggregates need
// (a mean is a sum and a count) are computed once.
type aggregation struct {
	run    exec.Run
	rows   int
	size   int // rows of a chunk of the latest pass
	by     *grouping
	counts map[*column.Column]*rowCount // nil key: rows
	sums   map[*column.Column]sumOfGroups
	mins   map[*column.Column]extremes
	maxs   map[*column.Column]extremes
	devs   map[*column.Column]*squares
	wholes map[*column.Column]*wholeGroups
}

// chunk returns how many rows a chunk has whose groups are merged: enough that merging
// costs little beside the rows.
func (a *aggregation) chunk() int {
	size := exec.ChunkRows
	for size < 8*a.by.domain && size < 1<<30 {
		size *= 2
	}
	return size
}

// collect runs over the rows and says which groups have any, in key order.
func (a *aggregation) collect(aggregates []Spec, values []*column.Column) ([]int32, error) {
	a.counts, a.sums = map[*column.Column]*rowCount{}, map[*column.Column]sumOfGroups{}
	a.mins, a.maxs = map[*column.Column]extremes{}, map[*column.Column]extremes{}
	a.devs, a.wholes = map[*column.Column]*squares{}, map[*column.Column]*wholeGroups{}
	n := a.by.domain
	if !a.by.exact {
		a.count(nil)
	}
	for i, agg := range aggregates {
		c := values[i]
		switch agg.Op {
		case OpCount:
			a.count(c)
		case OpMean, OpStd:
			a.count(c)
			a.sum(c)
		case OpSum, opSumHigh, opSumLow:
			if c.Valid != nil {
				a.count(c)
			}
			a.sum(c)
		case OpMin, OpMax:
			if c.Valid != nil {
				a.count(c)
			}
			into := a.mins
			if agg.Op == OpMax {
				into = a.maxs
			}
			if into[c] == nil {
				x, err := newExtremes(a.run, c, n, agg.Op == OpMax)
				if err != nil {
					return nil, err
				}
				into[c] = x
			}
		case OpQuantile, OpNUnique:
			if agg.Op == OpQuantile && c.Valid != nil {
				a.count(c)
			}
			if err := a.whole(agg, c); err != nil {
				return nil, err
			}
		}
	}
	if err := a.number(aggregates); err != nil {
		return nil, err
	}
	var totals []accumulator
	for _, x := range a.counts {
		totals = append(totals, x)
	}
	for _, x := range a.sums {
		totals = append(totals, x)
	}
	for _, x := range a.mins {
		totals = append(totals, x)
	}
	for _, x := range a.maxs {
		totals = append(totals, x)
	}
	for _, w := range a.wholes {
		if w.bits != nil {
			totals = append(totals, w.bits)
		}
	}
	if err := a.pass(totals); err != nil {
		return nil, err
	}
	if err := a.deviations(aggregates, values); err != nil {
		return nil, err
	}
	if err := a.collectWhole(); err != nil {
		return nil, err
	}
	groups := make([]int32, 0, n)
	present := a.counts[nil]
	walked, ended := 0, false
	a.by.walk(func(g int32) {
		if walked++; walked%exec.ChunkRows == 0 {
			ended = ended || a.run.Cancelled() != nil
		}
		if !ended && (present == nil || present.of(g) > 0) {
			groups = append(groups, g)
		}
	})
	return groups, a.run.Cancelled()
}

// count asks for the number of values of c, which is that of rows without nulls.
func (a *aggregation) count(c *column.Column) {
	if c != nil && c.Valid == nil {
		c = nil
	}
	if a.counts[c] == nil {
		a.counts[c] = newRowCount(c, a.by.domain)
	}
}

func (a *aggregation) countOf(c *column.Column) *rowCount {
	if c.Valid == nil {
		c = nil
	}
	return a.counts[c]
}

func (a *aggregation) sum(c *column.Column) {
	if a.sums[c] == nil {
		a.sums[c] = newSum(a.run, c, a.by.domain)
	}
}

// number keeps the groups of all rows where more than one pass asks for them.
func (a *aggregation) number(aggregates []Spec) error {
	again := slices.ContainsFunc(aggregates, func(agg Spec) bool { return agg.Op == OpStd })
	for _, w := range a.wholes {
		again = again || !w.computed()
	}
	if a.by.direct != nil || !again {
		return nil
	}
	numbers := make([]int32, a.rows)
	err := a.run.Quiet().Chunks(a.rows, exec.ChunkRows, func(_, from, to int) {
		for ; from < to; from += BatchRows {
			end := min(from+BatchRows, to)
			a.by.fill(numbers[from:end], from, end)
		}
	})
	a.by.direct = numbers
	return err
}

// deviations returns the second pass that Std needs.
func (a *aggregation) deviations(aggregates []Spec, values []*column.Column) error {
	var totals []accumulator
	for i, agg := range aggregates {
		c := values[i]
		if agg.Op != OpStd || a.devs[c] != nil {
			continue
		}
		means := make([]float64, slots(c, a.by.domain))
		err := a.run.Quiet().Chunks(len(means), exec.ChunkRows, func(_, from, to int) {
			for g := from; g < to; g++ {
				means[g] = a.mean(c, int32(g))
			}
		})
		if err != nil {
			return err
		}
		a.devs[c] = newSquares(c, means)
		totals = append(totals, a.devs[c])
	}
	return a.pass(totals)
}

func (a *aggregation) mean(c *column.Column, g int32) float64 {
	return a.sums[c].float(g) / float64(a.countOf(c).of(g))
}
