package table

import (
	"fmt"
	"iter"
	"strings"
	"time"

	"locuslab/locuskit/table/internal/column"
)

// Row is one row of a table, as [Table.All] and [Table.Filter] give it. It is
// valid as long as its table. Its methods panic where they are asked for a column
// that the table does not have, or for a value of another kind than the column's; a
// [Table.Filter] turns that into the error of its table.
type Row struct {
	cols []*column.Column
	i    int
}

// Index returns the row's number in its table, from 0.
func (r Row) Index() int { return r.i }

// Value returns the row's int64, float64, string, bool or [time.Time] in the named column; nil
// for a null.
func (r Row) Value(name string) any { return r.find(name).Value(r.i) }

// Int returns the row's value in an int column; 0 for a null.
func (r Row) Int(name string) int64 {
	if c := r.of(name, column.Int); !c.Null(r.i) {
		return c.Ints[r.i]
	}
	return 0
}

// Float returns the row's value in a column of numbers; 0 for a null.
func (r Row) Float(name string) float64 {
	c := r.find(name)
	switch {
	case !c.Numbers():
		panic(&rowMisuse{fmt.Errorf("column %q holds %s values, not numbers", name, c.Holds())})
	case c.Null(r.i):
		return 0
	case c.Kind == column.Float:
		return c.Floats[r.i]
	}
	return float64(c.Ints[r.i])
}

// String returns the row's value in a string column; "" for a null.
func (r Row) String(name string) string {
	if c := r.of(name, column.String); !c.Null(r.i) {
		return c.Str(r.i)
	}
	return ""
}

// Bool returns the row's value in a bool column; false for a null.
func (r Row) Bool(name string) bool {
	c := r.of(name, column.Bool)
	return !c.Null(r.i) && c.Bools[r.i]
}

// Time returns the row's value in a column of times; the zero time for a null.
func (r Row) Time(name string) time.Time {
	if c := r.of(name, column.Timestamp); !c.Null(r.i) {
		return column.Instant(c.Ints[r.i])
	}
	return time.Time{}
}

// IsNull reports whether the row has no value in the named column.
func (r Row) IsNull(name string) bool { return r.find(name).Null(r.i) }

// rowMisuse is what a row cannot answer.
type rowMisuse struct{ err error }

func (m *rowMisuse) Error() string { return "row of a table: " + m.err.Error() }

func (m *rowMisuse) Unwrap() error { return m.err }

func (r Row) find(name string) *column.Column {
	for _, c := range r.cols {
		if c.Name == name {
			return c
		}
	}
	names := make([]string, len(r.cols))
	for i, c := range r.cols {
		names[i] = c.Name
	}
	panic(&rowMisuse{fmt.Errorf("no column %q: the table has %s", name, strings.Join(names, ", "))})
}

func (r Row) of(name string, k column.Kind) *column.Column {
	c := r.find(name)
	if c.Holds() != k {
		panic(&rowMisuse{fmt.Errorf("column %q holds %s values, not %s", name, c.Holds(), k)})
	}
	return c
}

// All gives the rows one after another. It panics as [Table.Rows] does.
func (t Table) All() iter.Seq2[int, Row] {
	t.must()
	return func(yield func(int, Row) bool) {
		for i := range t.rows {
			if !yield(i, Row{t.cols, i}) {
				return
			}
		}
	}
}
