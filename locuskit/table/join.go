package table

import (
	"fmt"
	"slices"
	"strings"

	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/exec"
	"locuslab/locuskit/table/internal/join"
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
// right that t has too get "_right" appended to their name.
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

// OuterJoin is [Table.LeftJoin] with the rows of right that match nothing after it, in their order: the columns of t
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
	index, err := join.NewIndex(t.run, on.Right)
	if err != nil {
		return nil, 0, err
	}
	m, err := join.MatchesOf(t.run, t.rows, index, on.Left, kind != innerJoin)
	if err != nil {
		return nil, 0, err
	}
	var alone []uint32 // rows of right
	if kind == outerJoin {
		if alone, err = join.Unmatched(t.run, m, right.rows); err != nil {
			return nil, 0, err
		}
	}
	cols := t.cols
	if m.Left != nil {
		if cols, err = column.TakeAll(t.run, t.cols, m.Left); err != nil {
			return nil, 0, err
		}
	}
	cols = slices.Clone(cols)
	rows := len(m.Right) + len(alone)
	if len(alone) > 0 {
		for i, c := range t.cols {
			below := c.EmptyLike(len(alone))
			below.Valid = column.NewBitmap(len(alone))
			if key := on.OfRight(c); key != nil {
				if below, err = key.Take(t.run, alone); err != nil {
					return nil, 0, err
				}
			}
			if cols[i], err = column.Concat(t.run, []*column.Column{cols[i], below}, rows); err != nil {
				return nil, 0, err
			}
		}
	}
	found := append(m.Right, alone...)
	for _, c := range right.cols {
		if on.IsRight(c) {
			continue
		}
		taken, err := column.TakeOrNull(t.run, c, found, m.Holes)
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
