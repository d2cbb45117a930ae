package table

import (
	"fmt"
	"slices"
	"strings"

	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/exec"
)

// joinedOn is the key columns of a join.
type joinedOn struct {
	pairs       [][2]*column.Column // of t and of right
	left, right *column.Column      // all of each side's as one, strings with a dictionary
}

// ofRight is right's key column that belongs to c of t, or nil.
func (on joinedOn) ofRight(c *column.Column) *column.Column {
	for _, p := range on.pairs {
		if p[0] == c {
			return p[1]
		}
	}
	return nil
}

func (on joinedOn) isRight(c *column.Column) bool {
	return slices.ContainsFunc(on.pairs, func(p [2]*column.Column) bool { return p[1] == c })
}

// joinKeys finds the key columns, and makes one of several.
func (t Table) joinKeys(right Table, keys []string) (on joinedOn, err error) {
	switch {
	case right.err != nil:
		return on, fmt.Errorf("right table: %w", right.err)
	case len(keys) == 0:
		return on, fmt.Errorf("name at least one column to join on")
	case t.rows >= 1<<32 || right.rows >= 1<<32-1:
		return on, fmt.Errorf("tables of 4,294,967,295 rows and more cannot be joined in memory")
	}
	for _, key := range keys {
		left, opposite := key, key
		if _, err := t.column(key); err != nil {
			if a, b, two := strings.Cut(key, "="); two {
				left, opposite = a, b
			}
		}
		a, err := t.column(left)
		if err != nil {
			return on, fmt.Errorf("left table: %w", err)
		}
		b, err := right.column(opposite)
		if err != nil {
			return on, fmt.Errorf("right table: %w", err)
		}
		if a.Holds() != b.Holds() {
			return on, fmt.Errorf("column %q holds %s values in the left table and %s in the right: both sides need one kind", key, a.Holds(), b.Holds())
		}
		if on.ofRight(a) != nil || on.isRight(b) {
			return on, fmt.Errorf("key %q: a column is named twice", key)
		}
		on.pairs = append(on.pairs, [2]*column.Column{a, b})
	}
	if len(on.pairs) == 1 {
		if on.left, err = on.pairs[0][0].Encoded(t.run); err == nil {
			on.right, err = on.pairs[0][1].Encoded(t.run)
		}
		return on, err
	}
	return on, on.combine(t.run, t.rows, right.rows)
}

// combine gives each combination of values a number, the same on both sides.
func (on *joinedOn) combine(e exec.Run, left, right int) error {
	e = e.Quiet()
	rows := left + right
	both := make([]*column.Column, len(on.pairs))
	for i, p := range on.pairs {
		c, err := column.Concat(e, p[:], rows)
		if err != nil {
			return err
		}
		both[i] = c
	}
	anyOrder := e
	anyOrder.AnyOrder = true
	by, err := groupingOf(anyOrder, both)
	if err != nil {
		return err
	}
	numbers := column.OfInts("", make([]int64, rows), nil)
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
	fresh := func() []int32 { return make([]int32, batchRows) }
	err = exec.ChunksWith(e, rows, exec.ChunkRows, fresh, func(buf []int32, _, from, to int) {
		for ; from < to; from += batchRows {
			for i, d := range by.numbers(buf, from, min(from+batchRows, to)) {
				numbers.Ints[from+i] = int64(d)
			}
		}
	})
	on.left, on.right = numbers.Slice(0, left), numbers.Slice(left, rows)
	return err
}

// SemiJoin is the rows of t whose values in the key columns some row of right has, each once. Keys are those of
// [Table.Join].
func (t Table) SemiJoin(right Table, keys ...string) Table {
	return t.having(right, keys, "semi join", true)
}

// SemiJoinParallel is [Table.SemiJoin] on several goroutines.
func (t Table) SemiJoinParallel(right Table, keys ...string) Table {
	return t.Parallel().SemiJoin(right, keys...)
}

// AntiJoin is the rows of t whose values in the key columns no row of right has, those with a null among them.
func (t Table) AntiJoin(right Table, keys ...string) Table {
	return t.having(right, keys, "anti join", false)
}

// AntiJoinParallel is [Table.AntiJoin] on several goroutines.
func (t Table) AntiJoinParallel(right Table, keys ...string) Table {
	return t.Parallel().AntiJoin(right, keys...)
}

// having is the rows that have a match, or that have none.
func (t Table) having(right Table, keys []string, doing string, match bool) Table {
	if t.err != nil {
		return t
	}
	doing += " on " + strings.Join(keys, ", ")
	on, err := t.joinKeys(right, keys)
	if err != nil {
		return t.fail(doing, err)
	}
	x, err := newJoinIndex(t.run, on.right)
	if err != nil {
		return t.fail(doing, err)
	}
	locate := x.locator(on.left)
	return t.keep(doing, func(from, to int, out []int32) int {
		n := 0
		buf := make([]int32, min(batchRows, to-from))
		for at := from; at < to; at += batchRows {
			digits := buf[:min(batchRows, to-at)]
			locate(digits, at)
			for i, d := range digits {
				if found := d >= 0 && x.start[d] < x.start[d+1]; found == match {
					out[n] = int32(at - from + i)
					n++
				}
			}
		}
		return n
	})
}
