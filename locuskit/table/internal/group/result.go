package group

import (
	"fmt"
	"math"
	"slices"

	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/exec"
	"locuslab/locuskit/table/internal/stats"
)

// result returns the column of one aggregate.
func (a *aggregation) result(agg Spec, c *column.Column, groups []int32) (*column.Column, error) {
	var out *column.Column
	needed := int64(1) // values that a group must have
	switch agg.Op {
	case OpCount:
		return a.ints(agg.Name, groups, func(g int32) int64 { return a.countOf(c).of(g) }), nil
	case OpSum:
		col, err := a.sumColumn(agg.Name, c, groups)
		if err != nil {
			return nil, err
		}
		out = col
	case opSumHigh, opSumLow:
		out = a.sumWords(agg, c, groups)
	case OpMean:
		out = a.floats(agg.Name, groups, func(g int32) float64 { return a.mean(c, g) })
	case OpStd:
		needed = 2
		out = a.floats(agg.Name, groups, func(g int32) float64 {
			return math.Sqrt(a.devs[c].s[g] / float64(a.countOf(c).of(g)-1))
		})
	case OpMin:
		out = a.mins[c].column(a, agg.Name, groups)
	case OpMax:
		out = a.maxs[c].column(a, agg.Name, groups)
	default:
		return a.sorted[c].result(a.run, agg, groups)
	}
	if c.Valid == nil && needed == 1 {
		return out, nil
	}
	count, valid := a.countOf(c), column.FullBitmap(out.N)
	a.each(groups, func(i int, g int32) {
		if count.of(g) < needed {
			column.ClearBit(valid, i)
		}
	})
	if column.CountBits(valid, out.N) < out.N {
		out.Valid = valid
	}
	return out, nil
}

// each gives f all groups and their places, in parallel by whole bytes of a bitmap. Where it
// is cancelled the caller of result sees it.
func (a *aggregation) each(groups []int32, f func(i int, g int32)) {
	_ = a.run.Quiet().Chunks(len(groups), exec.ChunkRows, func(_, from, to int) {
		for i, g := range groups[from:to] {
			f(from+i, g)
		}
	})
}

func (a *aggregation) ints(name string, groups []int32, f func(int32) int64) *column.Column {
	v := make([]int64, len(groups))
	a.each(groups, func(i int, g int32) { v[i] = f(g) })
	return column.OfInts(name, v, nil)
}

func (a *aggregation) floats(name string, groups []int32, f func(int32) float64) *column.Column {
	v := make([]float64, len(groups))
	a.each(groups, func(i int, g int32) { v[i] = f(g) })
	return column.OfFloats(name, v, nil)
}

func (a *aggregation) sumColumn(name string, c *column.Column, groups []int32) (*column.Column, error) {
	s := a.sums[c]
	if c.Kind == column.Float {
		return a.floats(name, groups, s.float), nil
	}
	v := make([]int64, len(groups))
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

// groupedValues is the values of a column put together by group, for figures
// that need all values of a group at once. It costs 8 bytes a row.
type groupedValues struct {
	start []int    // group g has keys[start[g]:start[g+1]]
	keys  []uint64 // in the values' order; sorted within a group on demand
	float func(k uint64) float64
}

// groupValues sorts the rows by group, counting. Nulls are left out.
func groupValues(e exec.Run, by *grouping, c *column.Column) (*groupedValues, error) {
	c, err := c.Encoded(e)
	if err != nil {
		return nil, err
	}
	key, back := column.RankedValues(c)
	counts := make([]int, by.domain+1)
	buf := make([]int32, BatchRows)
	scan := func(f func(i int, g int32)) error {
		for from := 0; from < c.N; from += BatchRows {
			if err := e.Cancelled(); err != nil {
				return err
			}
			for i, g := range by.Numbers(buf, from, min(from+BatchRows, c.N)) {
				if !c.Null(from + i) {
					f(from+i, g)
				}
			}
		}
		return nil
	}
	if err := scan(func(_ int, g int32) { counts[g+1]++ }); err != nil {
		return nil, err
	}
	for g := range by.domain {
		counts[g+1] += counts[g]
	}
	v := &groupedValues{start: counts, keys: make([]uint64, counts[by.domain]), float: back}
	next := slices.Clone(counts)
	err = scan(func(i int, g int32) {
		v.keys[next[g]] = key(i)
		next[g]++
	})
	return v, err
}

func (v *groupedValues) result(e exec.Run, agg Spec, groups []int32) (*column.Column, error) {
	ints, floats := make([]int64, len(groups)), make([]float64, len(groups))
	valid := column.FullBitmap(len(groups))
	empty := make([]bool, len(groups))
	// A task has some ten thousand values, of one group or of many.
	part := max(1, min(1<<10, len(groups)*(1<<14)/max(1, len(v.keys))))
	err := e.Tasks(exec.ChunkCount(len(groups), part), func(task int) {
		for i := task * part; i < min((task+1)*part, len(groups)); i++ {
			keys := v.keys[v.start[groups[i]]:v.start[groups[i]+1]]
			if column.SortKeys(e.Sequential(), keys) != nil {
				return
			}
			if agg.Op == OpNUnique {
				ints[i] = countDistinct(keys)
				continue
			}
			if len(keys) == 0 {
				empty[i] = true
				continue
			}
			floats[i] = stats.Interpolate(keys, agg.Q, v.float)
		}
	})
	if err != nil {
		return nil, err
	}
	if agg.Op == OpNUnique {
		return column.OfInts(agg.Name, ints, nil), nil
	}
	out := column.OfFloats(agg.Name, floats, nil)
	for i, none := range empty {
		if none {
			out.Valid = valid
			column.ClearBit(valid, i)
		}
	}
	return out, nil
}

func countDistinct(sorted []uint64) int64 {
	var n int64
	for i, k := range sorted {
		if i == 0 || k != sorted[i-1] {
			n++
		}
	}
	return n
}
