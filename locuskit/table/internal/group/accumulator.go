package group

import (
	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/large"
)

// accumulator holds one running figure of every group.
type accumulator interface {
	// add takes rows from, from+1, … whose group numbers are given, at most
	// batchRows of them. The group of a null, where nulls are left out, is one
	// behind all others, which is never read.
	add(groups []int32, from int)
	// reads returns the column whose values add looks at; nil for none.
	reads() *column.Column
	// nulls returns the validity bitmap of the rows that are left out; nil for none.
	nulls() []byte
	// merge takes over what other, of the same type, has and empties other.
	merge(other accumulator)
	// twin is an empty accumulator of the same figure.
	twin() accumulator
	// anyOrder reports whether the figure is the same in whatever order rows are
	// added and parts merged: so for integers, not for sums of floats.
	anyOrder() bool
	// over is an accumulator of the same figures in the same memory that takes them from another column, whose rows are in
	// another order: several may add at once, if each has groups of its own. It is nil where they may not.
	over(c *column.Column) accumulator
}

// counter is an accumulator that must have room for rows before they are added.
type counter interface{ room(rows int) }

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

func addInto[T int64 | float64](to, from []T) {
	to = to[:len(from)]
	for i, v := range from {
		to[i] += v
		from[i] = 0
	}
}

// slots returns how many figures of groups an accumulator of c has: with nulls, one more.
func slots(c *column.Column, groups int) int {
	if c != nil && c.Valid != nil {
		return groups + 1
	}
	return groups
}

// rowCount counts rows, or values that are not null.
type rowCount struct {
	valid []byte // nil: rows
	tally
	found []int64 // of the groups that the result has, once asked for
}

func newRowCount(c *column.Column, groups int) *rowCount {
	a := &rowCount{tally: newTally(slots(c, groups), 1)}
	if c != nil {
		a.valid = c.Valid
	}
	return a
}

func (a *rowCount) add(groups []int32, from int) {
	one, two := a.a, a.b
	i := 0
	for ; i+1 < len(groups); i += 2 {
		one[groups[i]]++
		two[groups[i+1]]++
	}
	if i < len(groups) {
		one[groups[i]]++
	}
}

func (a *rowCount) reads() *column.Column   { return nil }
func (a *rowCount) nulls() []byte           { return a.valid }
func (a *rowCount) merge(other accumulator) { a.take(&other.(*rowCount).tally) }
func (a *rowCount) twin() accumulator       { return &rowCount{valid: a.valid, tally: a.tally.twin()} }
func (a *rowCount) anyOrder() bool          { return true }

func (a *rowCount) over(*column.Column) accumulator { return &rowCount{tally: a.tally} }

// squares adds the squares of deviations from the groups' means.
type squares struct {
	c     *column.Column
	means []float64
	s     []float64
}

func newSquares(c *column.Column, means []float64) *squares {
	return &squares{c, means, large.Zeroed[float64](len(means))}
}

func (a *squares) add(groups []int32, from int) {
	if a.c.Kind == column.Int {
		addSquares(a.s, a.means, groups, a.c.Ints[from:])
	} else {
		addSquares(a.s, a.means, groups, a.c.Floats[from:])
	}
}

func addSquares[V int64 | float64](sums, means []float64, groups []int32, v []V) {
	v = v[:len(groups)]
	for i, g := range groups {
		d := float64(v[i]) - means[g]
		sums[g] += d * d
	}
}

func (a *squares) reads() *column.Column   { return a.c }
func (a *squares) nulls() []byte           { return a.c.Valid }
func (a *squares) merge(other accumulator) { addInto(a.s, other.(*squares).s) }
func (a *squares) twin() accumulator       { return newSquares(a.c, a.means) }
func (a *squares) anyOrder() bool          { return false }

func (a *squares) over(c *column.Column) accumulator { return &squares{c, a.means, a.s} }
