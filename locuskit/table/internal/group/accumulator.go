package group

import (
	"locuslab/locuskit/table/internal/column"
)

// accumulator holds one running figure of every group.
type accumulator interface {
	// add takes rows from, from+1, … whose group numbers are given, at most
	// batchRows of them.
	add(groups []int32, from int)
	// merge takes over what other, of the same type, has and empties other.
	merge(other accumulator)
	// twin is an empty accumulator of the same figure.
	twin() accumulator
	// anyOrder reports whether the figure is the same in whatever order rows are
	// added and parts merged: so for integers, not for sums of floats.
	anyOrder() bool
}

// twoLanes reports whether groups running sums of so many bytes each may be there
// twice, for even and for odd rows: neighbouring rows of one group, as skewed and
// sorted data has them, then do not wait for each other's sum. Where twice the
// sums would leave the processor's nearest caches, one must do.
func twoLanes(groups, size int) bool { return 2*groups*size <= 1<<17 }

// addAll adds values to the sums of their groups, odd rows to the second lane.
func addAll[S int32 | int64 | float64, V int64 | float64](a, b []S, groups []int32, v []V) {
	v = v[:len(groups)]
	i := 0
	for ; i+1 < len(groups) && i+1 < len(v); i += 2 {
		a[groups[i]] += S(v[i])
		b[groups[i+1]] += S(v[i+1])
	}
	if i < len(groups) {
		a[groups[i]] += S(v[i])
	}
}

// addPresent adds the integers that are not null. Nulls are added as zeros: a
// branch that data decides costs more.
func addPresent[S int32 | int64](sums []S, groups []int32, v []int64, valid []byte, from int) {
	v = v[:len(groups)]
	for i, g := range groups {
		sums[g] += S(v[i] & -column.Presence(valid, from+i))
	}
}

func addInto[T int64 | float64](to, from []T) {
	to = to[:len(from)]
	for i, v := range from {
		to[i] += v
		from[i] = 0
	}
}

// rowCount counts rows, or values that are not null.
type rowCount struct {
	c *column.Column // nil: rows
	tally
}

func newRowCount(c *column.Column, groups int) *rowCount {
	if c != nil && c.Valid == nil {
		c = nil
	}
	return &rowCount{c, newTally(groups, 1)}
}

func (a *rowCount) add(groups []int32, from int) {
	a.room(len(groups))
	if a.c == nil {
		one, two := a.a, a.b
		i := 0
		for ; i+1 < len(groups); i += 2 {
			one[groups[i]]++
			two[groups[i+1]]++
		}
		if i < len(groups) {
			one[groups[i]]++
		}
		return
	}
	n, valid := a.a, a.c.Valid
	for i, g := range groups {
		n[g] += int32(column.Presence(valid, from+i))
	}
}

func (a *rowCount) merge(other accumulator) { a.take(&other.(*rowCount).tally) }
func (a *rowCount) twin() accumulator       { return newRowCount(a.c, len(a.a)) }
func (a *rowCount) anyOrder() bool          { return true }

// squares adds the squares of deviations from the groups' means.
type squares struct {
	c     *column.Column
	means []float64
	s     []float64
}

func newSquares(c *column.Column, means []float64) *squares {
	return &squares{c, means, make([]float64, len(means))}
}

func (a *squares) add(groups []int32, from int) {
	for i, g := range groups {
		if a.c.Null(from + i) {
			continue
		}
		var v float64
		if a.c.Kind == column.Int {
			v = float64(a.c.Ints[from+i])
		} else {
			v = a.c.Floats[from+i]
		}
		d := v - a.means[g]
		a.s[g] += d * d
	}
}

func (a *squares) merge(other accumulator) { addInto(a.s, other.(*squares).s) }
func (a *squares) twin() accumulator       { return newSquares(a.c, a.means) }
func (a *squares) anyOrder() bool          { return false }
