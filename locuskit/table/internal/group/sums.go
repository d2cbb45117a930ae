package group

import (
	"math/bits"

	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/exec"
	"locuslab/locuskit/table/internal/large"
	"locuslab/locuskit/table/internal/stats"
)

// sumOfGroups is a running sum of every group.
type sumOfGroups interface {
	accumulator
	whole(g int32) (sum int64, fits bool) // of integers
	float(g int32) float64
}

// newSum chooses the narrowest sum that holds c's values.
func newSum(e exec.Run, c *column.Column, groups int) sumOfGroups {
	if c.Kind == column.Float {
		// A part of a stream has as many groups as the dictionary of whoever reads it has seen, and the
		// rounding of its sums must not depend on that.
		return newFloatSum(c, slots(c, groups), !e.AnyOrder && twoLanes(groups, 8))
	}
	largest := column.Largest(e, c)
	hi, all := bits.Mul64(largest, uint64(c.N))
	switch {
	case tallies(groups, largest):
		return &smallSum{c, newTally(slots(c, groups), largest)}
	case hi == 0 && all < 1<<63:
		return newIntSum(c, slots(c, groups))
	}
	return newWideSum(c, slots(c, groups))
}

// smallSum adds integers so small that many sums fit 4 bytes.
type smallSum struct {
	c *column.Column
	tally
}

func (s *smallSum) add(groups []int32, from int) {
	addAll(s.a, s.b, groups, s.c.Ints[from:])
}

func (s *smallSum) reads() *column.Column   { return s.c }
func (s *smallSum) nulls() []byte           { return s.c.Valid }
func (s *smallSum) merge(other accumulator) { s.take(&other.(*smallSum).tally) }
func (s *smallSum) twin() accumulator       { return &smallSum{s.c, s.tally.twin()} }
func (s *smallSum) anyOrder() bool          { return true }

func (s *smallSum) over(c *column.Column) accumulator { return &smallSum{c, s.tally} }

func (s *smallSum) whole(g int32) (int64, bool) { return s.of(g), true }
func (s *smallSum) float(g int32) float64       { return float64(s.of(g)) }

// intSum adds integers that cannot overflow 8 bytes.
type intSum struct {
	c *column.Column
	s []int64
}

func newIntSum(c *column.Column, slots int) *intSum { return &intSum{c, large.Zeroed[int64](slots)} }

func (s *intSum) add(groups []int32, from int) {
	addAll(s.s, s.s, groups, s.c.Ints[from:])
}

func (s *intSum) reads() *column.Column   { return s.c }
func (s *intSum) nulls() []byte           { return s.c.Valid }
func (s *intSum) merge(other accumulator) { addInto(s.s, other.(*intSum).s) }
func (s *intSum) twin() accumulator       { return newIntSum(s.c, len(s.s)) }
func (s *intSum) anyOrder() bool          { return true }

func (s *intSum) over(c *column.Column) accumulator { return &intSum{c, s.s} }

func (s *intSum) whole(g int32) (int64, bool) { return s.s[g], true }
func (s *intSum) float(g int32) float64       { return float64(s.s[g]) }

// floatSum adds floats. Parts are merged in the order of their rows, so that the
// sum has the same rounding however many goroutines there are.
type floatSum struct {
	c    *column.Column
	a, b []float64 // of even and odd rows, or one slice
}

func newFloatSum(c *column.Column, slots int, lanes bool) *floatSum {
	s := &floatSum{c: c, a: large.Zeroed[float64](slots)}
	s.b = s.a
	if lanes {
		s.b = large.Zeroed[float64](slots)
	}
	return s
}

func (s *floatSum) lanes() int {
	if len(s.a) == 0 || &s.a[0] == &s.b[0] {
		return 1
	}
	return 2
}

func (s *floatSum) add(groups []int32, from int) {
	addAll(s.a, s.b, groups, s.c.Floats[from:])
}

func (s *floatSum) reads() *column.Column { return s.c }
func (s *floatSum) nulls() []byte         { return s.c.Valid }
func (s *floatSum) merge(other accumulator) {
	o := other.(*floatSum)
	addInto(s.a, o.a)
	if o.lanes() == 2 {
		addInto(s.b, o.b)
	}
}

func (s *floatSum) twin() accumulator { return newFloatSum(s.c, len(s.a), s.lanes() == 2) }
func (s *floatSum) anyOrder() bool    { return false }

func (s *floatSum) over(c *column.Column) accumulator { return &floatSum{c, s.a, s.b} }

func (s *floatSum) whole(int32) (int64, bool) { return 0, false }

func (s *floatSum) float(g int32) float64 {
	if s.lanes() == 1 {
		return s.a[g]
	}
	return s.a[g] + s.b[g]
}

// gather puts the sums of groups into dst.
func (s *floatSum) gather(dst []float64, groups []int32) {
	dst = dst[:len(groups)]
	if s.lanes() == 1 {
		for i, g := range groups {
			dst[i] = s.a[g]
		}
		return
	}
	for i, g := range groups {
		dst[i] = s.a[g] + s.b[g]
	}
}

// wideSum adds integers in 128 bits, where 64 might not do.
type wideSum struct {
	c      *column.Column
	hi, lo []uint64
}

func newWideSum(c *column.Column, slots int) *wideSum {
	return &wideSum{c, large.Zeroed[uint64](slots), large.Zeroed[uint64](slots)}
}

func (s *wideSum) add(groups []int32, from int) {
	for i, g := range groups {
		v := s.c.Ints[from+i]
		s.put(g, uint64(v>>63), uint64(v))
	}
}

func (s *wideSum) put(g int32, hi, lo uint64) {
	var carry uint64
	s.lo[g], carry = bits.Add64(s.lo[g], lo, 0)
	s.hi[g], _ = bits.Add64(s.hi[g], hi, carry)
}

func (s *wideSum) reads() *column.Column { return s.c }
func (s *wideSum) nulls() []byte         { return s.c.Valid }
func (s *wideSum) merge(other accumulator) {
	o := other.(*wideSum)
	for g := range o.lo {
		s.put(int32(g), o.hi[g], o.lo[g])
	}
	clear(o.hi)
	clear(o.lo)
}

func (s *wideSum) twin() accumulator { return newWideSum(s.c, len(s.lo)) }
func (s *wideSum) anyOrder() bool    { return true }

func (s *wideSum) over(c *column.Column) accumulator { return &wideSum{c, s.hi, s.lo} }

func (s *wideSum) whole(g int32) (int64, bool) {
	v := int64(s.lo[g])
	return v, s.hi[g] == uint64(v>>63)
}

func (s *wideSum) float(g int32) float64 { return stats.Wide{Hi: s.hi[g], Lo: s.lo[g]}.Float() }
