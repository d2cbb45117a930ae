package group

import (
	"fmt"
	"math"

	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/exec"
	"locuslab/locuskit/table/internal/large"
)

// result returns the column of one aggregate.
func (a *aggregation) result(agg Spec, c *column.Column, groups []int32) (*column.Column, error) {
	var out *column.Column
	needed := int64(1) // values that a group must have
	switch agg.Op {
	case OpCount:
		return column.OfInts(agg.Name, a.countsOf(c, groups), nil), nil
	case OpSum:
		col, err := a.sumColumn(agg.Name, c, groups)
		if err != nil {
			return nil, err
		}
		out = col
	case opSumHigh, opSumLow:
		out = a.sumWords(agg, c, groups)
	case OpMean:
		out = a.means(agg.Name, c, groups)
	case OpStd:
		needed = 2
		out = a.floats(agg.Name, groups, func(g int32) float64 {
			return math.Sqrt(a.devs[c].s[g] / float64(a.countOf(c).of(g)-1))
		})
	case OpMin:
		out = a.mins[c].column(a, agg.Name, groups)
	case OpMax:
		out = a.maxs[c].column(a, agg.Name, groups)
	case OpQuantile:
		of := a.wholes[c].quantile(agg.Q)
		out = a.floats(agg.Name, groups, func(g int32) float64 { return of[g] })
	case OpNUnique:
		w := a.wholes[c]
		if w.bits != nil {
			return a.ints(agg.Name, groups, w.bits.of), nil
		}
		return a.ints(agg.Name, groups, func(g int32) int64 { return w.distinct[g] }), nil
	}
	if c.Valid == nil && needed == 1 {
		return out, nil
	}
	counts, valid := a.countsOf(c, groups), column.FullBitmap(out.N)
	a.each(groups, func(i int, _ int32) {
		if counts[i] < needed {
			column.ClearBit(valid, i)
		}
	})
	if column.CountBits(valid, out.N) < out.N {
		out.Valid = valid
	}
	return out, nil
}

// countsOf returns how many values of c groups have. Several figures ask for it, and with many groups whose
// order is not that of their numbers each look at a count waits for memory.
func (a *aggregation) countsOf(c *column.Column, groups []int32) []int64 {
	count := a.countOf(c)
	if count.found == nil {
		v := large.Unzeroed[int64](len(groups))
		a.spans(len(groups), func(from, to int) { count.gather(v[from:to], groups[from:to]) })
		count.found = v
	}
	return count.found
}

// sumsOf returns the sums of groups as floats.
func (a *aggregation) sumsOf(c *column.Column, groups []int32) []float64 {
	v, s := large.Unzeroed[float64](len(groups)), a.sums[c]
	a.spans(len(groups), func(from, to int) {
		if f, ok := s.(*floatSum); ok {
			f.gather(v[from:to], groups[from:to])
			return
		}
		for i, g := range groups[from:to] {
			v[from+i] = s.float(g)
		}
	})
	return v
}

// means is the sums by the counts.
func (a *aggregation) means(name string, c *column.Column, groups []int32) *column.Column {
	v, counts := a.sumsOf(c, groups), a.countsOf(c, groups)
	a.each(groups, func(i int, _ int32) { v[i] /= float64(counts[i]) })
	return column.OfFloats(name, v, nil)
}

// spans gives f the places of n groups, in parallel by whole bytes of a bitmap. Where it
// is cancelled the caller of result sees it.
func (a *aggregation) spans(n int, f func(from, to int)) {
	if n <= exec.ChunkRows { // as most are, which need nothing to share out
		f(0, n)
		return
	}
	_ = a.run.Quiet().Chunks(n, exec.ChunkRows, func(_, from, to int) { f(from, to) })
}

// each gives f all groups and their places, as spans does.
func (a *aggregation) each(groups []int32, f func(i int, g int32)) {
	a.spans(len(groups), func(from, to int) {
		for i, g := range groups[from:to] {
			f(from+i, g)
		}
	})
}

func (a *aggregation) ints(name string, groups []int32, f func(int32) int64) *column.Column {
	v := large.Zeroed[int64](len(groups))
	a.each(groups, func(i int, g int32) { v[i] = f(g) })
	return column.OfInts(name, v, nil)
}

func (a *aggregation) floats(name string, groups []int32, f func(int32) float64) *column.Column {
	v := large.Zeroed[float64](len(groups))
	a.each(groups, func(i int, g int32) { v[i] = f(g) })
	return column.OfFloats(name, v, nil)
}

func (a *aggregation) sumColumn(name string, c *column.Column, groups []int32) (*column.Column, error) {
	s := a.sums[c]
	if c.Kind == column.Float {
		return column.OfFloats(name, a.sumsOf(c, groups), nil), nil
	}
	v := large.Zeroed[int64](len(groups))
	for i, g := range groups {
		if i%exec.ChunkRows == 0 && a.run.Cancelled() != nil {
			break
		}
		sum, fits := s.whole(g)
		if !fits {
			return nil, errSumTooLarge(name, c.Name, s.float(g))
		}
		v[i] = sum
	}
	return column.OfInts(name, v, nil), nil
}

func errSumTooLarge(name, col string, sum float64) error {
	return fmt.Errorf("%s: the sum of column %q in one group is about %.6g, beyond int64: take its Mean, or convert the column to float", name, col, sum)
}

// sumWords returns one word of each group's sum.
func (a *aggregation) sumWords(agg Spec, c *column.Column, groups []int32) *column.Column {
	s := a.sums[c]
	if c.Kind == column.Float {
		if agg.Op == opSumHigh {
			return a.floats(agg.Name, groups, s.float)
		}
		return a.ints(agg.Name, groups, func(int32) int64 { return 0 })
	}
	return a.ints(agg.Name, groups, func(g int32) int64 {
		sum, _ := s.whole(g)
		hi, lo := uint64(sum>>63), uint64(sum)
		if wide, ok := s.(*wideSum); ok {
			hi, lo = wide.hi[g], wide.lo[g]
		}
		if agg.Op == opSumHigh {
			return int64(hi)
		}
		return int64(lo)
	})
}
