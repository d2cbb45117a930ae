package locuskit

import (
	"fmt"
	"slices"
)

// Join puts beside each row of t the rows of right with the same value in the
// column key, which both have: rows in the order of t, several matches in the
// order of right, rows without a match left out. Nulls match nothing. Columns of
// right that t has too get "_right" behind their name.
//
// Cost: right is indexed once; 4 bytes a row of right and 8 a row of the result
// beside the result itself.
func (t Table) Join(right Table, key string) Table { return t.join(right, key, false) }

// JoinParallel is [Table.Join] on several goroutines.
func (t Table) JoinParallel(right Table, key string, opts ...TableOption) Table {
	return t.Parallel(opts...).Join(right, key)
}

// LeftJoin is [Table.Join] that keeps rows of t without a match: the columns of
// right are null there.
func (t Table) LeftJoin(right Table, key string) Table { return t.join(right, key, true) }

// LeftJoinParallel is [Table.LeftJoin] on several goroutines.
func (t Table) LeftJoinParallel(right Table, key string, opts ...TableOption) Table {
	return t.Parallel(opts...).LeftJoin(right, key)
}

func (t Table) join(right Table, key string, outer bool) Table {
	if t.err != nil {
		return t
	}
	doing := "join on " + key
	if outer {
		doing = "left " + doing
	}
	cols, rows, err := t.joined(right, key, outer)
	if err != nil {
		return t.fail(doing, err)
	}
	return t.derive(cols, rows, fmt.Sprintf("%s: %d rows with %d; %s", doing, t.rows, right.rows, t.run.explain(t.rows, chunkRows)))
}

func (t Table) joined(right Table, key string, outer bool) ([]*column, int, error) {
	a, err := t.column(key)
	if err != nil {
		return nil, 0, fmt.Errorf("left table: %w", err)
	}
	b, err := right.column(key)
	if err != nil {
		return nil, 0, fmt.Errorf("right table: %w", err)
	}
	if a.kind != b.kind {
		return nil, 0, fmt.Errorf("column %q holds %s values in the left table and %s in the right: both sides need one kind", key, a.kind, b.kind)
	}
	if t.rows >= 1<<32 || right.rows >= 1<<32-1 {
		return nil, 0, fmt.Errorf("tables of 4,294,967,295 rows and more cannot be joined in memory")
	}
	index, err := newJoinIndex(t.run, b)
	if err != nil {
		return nil, 0, err
	}
	m, err := t.matches(index, a, outer)
	if err != nil {
		return nil, 0, err
	}
	cols := t.cols
	if m.left != nil {
		if cols, err = t.take(m.left); err != nil {
			return nil, 0, err
		}
	}
	cols = slices.Clip(cols)
	for _, c := range right.cols {
		if c == b {
			continue
		}
		taken, err := takeOrNull(t.run, c, m.right, m.holes)
		if err != nil {
			return nil, 0, err
		}
		for _, have := range cols {
			if have.name == taken.name {
				taken.name += "_right"
				break
			}
		}
		cols = append(cols, taken)
	}
	if _, err := newTable(cols); err != nil {
		return nil, 0, err
	}
	return cols, len(m.right), nil
}

// matches is the pairs of rows that belong together.
type matches struct {
	left  []uint32 // nil: the rows as they are
	right []uint32
	holes bool // some of right is missing
}

func (t Table) matches(x *joinIndex, key *column, outer bool) (matches, error) {
	if x.one != nil {
		return t.atMostOne(x, key, outer)
	}
	locate := x.locator(key)
	type pairs struct {
		left, right []uint32
		holes       bool
	}
	found := make([]pairs, chunkCount(t.rows, chunkRows))
	fresh := func() []int32 { return make([]int32, batchRows) }
	err := chunksWith(t.run, t.rows, chunkRows, fresh, func(buf []int32, chunk, from, to int) {
		p := pairs{left: make([]uint32, 0, to-from), right: make([]uint32, 0, to-from)}
		for ; from < to && t.run.cancelled() == nil; from += batchRows { // a row may have any number of matches
			digits := buf[:min(batchRows, to-from)]
			locate(digits, from)
			for i, d := range digits {
				if d >= 0 && x.start[d] < x.start[d+1] {
					for _, r := range x.rows[x.start[d]:x.start[d+1]] {
						p.left = append(p.left, uint32(from+i))
						p.right = append(p.right, r)
					}
				} else if outer {
					p.left = append(p.left, uint32(from+i))
					p.right = append(p.right, missing)
					p.holes = true
				}
			}
		}
		found[chunk] = p
	})
	if err != nil {
		return matches{}, err
	}
	total := 0
	for _, p := range found {
		total += len(p.left)
	}
	m := matches{left: make([]uint32, 0, total), right: make([]uint32, 0, total)}
	for _, p := range found {
		if err := t.run.cancelled(); err != nil {
			return matches{}, err
		}
		m.left, m.right, m.holes = append(m.left, p.left...), append(m.right, p.right...), m.holes || p.holes
	}
	return m, nil
}

// atMostOne is matches where no key occurs twice on the right: what a join with a
// table of groups is.
func (t Table) atMostOne(x *joinIndex, key *column, outer bool) (matches, error) {
	m := matches{right: make([]uint32, t.rows)}
	locate := x.locator(key)
	lost := make([]int, chunkCount(t.rows, chunkRows))
	fresh := func() []int32 { return make([]int32, batchRows) }
	err := chunksWith(t.run, t.rows, chunkRows, fresh, func(buf []int32, chunk, from, to int) {
		without := 0
		for ; from < to; from += batchRows {
			digits := buf[:min(batchRows, to-from)]
			locate(digits, from)
			out := m.right[from:][:len(digits)]
			for i, d := range digits {
				r := x.one[uint32(d+1)] // -1, no such key, has the first place
				out[i] = r
				if r == missing {
					without++
				}
			}
		}
		lost[chunk] = without
	})
	if err != nil {
		return matches{}, err
	}
	for _, n := range lost {
		m.holes = m.holes || n > 0
	}
	if outer || !m.holes {
		return m, nil
	}
	picked, total, err := t.run.pick(t.rows, func(from, to int, out []int32) int {
		n := 0
		for i, r := range m.right[from:to] {
			out[n] = int32(i)
			if r != missing {
				n++
			}
		}
		return n
	})
	if err != nil {
		return matches{}, err
	}
	some := matches{left: make([]uint32, 0, total), right: make([]uint32, 0, total)}
	for chunk, rows := range picked {
		if err := t.run.cancelled(); err != nil {
			return matches{}, err
		}
		for _, r := range rows {
			row := chunk*chunkRows + int(r)
			some.left, some.right = append(some.left, uint32(row)), append(some.right, m.right[row])
		}
	}
	return some, nil
}

// takeOrNull is the numbered rows of c, null for missing ones, of which holes tells
// whether there are any.
func takeOrNull(e execution, c *column, rows []uint32, holes bool) (*column, error) {
	if !holes {
		return c.take(e, rows)
	}
	out := c.emptyLike(len(rows))
	out.valid = newBitmap(len(rows))
	err := e.chunks(len(rows), chunkRows, func(_, from, to int) {
		for i := from; i < to; i++ {
			r := rows[i]
			if r == missing || c.null(int(r)) {
				continue
			}
			out.set(i, c, int(r))
		}
	})
	return out, err
}
