package group

import (
	"math"

	"locuslab/locuskit/table/internal/large"
)

// tally is an exact sum of small integers for each group. The running sums have 4
// bytes, which keeps those of many groups in the processor's caches; before one
// could overflow, all move to sums of 8 bytes.
type tally struct {
	a, b []int32 // of even and odd rows; one slice where two lanes would be too large
	wide []int64 // what was moved; nil until some was
	each int     // rows that may be added between moves
	left int
}

// newTally is for values of an absolute value of at most largest.
func newTally(groups int, largest uint64) tally {
	t := tally{a: large.Zeroed[int32](groups), each: tallyRows(largest)}
	t.b = t.a
	if twoLanes(groups, 4) {
		t.b = large.Zeroed[int32](groups)
	}
	t.left = t.each
	return t
}

func (t *tally) twin() tally { return newTally(len(t.a), uint64(math.MaxInt32/t.each)) }

func tallyRows(largest uint64) int { return int(math.MaxInt32 / max(1, largest)) }

// tallies reports whether a tally pays: moves must be rare beside rows.
func tallies(groups int, largest uint64) bool {
	return tallyRows(largest) >= max(4*BatchRows, 8*groups)
}

// room makes sure that rows values can be added.
func (t *tally) room(rows int) {
	if t.left < rows {
		t.move(t)
		t.left = t.each
	}
	t.left -= rows
}

// move adds the running sums of from to t's sums of 8 bytes and empties them.
func (t *tally) move(from *tally) {
	if t.wide == nil {
		t.wide = large.Zeroed[int64](len(t.a))
	}
	for g, v := range from.a {
		t.wide[g] += int64(v)
	}
	clear(from.a)
	for g, v := range from.b { // all zero where it is from.a
		t.wide[g] += int64(v)
	}
	clear(from.b)
}

// take adds all that from has and empties it.
func (t *tally) take(from *tally) {
	t.move(from)
	addInto(t.wide[:len(from.wide)], from.wide)
	from.left = from.each
}

// gather puts the sums of groups into dst.
func (t *tally) gather(dst []int64, groups []int32) {
	dst = dst[:len(groups)]
	for i, g := range groups {
		dst[i] = int64(t.a[g])
	}
	if len(groups) > 0 && &t.a[0] != &t.b[0] {
		for i, g := range groups {
			dst[i] += int64(t.b[g])
		}
	}
	if t.wide != nil {
		for i, g := range groups {
			dst[i] += t.wide[g]
		}
	}
}

// of returns the sum of a group.
func (t *tally) of(g int32) int64 {
	sum := int64(t.a[g])
	if &t.a[0] != &t.b[0] {
		sum += int64(t.b[g])
	}
	if t.wide != nil {
		sum += t.wide[g]
	}
	return sum
}
