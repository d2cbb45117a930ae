package table

import (
	"fmt"
	"slices"
	"strings"

	"locuslab/locuskit/table/internal/column"
)

// WhereNull returns the rows that have no value in a column, in their order. NaN is a value.
func (t Table) WhereNull(name string, opts ...Option) Table {
	return t.with(opts).byNull(name, true)
}

// WhereNullParallel is [Table.WhereNull] on several goroutines.
func (t Table) WhereNullParallel(name string, opts ...Option) Table {
	return t.Parallel(opts...).WhereNull(name)
}

// WhereNotNull returns the rows that have a value in a column, in their order.
func (t Table) WhereNotNull(name string, opts ...Option) Table {
	return t.with(opts).byNull(name, false)
}

// WhereNotNullParallel is [Table.WhereNotNull] on several goroutines.
func (t Table) WhereNotNullParallel(name string, opts ...Option) Table {
	return t.Parallel(opts...).WhereNotNull(name)
}

func (t Table) byNull(name string, null bool) Table {
	if t.err != nil {
		return t
	}
	doing := "where " + name + " is null"
	if !null {
		doing = "where " + name + " is not null"
	}
	c, err := t.column(name)
	if err != nil {
		return t.fail(doing, err)
	}
	var full []*column.Column
	if !null {
		full = []*column.Column{c}
	}
	return t.keepMatching(doing, full, func(from, to int, out []int32) int {
		return column.Choose(c, from, to, out, func(i int) bool { return c.Null(i) == null })
	})
}

// DropNulls returns the rows that have a value in each of the named columns, or in every one where none is named.
func (t Table) DropNulls(names ...string) Table {
	if t.err != nil {
		return t
	}
	doing := "drop rows with nulls"
	if len(names) > 0 {
		doing += " in " + strings.Join(names, ", ")
	}
	var cols []*column.Column
	for _, name := range names {
		c, err := t.column(name)
		if err != nil {
			return t.fail(doing, err)
		}
		cols = append(cols, c)
	}
	if len(names) == 0 {
		cols = slices.Clone(t.cols)
	}
	cols = slices.DeleteFunc(cols, func(c *column.Column) bool { return c.Valid == nil })
	return t.keepMatching(doing, cols, func(from, to int, out []int32) int {
		return column.Choose(nil, from, to, out, func(i int) bool {
			for _, c := range cols {
				if c.Null(i) {
					return false
				}
			}
			return true
		})
	})
}

// DropNullsParallel is [Table.DropNulls] on several goroutines.
func (t Table) DropNullsParallel(names ...string) Table { return t.Parallel().DropNulls(names...) }

// FillNull returns t with a value where a column has none. The value is of the column's kind; a whole number will
// do for a column of floats.
func (t Table) FillNull(name string, value any, opts ...Option) Table {
	t = t.with(opts)
	if t.err != nil {
		return t
	}
	doing := fmt.Sprintf("fill nulls of %s with %v", name, value)
	c, err := t.column(name)
	if err == nil {
		c, err = c.WithoutNulls(t.run, value)
	}
	if err != nil {
		return t.fail(doing, err)
	}
	return t.replace(c, doing)
}

// FillNullParallel is [Table.FillNull] on several goroutines.
func (t Table) FillNullParallel(name string, value any, opts ...Option) Table {
	return t.Parallel(opts...).FillNull(name, value)
}
