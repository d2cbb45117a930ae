package table

import (
	"fmt"
	"strings"
	"sync"

	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/exec"
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
// two columns, a row a group, in ascending order of the key, nulls last.
func (t Table) GroupSum(key, value string, opts ...Option) Table {
	return t.with(opts).GroupBy(key).Agg(Sum(value).As(value))
}

// GroupSumParallel is [Table.GroupSum] on several goroutines.
func (t Table) GroupSumParallel(key, value string, opts ...Option) Table {
	return t.Parallel(opts...).GroupSum(key, value)
}

// Agg is a table of a row a group, in ascending order of the keys, nulls last:
// the key columns, then the aggregates.
func (g Groups) Agg(aggregates ...Aggregate) Table {
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

func (g Groups) aggregate(aggregates []Aggregate) ([]*column.Column, string, error) {
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
		c, err := t.column(a.column)
		if err == nil {
			err = a.check(c)
		}
		if err != nil {
			return nil, "", err
		}
		values[i] = c
	}
	grouped, err := groupingOf(t.run, keys)
	if err != nil {
		return nil, "", err
	}
	a := &aggregation{run: t.run, rows: t.rows, by: grouped, size: exec.ChunkRows}
	groups, err := a.collect(aggregates, values)
	if err != nil {
		return nil, "", err
	}
	out := grouped.keys(g.keys, groups)
	for i, agg := range aggregates {
		c, err := a.result(agg, values[i], groups)
		if err == nil {
			err = t.run.Cancelled()
		}
		if err != nil {
			return nil, "", err
		}
		out = append(out, c)
	}
	step := fmt.Sprintf("%d groups by %s; %s", len(groups), grouped.how, t.run.Explain(t.rows, a.size))
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
	mins   map[*column.Column]*extreme
	maxs   map[*column.Column]*extreme
	devs   map[*column.Column]*squares
	sorted map[*column.Column]*groupedValues
}

// chunk is how many rows a chunk has whose groups are merged: enough that merging
// costs little beside the rows.
func (a *aggregation) chunk() int {
	size := exec.ChunkRows
	for size < 8*a.by.domain && size < 1<<30 {
		size *= 2
	}
	return size
}

// collect runs over the rows and says which groups have any, in key order.
func (a *aggregation) collect(aggregates []Aggregate, values []*column.Column) ([]int32, error) {
	a.counts, a.sums = map[*column.Column]*rowCount{}, map[*column.Column]sumOfGroups{}
	a.mins, a.maxs = map[*column.Column]*extreme{}, map[*column.Column]*extreme{}
	a.devs, a.sorted = map[*column.Column]*squares{}, map[*column.Column]*groupedValues{}
	n := a.by.domain
	if !a.by.exact {
		a.count(nil)
	}
	for i, agg := range aggregates {
		c := values[i]
		switch agg.op {
		case opCount:
			a.count(c)
		case opMean, opStd:
			a.count(c)
			a.sum(c)
		case opSum, opSumHigh, opSumLow:
			if c.Valid != nil {
				a.count(c)
			}
			a.sum(c)
		case opMin, opMax:
			if c.Valid != nil {
				a.count(c)
			}
			into := a.mins
			if agg.op == opMax {
				into = a.maxs
			}
			if into[c] == nil {
				x, err := newExtreme(a.run, c, n, agg.op == opMax)
				if err != nil {
					return nil, err
				}
				into[c] = x
			}
		}
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
	if err := a.pass(totals); err != nil {
		return nil, err
	}
	if err := a.deviations(aggregates, values); err != nil {
		return nil, err
	}
	for i, agg := range aggregates {
		if c := values[i]; !agg.streams() && a.sorted[c] == nil {
			v, err := groupValues(a.run, a.by, c)
			if err != nil {
				return nil, err
			}
			a.sorted[c] = v
		}
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

// pass gives all rows to the accumulators. Those whose figures depend on the order
// get a part for each chunk, merged in the order of the chunks; of the others each
// goroutine has its own for all its chunks.
func (a *aggregation) pass(totals []accumulator) error {
	if len(totals) == 0 {
		return nil
	}
	var ordered, free []accumulator
	for _, t := range totals {
		if t.anyOrder() {
			free = append(free, t)
		} else {
			ordered = append(ordered, t)
		}
	}
	type partial struct {
		figures []accumulator
		buf     []int32
	}
	fresh := func() partial {
		p := partial{figures: twins(ordered)}
		if a.by.direct == nil {
			p.buf = make([]int32, batchRows)
		}
		return p
	}
	own := newShared(free)
	work := func(p partial, from, to int) {
		free := own.take()
		defer own.giveBack(free)
		for ; from < to && a.run.Cancelled() == nil; from += batchRows {
			groups := a.by.numbers(p.buf, from, min(from+batchRows, to))
			for _, f := range p.figures {
				f.add(groups, from)
			}
			for _, f := range free {
				f.add(groups, from)
			}
		}
	}
	a.size = exec.ChunkRows
	if len(ordered) > 0 {
		a.size = a.chunk()
	}
	err := exec.Reduce(a.run, a.rows, a.size, fresh, work, func(p partial) {
		for i, f := range p.figures {
			if a.run.Cancelled() != nil {
				return // nobody will see the totals
			}
			ordered[i].merge(f)
		}
	})
	if err != nil {
		return err
	}
	return own.collect(a.run)
}

func twins(of []accumulator) []accumulator {
	out := make([]accumulator, len(of))
	for i, a := range of {
		out[i] = a.twin()
	}
	return out
}

// sharedTotals lends accumulators to goroutines: the totals themselves to the
// first, twins to those that come while the totals are lent.
type sharedTotals struct {
	mu     sync.Mutex
	totals []accumulator
	lent   [][]accumulator // all sets but the totals, lent or not
	idle   [][]accumulator
}

func newShared(totals []accumulator) *sharedTotals {
	return &sharedTotals{totals: totals, idle: [][]accumulator{totals}}
}

func (s *sharedTotals) take() []accumulator {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := len(s.idle); n > 0 {
		set := s.idle[n-1]
		s.idle = s.idle[:n-1]
		return set
	}
	set := twins(s.totals)
	s.lent = append(s.lent, set)
	return set
}

func (s *sharedTotals) giveBack(set []accumulator) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.idle = append(s.idle, set)
}

// collect merges what was lent into the totals.
func (s *sharedTotals) collect(e exec.Run) error {
	for _, set := range s.lent {
		for i, a := range set {
			if err := e.Cancelled(); err != nil {
				return err
			}
			s.totals[i].merge(a)
		}
	}
	return nil
}

// deviations is the second pass that Std needs.
func (a *aggregation) deviations(aggregates []Aggregate, values []*column.Column) error {
	var totals []accumulator
	for i, agg := range aggregates {
		c := values[i]
		if agg.op != opStd || a.devs[c] != nil {
			continue
		}
		means := make([]float64, a.by.domain)
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
