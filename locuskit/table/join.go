package table

import (
	"fmt"
	"slices"
	"strings"

	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/exec"
)

// Join puts beside each row of t the rows of right with the same values in the
// key columns: rows in the order of t, several matches in the
// order of right, rows without a match left out. A key is the name of a column that both have, or two names that belong
// together, that of t first:
//
//	visits.Join(zones, "geo_id")
//	visits.Join(zones, "zone=id", "day")
//
// Nulls match nothing. The key columns are there once, under t's names. Other columns of
// right that t has too get "_right" behind their name.
//
// Cost: right is indexed once; 4 bytes a row of right and 8 a row of the result
// beside the result itself, and with several keys 8 bytes more for each row of both.
func (t Table) Join(right Table, keys ...string) Table { return t.join(right, keys, innerJoin) }

// JoinParallel is [Table.Join] on several goroutines.
func (t Table) JoinParallel(right Table, keys ...string) Table {
	return t.Parallel().Join(right, keys...)
}

// LeftJoin is [Table.Join] that keeps rows of t without a match: the columns of
// right are null there.
func (t Table) LeftJoin(right Table, keys ...string) Table { return t.join(right, keys, leftJoin) }

// LeftJoinParallel is [Table.LeftJoin] on several goroutines.
func (t Table) LeftJoinParallel(right Table, keys ...string) Table {
	return t.Parallel().LeftJoin(right, keys...)
}

// OuterJoin is [Table.LeftJoin] with the rows of right that match nothing behind it, in their order: the columns of t
// are null there but for the keys, which are those of right.
func (t Table) OuterJoin(right Table, keys ...string) Table { return t.join(right, keys, outerJoin) }

// OuterJoinParallel is [Table.OuterJoin] on several goroutines.
func (t Table) OuterJoinParallel(right Table, keys ...string) Table {
	return t.Parallel().OuterJoin(right, keys...)
}

// joinKind is what becomes of rows without a match.
type joinKind string

const (
	innerJoin joinKind = "join"
	leftJoin  joinKind = "left join"
	outerJoin joinKind = "outer join"
)

func (t Table) join(right Table, keys []string, kind joinKind) Table {
	if t.err != nil {
		return t
	}
	doing := string(kind) + " on " + strings.Join(keys, ", ")
	cols, rows, err := t.joined(right, keys, kind)
	if err != nil {
		return t.fail(doing, err)
	}
	return t.derive(cols, rows, fmt.Sprintf("%s: %d rows with %d; %s", doing, t.rows, right.rows, t.run.Explain(t.rows, exec.ChunkRows)))
}

func (t Table) joined(right Table, keys []string, kind joinKind) ([]*column.Column, int, error) {
	on, err := t.joinKeys(right, keys)
	if err != nil {
		return nil, 0, err
	}
	index, err := newJoinIndex(t.run, on.right)
	if err != nil {
		return nil, 0, err
	}
	m, err := t.matches(index, on.left, kind != innerJoin)
	if err != nil {
		return nil, 0, err
	}
	var alone []uint32 // rows of right
	if kind == outerJoin {
		if alone, err = unmatched(t.run, m, right.rows); err != nil {
			return nil, 0, err
		}
	}
	cols := t.cols
	if m.left != nil {
		if cols, err = t.take(m.left); err != nil {
			return nil, 0, err
		}
	}
	cols = slices.Clone(cols)
	rows := len(m.right) + len(alone)
	if len(alone) > 0 {
		for i, c := range t.cols {
			below := c.EmptyLike(len(alone))
			below.Valid = column.NewBitmap(len(alone))
			if key := on.ofRight(c); key != nil {
				if below, err = key.Take(t.run, alone); err != nil {
					return nil, 0, err
				}
			}
			if cols[i], err = column.Concat(t.run, []*column.Column{cols[i], below}, rows); err != nil {
				return nil, 0, err
			}
		}
	}
	found := append(m.right, alone...)
	for _, c := range right.cols {
		if on.isRight(c) {
			continue
		}
		taken, err := column.TakeOrNull(t.run, c, found, m.holes)
		if err != nil {
			return nil, 0, err
		}
		for _, have := range cols {
			if have.Name == taken.Name {
				taken.Name += "_right"
				break
			}
		}
		cols = append(cols, taken)
	}
	if _, err := newTable(cols); err != nil {
		return nil, 0, err
	}
	return cols, rows, nil
}

// unmatched is the rows of the right table, of which there are so many, that are in no pair.
func unmatched(e exec.Run, m matches, rows int) ([]uint32, error) {
	seen := column.NewBitmap(rows)
	for i, r := range m.right {
		if i%exec.ChunkRows == 0 && e.Cancelled() != nil {
			return nil, e.Cancelled()
		}
		if r != column.Missing {
			column.SetBit(seen, int(r))
		}
	}
	alone := make([]uint32, 0, rows-column.CountBits(seen, rows))
	for r := range rows {
		if r%exec.ChunkRows == 0 && e.Cancelled() != nil {
			return nil, e.Cancelled()
		}
		if column.Presence(seen, r) == 0 {
			alone = append(alone, uint32(r))
		}
	}
	return alone, nil
}

// matches is the pairs of rows that belong together.
type matches struct {
	left  []uint32 // nil: the rows as they are
	right []uint32
	holes bool // some of right is missing
}

func (t Table) matches(x *joinIndex, key *column.Column, outer bool) (matches, error) {
	if x.one != nil {
		return t.atMostOne(x, key, outer)
	}
	locate := x.locator(key)
	type pairs struct {
		left, right []uint32
		holes       bool
	}
	found := make([]pairs, exec.ChunkCount(t.rows, exec.ChunkRows))
	fresh := func() []int32 { return make([]int32, batchRows) }
	err := exec.ChunksWith(t.run, t.rows, exec.ChunkRows, fresh, func(buf []int32, chunk, from, to int) {
		p := pairs{left: make([]uint32, 0, to-from), right: make([]uint32, 0, to-from)}
		for ; from < to && t.run.Cancelled() == nil; from += batchRows { // a row may have any number of matches
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
					p.right = append(p.right, column.Missing)
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
		if err := t.run.Cancelled(); err != nil {
			return matches{}, err
		}
		m.left, m.right, m.holes = append(m.left, p.left...), append(m.right, p.right...), m.holes || p.holes
	}
	return m, nil
}

// atMostOne is matches where no key occurs twice on the right: what a join with a
// table of groups is.
func (t Table) atMostOne(x *joinIndex, key *column.Column, outer bool) (matches, error) {
	m := matches{right: make([]uint32, t.rows)}
	locate := x.locator(key)
	lost := make([]int, exec.ChunkCount(t.rows, exec.ChunkRows))
	fresh := func() []int32 { return make([]int32, batchRows) }
	err := exec.ChunksWith(t.run, t.rows, exec.ChunkRows, fresh, func(buf []int32, chunk, from, to int) {
		without := 0
		for ; from < to; from += batchRows {
			digits := buf[:min(batchRows, to-from)]
			locate(digits, from)
			out := m.right[from:][:len(digits)]
			for i, d := range digits {
				r := x.one[uint32(d+1)] // -1, no such key, has the first place
				out[i] = r
				if r == column.Missing {
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
	picked, total, err := pick(t.run, t.rows, func(from, to int, out []int32) int {
		n := 0
		for i, r := range m.right[from:to] {
			out[n] = int32(i)
			if r != column.Missing {
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
		if err := t.run.Cancelled(); err != nil {
			return matches{}, err
		}
		for _, r := range rows {
			row := chunk*exec.ChunkRows + int(r)
			some.left, some.right = append(some.left, uint32(row)), append(some.right, m.right[row])
		}
	}
	return some, nil
}
