package join

import (
	"slices"

	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/exec"
	"locuslab/locuskit/table/internal/group"
	"locuslab/locuskit/table/internal/large"
)

// On is the key columns of a join.
type On struct {
	Pairs       [][2]*column.Column // of t and of right
	Left, Right *column.Column      // all of each side's as one, strings with a dictionary
}

// OfRight is right's key column that belongs to c of t, or nil.
func (on On) OfRight(c *column.Column) *column.Column {
	for _, p := range on.Pairs {
		if p[0] == c {
			return p[1]
		}
	}
	return nil
}

// IsRight reports whether c is one of the right side's key columns.
func (on On) IsRight(c *column.Column) bool {
	return slices.ContainsFunc(on.Pairs, func(p [2]*column.Column) bool { return p[1] == c })
}

// Unite makes one key column of each side's.
func (on *On) Unite(e exec.Run, left, right int) (err error) {
	if len(on.Pairs) > 1 {
		return on.combine(e, left, right)
	}
	if on.Left, err = on.Pairs[0][0].Encoded(e); err == nil {
		on.Right, err = on.Pairs[0][1].Encoded(e)
	}
	return err
}

// combine gives each combination of values a number, the same on both sides.
func (on *On) combine(e exec.Run, left, right int) error {
	e = e.Quiet()
	rows := left + right
	both := make([]*column.Column, len(on.Pairs))
	for i, p := range on.Pairs {
		c, err := column.Concat(e, p[:], rows)
		if err != nil {
			return err
		}
		both[i] = c
	}
	anyOrder := e
	anyOrder.AnyOrder = true
	by, err := group.GroupingOf(anyOrder, both)
	if err != nil {
		return err
	}
	numbers := column.OfInts("", large.Zeroed[int64](rows), nil)
	for _, c := range both {
		if c.Valid == nil {
			continue
		}
		if numbers.Valid == nil {
			numbers.Valid = column.FullBitmap(rows)
		}
		for i := range numbers.Valid { // a combination with a null matches nothing
			numbers.Valid[i] &= c.Valid[i]
		}
	}
	fresh := func() []int32 { return make([]int32, group.BatchRows) }
	err = exec.ChunksWith(e, rows, exec.ChunkRows, fresh, func(buf []int32, _, from, to int) {
		for ; from < to; from += group.BatchRows {
			for i, d := range by.Numbers(buf, from, min(from+group.BatchRows, to)) {
				numbers.Ints[from+i] = int64(d)
			}
		}
	})
	on.Left, on.Right = numbers.Slice(0, left), numbers.Slice(left, rows)
	return err
}
