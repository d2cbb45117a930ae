package table

import (
	"fmt"

	"locuslab/locuskit/table/internal/column"
)

// Cast returns t with a column's values as another kind: texts as the numbers, bools or times that they are written as, numbers
// and bools and times as texts that are read back as the same, ints as floats and the other way, bools as 0 and 1. Nulls
// stay nulls. A value that cannot be held exactly as the other kind is an error that names its row, never another value: a
// float with a fraction is no int, and an int beyond 2^53 that no float equals no float.
//
//	addresses.Cast("zip", table.String).Cast("day", table.Timestamp)
//
// Texts of times are dates, or dates and times in RFC 3339 or with a space for the T, in UTC where they name no zone, and
// no finer than a microsecond. For others see [Table.With].
func (t Table) Cast(name string, to column.Kind, opts ...Option) Table {
	t = t.with(opts)
	if t.err != nil {
		return t
	}
	doing := fmt.Sprintf("cast %s to %s", name, to)
	c, err := t.column(name)
	if err == nil && c.Holds() != to {
		c, err = c.Cast(t.run, to)
	}
	if err != nil {
		return t.fail(doing, err)
	}
	return t.replace(c, doing)
}

// CastParallel is [Table.Cast] on several goroutines.
func (t Table) CastParallel(name string, to column.Kind, opts ...Option) Table {
	return t.Parallel(opts...).Cast(name, to)
}
