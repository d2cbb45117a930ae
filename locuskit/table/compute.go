package table

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"time"

	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/exec"
)

// With returns t with a column that is computed of each row, in place of the column of that name or else after the others. f is
// a function of [Row] to int64, int, float64, string, bool or [time.Time], or to one of these and a bool, which is
// false where there is to be no value:
//
//	visits.With("each", func(r table.Row) (float64, bool) {
//		return r.Float("visits") / r.Float("visitors"), r.Int("visitors") > 0
//	})
//
// In the parallel form f is called from several goroutines at once. A name or kind that the table does not have is an
// error, as in [Table.Filter].
func (t Table) With(name string, f any, opts ...Option) Table {
	t = t.with(opts)
	if t.err != nil {
		return t
	}
	doing := "compute " + name
	c, err := t.computed(name, f)
	if err != nil {
		return t.fail(doing, err)
	}
	return t.replace(c, doing)
}

// WithParallel is [Table.With] on several goroutines.
func (t Table) WithParallel(name string, f any, opts ...Option) Table {
	return t.Parallel(opts...).With(name, f)
}

func (t Table) computed(name string, f any) (*column.Column, error) {
	if v := reflect.ValueOf(f); v.Kind() == reflect.Func && v.IsNil() {
		return nil, errors.New("the function is nil")
	}
	switch f := f.(type) {
	case func(Row) int64:
		return fill(t, name, always(f), column.OfInts)
	case func(Row) int:
		return fill(t, name, func(r Row) (int64, bool) { return int64(f(r)), true }, column.OfInts)
	case func(Row) float64:
		return fill(t, name, always(f), column.OfFloats)
	case func(Row) bool:
		return fill(t, name, always(f), column.OfBools)
	case func(Row) string:
		return t.fillText(name, always(f))
	case func(Row) time.Time:
		return t.fillTimes(name, always(f))
	case func(Row) (int64, bool):
		return fill(t, name, f, column.OfInts)
	case func(Row) (int, bool):
		return fill(t, name, func(r Row) (int64, bool) { v, ok := f(r); return int64(v), ok }, column.OfInts)
	case func(Row) (float64, bool):
		return fill(t, name, f, column.OfFloats)
	case func(Row) (bool, bool):
		return fill(t, name, f, column.OfBools)
	case func(Row) (string, bool):
		return t.fillText(name, f)
	case func(Row) (time.Time, bool):
		return t.fillTimes(name, f)
	}
	return nil, fmt.Errorf("%T computes no column: it takes a func(table.Row) of int64, int, float64, string, bool or time.Time, or of one of these and a bool", f)
}

func always[T any](f func(Row) T) func(Row) (T, bool) {
	return func(r Row) (T, bool) { return f(r), true }
}

func fill[T any](t Table, name string, f func(Row) (T, bool), col func(string, []T, []byte) *column.Column) (*column.Column, error) {
	values, valid, err := column.Filled(t.run, t.rows, asked(t, f))
	return col(name, values, valid), err
}

func (t Table) fillText(name string, f func(Row) (string, bool)) (*column.Column, error) {
	return column.FilledText(t.run, name, t.rows, asked(t, f))
}

func (t Table) fillTimes(name string, f func(Row) (time.Time, bool)) (*column.Column, error) {
	ask := asked(t, f)
	values, valid, err := column.Filled(t.run, t.rows, func(i int) (int64, bool, error) {
		v, there, err := ask(i)
		if !there || err != nil {
			return 0, false, err
		}
		at, err := column.InstantOf(v)
		if err != nil {
			err = fmt.Errorf("row %d: %w", i+1, err)
		}
		return at, true, err
	})
	return column.OfInstants(name, values, valid), err
}

// asked calls f for rows. What it asks of a row that the row cannot answer is an error.
func asked[T any](t Table, f func(Row) (T, bool)) column.ValueOf[T] {
	return func(i int) (v T, there bool, err error) {
		defer func() {
			switch r := recover().(type) {
			case nil:
			case *rowMisuse:
				err = r.err
			default:
				panic(r)
			}
		}()
		v, there = f(Row{t.cols, i})
		return v, there, nil
	}
}

// replace returns t with c in place of the column of its name, or after the others.
func (t Table) replace(c *column.Column, step string) Table {
	cols := slices.Clone(t.cols)
	at := slices.IndexFunc(cols, func(have *column.Column) bool { return have.Name == c.Name })
	if at < 0 {
		cols = append(cols, c)
	} else {
		cols[at] = c
	}
	return t.derive(cols, t.rows, step+": "+t.run.Explain(t.rows, exec.ChunkRows))
}
