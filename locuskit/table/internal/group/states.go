package group

import (
	"cmp"
	"math"
	"math/bits"
	"slices"

	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/exec"
	"locuslab/locuskit/table/internal/large"
	"locuslab/locuskit/table/internal/stats"
)

// MergeStates merges rows of states of one aggregate into groups: row i into group to[i].
func MergeStates(e exec.Run, a Spec, in []*column.Column, to []int32, groups int) ([]*column.Column, error) {
	m := stateMerge{e.Quiet().Sequential(), to, groups}
	var out []*column.Column
	var err error
	switch a.Op {
	case OpSum:
		out, err = m.sums(in)
	case OpMean:
		if out, err = m.sums(in[:2]); err == nil {
			var counts *column.Column
			counts, err = m.counts(in[2])
			out = append(out, counts)
		}
	case OpStd:
		out, err = m.moments(in)
	case OpMin, OpMax:
		var c *column.Column
		c, err = m.extremes(in[0], a.Op == OpMax)
		out = []*column.Column{c}
	default:
		var c *column.Column
		c, err = m.counts(in[0])
		out = []*column.Column{c}
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

func (m stateMerge) counts(in *column.Column) (*column.Column, error) {
	out := in.EmptyLike(m.groups)
	return out, m.each(func(i int, g int32) { out.Ints[g] += in.Ints[i] })
}

// sums adds the words of integers' sums, and floats' sums themselves. A group that has no
// value anywhere stays null.
func (m stateMerge) sums(in []*column.Column) ([]*column.Column, error) {
	high, low := in[0].EmptyLike(m.groups), in[1].EmptyLike(m.groups)
	high.Valid, low.Valid = column.NewBitmap(m.groups), column.NewBitmap(m.groups)
	err := m.each(func(i int, g int32) {
		if in[0].Null(i) {
			return
		}
		column.SetBit(high.Valid, int(g))
		column.SetBit(low.Valid, int(g))
		if high.Kind == column.Float {
			high.Floats[g] += in[0].Floats[i]
			return
		}
		lo, carry := bits.Add64(uint64(low.Ints[g]), uint64(in[1].Ints[i]), 0)
		hi, _ := bits.Add64(uint64(high.Ints[g]), uint64(in[0].Ints[i]), carry)
		low.Ints[g], high.Ints[g] = int64(lo), int64(hi)
	})
	return []*column.Column{high, low}, err
}

func (m stateMerge) extremes(in *column.Column, largest bool) (*column.Column, error) {
	out := in.EmptyLike(m.groups)
	out.Valid = column.NewBitmap(m.groups)
	return out, m.each(func(i int, g int32) {
		if in.Null(i) {
			return
		}
		if !out.Null(int(g)) {
			c := compareRows(in, i, out, int(g))
			if !largest && c >= 0 || largest && c <= 0 {
				return
			}
		}
		out.Set(int(g), in, i)
	})
}

// moments merges count, mean and standard deviation.
func (m stateMerge) moments(in []*column.Column) ([]*column.Column, error) {
	all := make([]stats.Moments, m.groups)
	err := m.each(func(i int, g int32) {
		n := float64(in[0].Ints[i])
		if n == 0 {
			return
		}
		part := stats.Moments{N: n, Mean: in[1].Floats[i]}
		if n > 1 {
			part.Squares = in[2].Floats[i] * in[2].Floats[i] * (n - 1)
		}
		all[g] = all[g].Join(part)
	})
	counts, means, stds := large.Zeroed[int64](m.groups), large.Zeroed[float64](m.groups), large.Zeroed[float64](m.groups)
	some, two := column.NewBitmap(m.groups), column.NewBitmap(m.groups)
	for g, m := range all {
		counts[g], means[g], stds[g] = int64(m.N), m.Mean, math.Sqrt(m.Squares/(m.N-1))
		if m.N > 0 {
			column.SetBit(some, g)
		}
		if m.N > 1 {
			column.SetBit(two, g)
		}
	}
	return []*column.Column{column.OfInts(in[0].Name, counts, nil), column.OfFloats(in[1].Name, means, some), column.OfFloats(in[2].Name, stds, two)}, err
}

// Figure returns the result of an aggregate of merged states.
func (a Spec) Figure(states []*column.Column) (*column.Column, error) {
	c := *states[len(states)-1]
	switch {
	case a.Op == OpSum && states[0].Kind == column.Float:
		c = *states[0]
	case a.Op == OpSum:
		for g, low := range c.Ints {
			if high := states[0].Ints[g]; high != low>>63 {
				return nil, errSumTooLarge(a.Name, a.Column, stats.Wide{Hi: uint64(high), Lo: uint64(low)}.Float())
			}
		}
		c.Stats = new(column.IntStats)
	case a.Op == OpMean:
		means := make([]float64, c.N)
		for g, n := range c.Ints {
			if states[0].Kind == column.Float {
				means[g] = states[0].Floats[g] / float64(n)
			} else {
				means[g] = stats.Wide{Hi: uint64(states[0].Ints[g]), Lo: uint64(states[1].Ints[g])}.Float() / float64(n)
			}
		}
		c = *column.OfFloats(a.Name, means, states[0].Valid)
	}
	c.Name = a.Name
	if c.Valid != nil && c.Nulls() == 0 {
		c.Valid = nil
	}
	return &c, nil
}

// compareRows compares two values, neither null, of columns of one kind.
func compareRows(a *column.Column, i int, b *column.Column, k int) int {
	switch a.Kind {
	case column.Int:
		return cmp.Compare(a.Ints[i], b.Ints[k])
	case column.Float:
		return cmp.Compare(column.OrderedBits(a.Floats[i]), column.OrderedBits(b.Floats[k]))
	case column.Bool:
		return cmp.Compare(column.Bit(a.Bools[i]), column.Bit(b.Bools[k]))
	}
	return cmp.Compare(a.Dict.Value(a.Codes[i]), b.Dict.Value(b.Codes[k]))
}

// PartStates returns what a part must say for an aggregate of the whole.
func PartStates(a Spec) []Spec {
	switch a.Op {
	case OpSum:
		return []Spec{{Op: opSumHigh, Column: a.Column}, {Op: opSumLow, Column: a.Column}}
	case OpMean:
		return append(PartStates(Spec{Op: OpSum, Column: a.Column}), Spec{Op: OpCount, Column: a.Column})
	case OpStd:
		return []Spec{{Op: OpCount, Column: a.Column}, {Op: OpMean, Column: a.Column}, {Op: OpStd, Column: a.Column}}
	}
	return []Spec{a}
}

// Renumber gives each row the place of its group among the groups that have rows, in
// the order of the keys' values, and which groups those are.
func Renumber(e exec.Run, by *grouping, rows int) (to, groups []int32, err error) {
	e = e.Quiet().Sequential()
	place := slices.Repeat([]int32{-1}, by.domain)
	to = make([]int32, rows)
	err = e.Chunks(rows, exec.ChunkRows, func(_, from, end int) {
		copy(to[from:end], by.Numbers(to[from:end], from, end))
		for _, g := range to[from:end] {
			place[g] = 0
		}
	})
	if err != nil {
		return nil, nil, err
	}
	by.walk(func(g int32) {
		if place[g] == 0 {
			place[g] = int32(len(groups))
			groups = append(groups, g)
		}
	})
	return to, groups, e.Chunks(rows, exec.ChunkRows, func(_, from, end int) {
		for i, g := range to[from:end] {
			to[from+i] = place[g]
		}
	})
}
