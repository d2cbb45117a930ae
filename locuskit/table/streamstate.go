package table

import (
	"cmp"
	"math"
	"math/bits"

	"locuslab/locuskit/table/internal/exec"
)

// mergeStates merges rows of states of one aggregate into groups: row i into group to[i].
func mergeStates(e exec.Run, a Aggregate, in []*column, to []int32, groups int) ([]*column, error) {
	m := stateMerge{e.Quiet().Sequential(), to, groups}
	var out []*column
	var err error
	switch a.op {
	case opSum:
		out, err = m.sums(in)
	case opMean:
		if out, err = m.sums(in[:2]); err == nil {
			var counts *column
			counts, err = m.counts(in[2])
			out = append(out, counts)
		}
	case opStd:
		out, err = m.moments(in)
	case opMin, opMax:
		var c *column
		c, err = m.extremes(in[0], a.op == opMax)
		out = []*column{c}
	default:
		var c *column
		c, err = m.counts(in[0])
		out = []*column{c}
	}
	return out, err
}

// stateMerge is where rows of states go.
type stateMerge struct {
	run    exec.Run
	to     []int32
	groups int
}

// each gives f all rows and their groups, looking at the context now and then.
func (m stateMerge) each(f func(row int, group int32)) error {
	return m.run.Chunks(len(m.to), exec.ChunkRows, func(_, from, to int) {
		for i, g := range m.to[from:to] {
			f(from+i, g)
		}
	})
}

func (m stateMerge) counts(in *column) (*column, error) {
	out := in.emptyLike(m.groups)
	return out, m.each(func(i int, g int32) { out.ints[g] += in.ints[i] })
}

// sums adds the words of integers' sums, and floats' sums themselves. A group that has no
// value anywhere stays null.
func (m stateMerge) sums(in []*column) ([]*column, error) {
	high, low := in[0].emptyLike(m.groups), in[1].emptyLike(m.groups)
	high.valid, low.valid = newBitmap(m.groups), newBitmap(m.groups)
	err := m.each(func(i int, g int32) {
		if in[0].null(i) {
			return
		}
		setBit(high.valid, int(g))
		setBit(low.valid, int(g))
		if high.kind == Float {
			high.floats[g] += in[0].floats[i]
			return
		}
		lo, carry := bits.Add64(uint64(low.ints[g]), uint64(in[1].ints[i]), 0)
		hi, _ := bits.Add64(uint64(high.ints[g]), uint64(in[0].ints[i]), carry)
		low.ints[g], high.ints[g] = int64(lo), int64(hi)
	})
	return []*column{high, low}, err
}

func (m stateMerge) extremes(in *column, largest bool) (*column, error) {
	out := in.emptyLike(m.groups)
	out.valid = newBitmap(m.groups)
	return out, m.each(func(i int, g int32) {
		if in.null(i) {
			return
		}
		if !out.null(int(g)) {
			c := compareRows(in, i, out, int(g))
			if !largest && c >= 0 || largest && c <= 0 {
				return
			}
		}
		out.set(int(g), in, i)
	})
}

// moments merges count, mean and standard deviation.
func (m stateMerge) moments(in []*column) ([]*column, error) {
	all := make([]moments, m.groups)
	err := m.each(func(i int, g int32) {
		n := float64(in[0].ints[i])
		if n == 0 {
			return
		}
		part := moments{n: n, mean: in[1].floats[i]}
		if n > 1 {
			part.squares = in[2].floats[i] * in[2].floats[i] * (n - 1)
		}
		all[g] = all[g].join(part)
	})
	counts, means, stds := make([]int64, m.groups), make([]float64, m.groups), make([]float64, m.groups)
	some, two := newBitmap(m.groups), newBitmap(m.groups)
	for g, m := range all {
		counts[g], means[g], stds[g] = int64(m.n), m.mean, math.Sqrt(m.squares/(m.n-1))
		if m.n > 0 {
			setBit(some, g)
		}
		if m.n > 1 {
			setBit(two, g)
		}
	}
	return []*column{intColumn(in[0].name, counts, nil), floatColumn(in[1].name, means, some), floatColumn(in[2].name, stds, two)}, err
}

// figure is the result of an aggregate of merged states.
func (a Aggregate) figure(states []*column) (*column, error) {
	c := *states[len(states)-1]
	switch {
	case a.op == opSum && states[0].kind == Float:
		c = *states[0]
	case a.op == opSum:
		for g, low := range c.ints {
			if high := states[0].ints[g]; high != low>>63 {
				return nil, errSumTooLarge(a.name, a.column, wideFloat(uint64(high), uint64(low)))
			}
		}
		c.stats = new(intStats)
	case a.op == opMean:
		means := make([]float64, c.n)
		for g, n := range c.ints {
			if states[0].kind == Float {
				means[g] = states[0].floats[g] / float64(n)
			} else {
				means[g] = wideFloat(uint64(states[0].ints[g]), uint64(states[1].ints[g])) / float64(n)
			}
		}
		c = *floatColumn(a.name, means, states[0].valid)
	}
	c.name = a.name
	if c.valid != nil && c.nulls() == 0 {
		c.valid = nil
	}
	return &c, nil
}

// compareRows compares two values, neither null, of columns of one kind.
func compareRows(a *column, i int, b *column, k int) int {
	switch a.kind {
	case Int:
		return cmp.Compare(a.ints[i], b.ints[k])
	case Float:
		return cmp.Compare(orderedBits(a.floats[i]), orderedBits(b.floats[k]))
	case Bool:
		return cmp.Compare(bit(a.bools[i]), bit(b.bools[k]))
	}
	return cmp.Compare(a.dict.value(a.codes[i]), b.dict.value(b.codes[k]))
}

// bit is 1 for true.
func bit(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
