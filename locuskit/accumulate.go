package locuskit

import (
	"math"
	"math/bits"
)

// accumulator holds one running figure of every group.
type accumulator interface {
	// add takes rows from, from+1, …, whose group numbers are given.
	add(groups []int32, from int)
	// merge takes over what other, of the same type, has and empties other.
	merge(other accumulator)
	// twin is an empty accumulator of the same figure.
	twin() accumulator
}

// lanes is how many places each group has: neighbouring rows of one group, as
// skewed and sorted data has them, then do not wait for each other's sum.
const lanes = 2

// rowCount counts rows, or values that are not null.
type rowCount struct {
	c *column // nil: rows
	n []int64
}

func newRowCount(c *column, groups int) *rowCount {
	if c != nil && c.valid == nil {
		c = nil
	}
	return &rowCount{c, make([]int64, groups)}
}

func (a *rowCount) add(groups []int32, from int) {
	n := a.n
	if a.c == nil {
		for _, g := range groups {
			n[g]++
		}
		return
	}
	for i, g := range groups {
		if !a.c.null(from + i) {
			n[g]++
		}
	}
}

func (a *rowCount) merge(other accumulator) { addInto(a.n, other.(*rowCount).n) }
func (a *rowCount) twin() accumulator       { return &rowCount{a.c, make([]int64, len(a.n))} }

// intSum adds integers that cannot overflow.
type intSum struct {
	c *column
	s []int64
}

func newIntSum(c *column, groups int) *intSum { return &intSum{c, make([]int64, groups*lanes)} }

func (a *intSum) add(groups []int32, from int) { addValues(a.s, groups, a.c.ints[from:], a.c, from) }
func (a *intSum) merge(other accumulator)      { addInto(a.s, other.(*intSum).s) }
func (a *intSum) twin() accumulator            { return &intSum{a.c, make([]int64, len(a.s))} }
func (a *intSum) sum(g int32) int64            { return a.s[g*lanes] + a.s[g*lanes+1] }

// floatSum adds floats, chunk by chunk.
type floatSum struct {
	c *column
	s []float64
}

func newFloatSum(c *column, groups int) *floatSum { return &floatSum{c, make([]float64, groups*lanes)} }

func (a *floatSum) add(groups []int32, from int) {
	addValues(a.s, groups, a.c.floats[from:], a.c, from)
}
func (a *floatSum) merge(other accumulator) { addInto(a.s, other.(*floatSum).s) }
func (a *floatSum) twin() accumulator       { return &floatSum{a.c, make([]float64, len(a.s))} }
func (a *floatSum) sum(g int32) float64     { return a.s[g*lanes] + a.s[g*lanes+1] }

func addValues[T int64 | float64](s []T, groups []int32, v []T, c *column, from int) {
	if c.valid != nil {
		for i, g := range groups {
			if !c.null(from + i) {
				s[int(g)*lanes] += v[i]
			}
		}
		return
	}
	v = v[:len(groups)]
	i := 0
	for ; i+1 < len(groups) && i+1 < len(v); i += 2 {
		s[int(groups[i])*lanes] += v[i]
		s[int(groups[i+1])*lanes+1] += v[i+1]
	}
	if i < len(groups) {
		s[int(groups[i])*lanes] += v[i]
	}
}

func addInto[T int64 | float64](to, from []T) {
	to = to[:len(from)]
	for i, v := range from {
		to[i] += v
		from[i] = 0
	}
}

// wideSum adds integers in 128 bits, where 64 might not do.
type wideSum struct {
	c      *column
	hi, lo []uint64
}

func newWideSum(c *column, groups int) *wideSum {
	return &wideSum{c, make([]uint64, groups), make([]uint64, groups)}
}

func (a *wideSum) add(groups []int32, from int) {
	for i, g := range groups {
		if v := a.c.ints[from+i]; !a.c.null(from + i) {
			a.put(g, uint64(v>>63), uint64(v))
		}
	}
}

func (a *wideSum) put(g int32, hi, lo uint64) {
	var carry uint64
	a.lo[g], carry = bits.Add64(a.lo[g], lo, 0)
	a.hi[g], _ = bits.Add64(a.hi[g], hi, carry)
}

func (a *wideSum) merge(other accumulator) {
	o := other.(*wideSum)
	for g := range o.lo {
		a.put(int32(g), o.hi[g], o.lo[g])
	}
	clear(o.hi)
	clear(o.lo)
}

func (a *wideSum) twin() accumulator { return newWideSum(a.c, len(a.lo)) }

// sum is the sum of a group, and whether an int64 holds it.
func (a *wideSum) sum(g int32) (int64, bool) {
	v := int64(a.lo[g])
	return v, a.hi[g] == uint64(v>>63)
}

func (a *wideSum) float(g int32) float64 {
	return float64(int64(a.hi[g]))*(1<<64) + float64(a.lo[g])
}

// extreme keeps the smallest value, or the largest, as integers that have the
// values' order.
type extreme struct {
	c    *column
	view func(i int) int64 // nil: the column's own integers
	sign int64             // -1 keeps the largest: ^v has the opposite order
	best []int64
}

func newExtreme(c *column, groups int, largest bool) *extreme {
	a := &extreme{c: c, best: make([]int64, groups)}
	if largest {
		a.sign = -1
	}
	for i := range a.best {
		a.best[i] = math.MaxInt64
	}
	switch c.kind {
	case String:
		_, ranks := c.dict.sorted()
		a.view = func(i int) int64 { return int64(ranks[c.codes[i]]) }
	case Float:
		a.view = func(i int) int64 { return int64(orderedBits(c.floats[i]) ^ 1<<63) }
	}
	return a
}

func (a *extreme) add(groups []int32, from int) {
	best, flip := a.best, a.sign
	if a.view == nil && a.c.valid == nil {
		v := a.c.ints[from:][:len(groups)]
		for i, g := range groups {
			if x := v[i] ^ flip; x < best[g] {
				best[g] = x
			}
		}
		return
	}
	for i, g := range groups {
		if a.c.null(from + i) {
			continue
		}
		var v int64
		if a.view != nil {
			v = a.view(from + i)
		} else {
			v = a.c.ints[from+i]
		}
		best[g] = min(best[g], v^flip)
	}
}

func (a *extreme) merge(other accumulator) {
	o := other.(*extreme)
	for g, v := range o.best {
		a.best[g] = min(a.best[g], v)
		o.best[g] = math.MaxInt64
	}
}

func (a *extreme) twin() accumulator {
	b := *a
	b.best = make([]int64, len(a.best))
	for i := range b.best {
		b.best[i] = math.MaxInt64
	}
	return &b
}

// column is the extremes of groups.
func (a *extreme) column(name string, groups []int32) *column {
	out := a.c.emptyLike(len(groups))
	out.name = name
	for i, g := range groups {
		v := a.best[g] ^ a.sign
		switch a.c.kind {
		case Int:
			out.ints[i] = v
		case Float:
			out.floats[i] = fromOrderedBits(uint64(v) ^ 1<<63)
		case String:
			if order, _ := a.c.dict.sorted(); v >= 0 && v < int64(len(order)) {
				out.codes[i] = order[v]
			}
		}
	}
	return out
}

// squares adds the squares of deviations from the groups' means.
type squares struct {
	c     *column
	means []float64
	s     []float64
}

func newSquares(c *column, means []float64) *squares {
	return &squares{c, means, make([]float64, len(means))}
}

func (a *squares) add(groups []int32, from int) {
	for i, g := range groups {
		if a.c.null(from + i) {
			continue
		}
		var v float64
		if a.c.kind == Int {
			v = float64(a.c.ints[from+i])
		} else {
			v = a.c.floats[from+i]
		}
		d := v - a.means[g]
		a.s[g] += d * d
	}
}

func (a *squares) merge(other accumulator) { addInto(a.s, other.(*squares).s) }
func (a *squares) twin() accumulator       { return newSquares(a.c, a.means) }
