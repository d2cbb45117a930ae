package table

import (
	"fmt"
	"strings"

	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/join"
)

// joinKeys finds the key columns, and makes one of several.
func (t Table) joinKeys(right Table, keys []string) (on join.On, err error) {
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
		if on.OfRight(a) != nil || on.IsRight(b) {
			return on, fmt.Errorf("key %q: a column is named twice", key)
		}
		on.Pairs = append(on.Pairs, [2]*column.Column{a, b})
	}
	return on, on.Unite(t.run, t.rows, right.rows)
}

// SemiJoin returns the rows of t whose values in the key columns some row of right has, each once. Keys are those of
// [Table.Join].
func (t Table) SemiJoin(right Table, keys ...string) Table {
	return t.having(right, keys, "semi join", true)
}

// SemiJoinParallel is [Table.SemiJoin] on several goroutines.
func (t Table) SemiJoinParallel(right Table, keys ...string) Table {
	return t.Parallel().SemiJoin(right, keys...)
}

// AntiJoin returns the rows of t whose values in the key columns no row of right has, those with a null among them.
func (t Table) AntiJoin(right Table, keys ...string) Table {
	return t.having(right, keys, "anti join", false)
}

// AntiJoinParallel is [Table.AntiJoin] on several goroutines.
func (t Table) AntiJoinParallel(right Table, keys ...string) Table {
	return t.Parallel().AntiJoin(right, keys...)
}

// having returns the rows that have a match, or that have none.
func (t Table) having(right Table, keys []string, doing string, match bool) Table {
	if t.err != nil {
		return t
	}
	doing += " on " + strings.Join(keys, ", ")
	on, err := t.joinKeys(right, keys)
	if err != nil {
		return t.fail(doing, err)
	}
	x, err := join.NewIndex(t.run, on.Right)
	if err != nil {
		return t.fail(doing, err)
	}
	return t.keep(doing, x.Matcher(on.Left, match))
}
