// Package join finds the rows of two sides whose values in key columns are equal. It knows columns and no tables.
package join

import (
	"sync/atomic"

	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/exec"
	"locuslab/locuskit/table/internal/group"
	"locuslab/locuskit/table/internal/large"
)

// Unmatched returns those of the right table's rows that are in no pair.
func Unmatched(e exec.Run, m matches, rows int) ([]uint32, error) {
	seen := column.NewBitmap(rows)
	for i, r := range m.Right {
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
	Left  []uint32 // nil: the rows as they are
	Right []uint32
	Holes bool // some of right is missing
}

// MatchesOf returns the pairs of the left table's rows, which have key, with the rows of an index; with outer, the rows without
// a match as well.
func MatchesOf(e exec.Run, rows int, x *Index, key *column.Column, outer bool) (matches, error) {
	if x.one != nil {
		return atMostOne(e, rows, x, key, outer)
	}
	locate := x.locator(key)
	type pairs struct {
		left, right []uint32
		holes       bool
	}
	found := make([]pairs, exec.ChunkCount(rows, exec.ChunkRows))
	fresh := func() []int32 { return make([]int32, group.BatchRows) }
	err := exec.ChunksWith(e, rows, exec.ChunkRows, fresh, func(buf []int32, chunk, from, to int) {
		p := pairs{left: make([]uint32, 0, to-from), right: make([]uint32, 0, to-from)}
		for ; from < to && e.Cancelled() == nil; from += group.BatchRows { // a row may have any number of matches
			digits := buf[:min(group.BatchRows, to-from)]
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
	m := matches{Left: make([]uint32, 0, total), Right: make([]uint32, 0, total)}
	for _, p := range found {
		if err := e.Cancelled(); err != nil {
			return matches{}, err
		}
		m.Left, m.Right, m.Holes = append(m.Left, p.left...), append(m.Right, p.right...), m.Holes || p.holes
	}
	return m, nil
}

// atMostOne is matches where no key occurs twice on the right: what a join with a
// table of groups is.
func atMostOne(e exec.Run, rows int, x *Index, key *column.Column, outer bool) (matches, error) {
	m := matches{Right: large.Unzeroed[uint32](rows)}
	find := x.finder(key)
	var lost atomic.Bool
	err := e.Chunks(rows, exec.ChunkRows, func(_, from, to int) {
		last := uint32(0)
		for ; from < to; from += group.BatchRows {
			found := m.Right[from:min(from+group.BatchRows, to)]
			find(found, from)
			for _, r := range found {
				last = max(last, r)
			}
		}
		if last == column.Missing {
			lost.Store(true)
		}
	})
	if err != nil {
		return matches{}, err
	}
	m.Holes = lost.Load()
	if outer || !m.Holes {
		return m, nil
	}
	picked, total, err := column.Pick(e, rows, func(from, to int, out []int32) int {
		n := 0
		for i, r := range m.Right[from:to] {
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
	some := matches{Left: make([]uint32, 0, total), Right: make([]uint32, 0, total)}
	for chunk, those := range picked {
		if err := e.Cancelled(); err != nil {
			return matches{}, err
		}
		for _, r := range those {
			row := chunk*exec.ChunkRows + int(r)
			some.Left, some.Right = append(some.Left, uint32(row)), append(some.Right, m.Right[row])
		}
	}
	return some, nil
}

// Matcher finds the rows whose key is in the index, or is not.
func (x *Index) Matcher(key *column.Column, match bool) column.Matcher {
	locate := x.locator(key)
	return func(from, to int, out []int32) int {
		n := 0
		buf := make([]int32, min(group.BatchRows, to-from))
		for at := from; at < to; at += group.BatchRows {
			digits := buf[:min(group.BatchRows, to-at)]
			locate(digits, at)
			for i, d := range digits {
				if found := d >= 0 && x.start[d] < x.start[d+1]; found == match {
					out[n] = int32(at - from + i)
					n++
				}
			}
		}
		return n
	}
}
