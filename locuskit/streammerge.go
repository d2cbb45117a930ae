package locuskit

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"
)

// streamMerge combines aggregated parts of a stream in the order of the parts.
type streamMerge struct {
	ctx        context.Context // nil: cannot end
	keys       []string
	aggregates []Aggregate
	states     []Aggregate // what each part is aggregated to, named by place
	ahead      int         // parts that may wait for an earlier one

	mu      sync.Mutex
	turn    *sync.Cond
	waiting map[int]Table
	next    int
	pending []Table // merged when together they are larger than what is merged
	rows    int
	total   Table
	err     error
	stopped bool
}

// errStopped is what a part gets that could not be merged because another one
// failed or the context ended; the reason is known there.
var errStopped = errors.New("stopped")

func newStreamMerge(e execution, keys []string, aggregates []Aggregate) (*streamMerge, error) {
	if len(keys) == 0 {
		return nil, fmt.Errorf("name at least one column to group by")
	}
	m := &streamMerge{ctx: e.ctx, keys: keys, aggregates: aggregates, ahead: 4 * max(1, e.workers), waiting: make(map[int]Table)}
	m.turn = sync.NewCond(&m.mu)
	for _, a := range aggregates {
		if !a.streams() {
			return nil, fmt.Errorf("%s needs all values of a group at once: read the file into a Table for it", a.name)
		}
		m.states = append(m.states, partStates(a)...)
	}
	for i := range m.states {
		m.states[i].name = stateName(i)
	}
	return m, nil
}

func stateName(i int) string { return fmt.Sprintf("\x00%d", i) }

// partStates is what a part must say for an aggregate of the whole.
func partStates(a Aggregate) []Aggregate {
	switch a.op {
	case opMean:
		return []Aggregate{Count(a.column), Mean(a.column)}
	case opStd:
		return []Aggregate{Count(a.column), Mean(a.column), Std(a.column)}
	}
	return []Aggregate{a}
}

// columns is what must be read.
func (m *streamMerge) columns() []string {
	names := slices.Clone(m.keys)
	for _, a := range m.aggregates {
		if !slices.Contains(names, a.column) {
			names = append(names, a.column)
		}
	}
	return names
}

// take aggregates a part and merges it when its turn comes. Part -1 starts anew.
func (m *streamMerge) take(number int, t Table) error {
	if number < 0 {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.waiting, m.next, m.pending, m.rows, m.total, m.err = make(map[int]Table), 0, nil, 0, Table{}, nil
		m.stopped = false
		return nil
	}
	t.run = execution{ctx: m.ctx, anyOrder: true}
	part := t.GroupBy(m.keys...).Agg(m.states...)
	part.plan = nil
	m.mu.Lock()
	defer m.mu.Unlock()
	for part.err == nil && m.err == nil && !m.stopped && number >= m.next+m.ahead {
		m.turn.Wait()
	}
	if part.err != nil && m.err == nil {
		m.err = part.err
		m.turn.Broadcast()
	}
	if m.err != nil {
		return m.err
	}
	if m.stopped {
		return errStopped
	}
	m.waiting[number] = part
	for {
		part, ok := m.waiting[m.next]
		if !ok {
			return nil
		}
		delete(m.waiting, m.next)
		m.next++
		m.turn.Broadcast()
		m.pending = append(m.pending, part)
		if m.rows += part.rows; m.rows >= max(1<<15, 2*m.total.rows) {
			if m.err = m.merge(execution{ctx: m.ctx, anyOrder: true}); m.err != nil {
				return m.err
			}
		}
	}
}

// stop lets no part wait for an earlier one any longer.
func (m *streamMerge) stop() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.stopped = true
	m.turn.Broadcast()
}

// merge folds the pending parts into the total.
func (m *streamMerge) merge(e execution) error {
	parts := m.pending
	if len(m.total.cols) > 0 {
		parts = append([]Table{m.total}, parts...)
	}
	m.pending, m.rows = nil, 0
	if len(parts) == 0 {
		return nil
	}
	all, err := concat(e, parts)
	if err != nil {
		return err
	}
	by, err := groupingOf(e, all.cols[:len(m.keys)])
	if err != nil {
		return err
	}
	number := make([]int32, by.domain) // of a group in the result
	for i := range number {
		number[i] = -1
	}
	of := by.numbers(make([]int32, all.rows), 0, all.rows)
	for _, g := range of {
		number[g] = 0
	}
	var groups []int32
	by.walk(func(g int32) {
		if number[g] == 0 {
			number[g] = int32(len(groups))
			groups = append(groups, g)
		}
	})
	to := make([]int32, all.rows)
	for i, g := range of {
		to[i] = number[g]
	}
	cols := by.keys(m.keys, groups)
	states := all.cols[len(m.keys):]
	for _, a := range m.aggregates {
		n := len(partStates(a))
		merged, err := mergeStates(a, states[:n], to, len(groups))
		if err != nil {
			return err
		}
		cols, states = append(cols, merged...), states[n:]
	}
	m.total = Table{cols: cols, rows: len(groups)}
	return nil
}

// mergeStates merges rows of states of one aggregate into groups.
func mergeStates(a Aggregate, in []*column, to []int32, groups int) ([]*column, error) {
	first := in[0]
	switch a.op {
	case opMean, opStd:
		return mergeMoments(in, to, groups), nil
	case opMin, opMax:
		out := first.emptyLike(groups)
		out.valid = newBitmap(groups)
		for i, g := range to {
			if first.null(i) {
				continue
			}
			if !out.null(int(g)) {
				c := compareRows(first, i, out, int(g))
				if a.op == opMin && c >= 0 || a.op == opMax && c <= 0 {
					continue
				}
			}
			out.set(int(g), first, i)
		}
		return []*column{out}, nil
	}
	out := first.emptyLike(groups)
	out.valid = newBitmap(groups)
	for i, g := range to {
		if first.null(i) {
			continue
		}
		setBit(out.valid, int(g))
		if first.kind == Float {
			out.floats[g] += first.floats[i]
			continue
		}
		x, y := out.ints[g], first.ints[i]
		if s := x + y; (s > x) != (y > 0) && y != 0 {
			return nil, fmt.Errorf("%s: the sum of column %q in one group is about %.6g, beyond int64: take its Mean, or read the column as float", a.name, a.column, float64(x)+float64(y))
		}
		out.ints[g] = x + y
	}
	return []*column{out}, nil
}

// mergeMoments merges count, mean and, if there, standard deviation.
func mergeMoments(in []*column, to []int32, groups int) []*column {
	all := make([]moments, groups)
	for i, g := range to {
		n := float64(in[0].ints[i])
		if n == 0 {
			continue
		}
		part := moments{n: n, mean: in[1].floats[i]}
		if len(in) > 2 && n > 1 {
			part.squares = in[2].floats[i] * in[2].floats[i] * (n - 1)
		}
		all[g] = all[g].join(part)
	}
	counts, means, stds := make([]int64, groups), make([]float64, groups), make([]float64, groups)
	some, two := newBitmap(groups), newBitmap(groups)
	for g, m := range all {
		counts[g], means[g], stds[g] = int64(m.n), m.mean, math.Sqrt(m.squares/(m.n-1))
		if m.n > 0 {
			setBit(some, g)
		}
		if m.n > 1 {
			setBit(two, g)
		}
	}
	out := []*column{intColumn(in[0].name, counts, nil), floatColumn(in[1].name, means, some)}
	if len(in) > 2 {
		out = append(out, floatColumn(in[2].name, stds, two))
	}
	return out
}

// compareRows compares two values, neither null, of columns of one kind.
func compareRows(a *column, i int, b *column, k int) int {
	switch a.kind {
	case Int:
		return cmp.Compare(a.ints[i], b.ints[k])
	case Float:
		return cmp.Compare(orderedBits(a.floats[i]), orderedBits(b.floats[k]))
	}
	return cmp.Compare(a.dict.value(a.codes[i]), b.dict.value(b.codes[k]))
}

// set gives row k of c the value of row i of src, which has c's dictionary.
func (c *column) set(k int, src *column, i int) {
	setBit(c.valid, k)
	switch c.kind {
	case Int:
		c.ints[k] = src.ints[i]
	case Float:
		c.floats[k] = src.floats[i]
	case Bool:
		c.bools[k] = src.bools[i]
	case String:
		c.codes[k] = src.codes[i]
	}
}

// result is the aggregates of the whole stream.
func (m *streamMerge) result() (Table, error) {
	if err := m.merge(execution{ctx: m.ctx}); err != nil {
		return Table{}, err
	}
	if len(m.total.cols) == 0 {
		return Table{}, fmt.Errorf("the stream has no parts, so that its columns are not known")
	}
	cols := slices.Clone(m.total.cols[:len(m.keys)])
	states := m.total.cols[len(m.keys):]
	for _, a := range m.aggregates {
		n := len(partStates(a))
		c := *states[n-1]
		c.name = a.name
		if a.op == opCount {
			c.valid = nil
		}
		if c.valid != nil && c.nulls() == 0 {
			c.valid = nil
		}
		cols, states = append(cols, &c), states[n:]
	}
	t, err := newTable(cols)
	if err != nil {
		return Table{}, fmt.Errorf("%w with As", err)
	}
	return t, nil
}
