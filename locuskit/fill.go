package locuskit

import (
	"fmt"
	"slices"
	"sync"
	"time"
)

// valueOf gives row i of a column that is being made; there is false for a null.
type valueOf[T any] func(i int) (v T, there bool, err error)

// filled is a column of n rows of a kind that is held as T: ints, floats and bools. An error is that of the first row
// that has one.
func filled[T any](e execution, n int, value valueOf[T]) (values []T, valid []byte, err error) {
	values = make([]T, n)
	valid = newBitmap(n)
	var fail firstRow
	err = e.chunks(n, chunkRows, func(_, from, to int) { // chunks begin at whole bytes of valid
		for i := from; i < to; i++ {
			if i&0xfff == 0 && (e.cancelled() != nil || fail.before(from)) { // value may take its time
				return
			}
			v, there, err := value(i)
			if err != nil {
				fail.note(i, err)
				return
			}
			if there {
				values[i] = v
				setBit(valid, i)
			}
		}
	})
	if countBits(valid, n) == n {
		valid = nil
	}
	return values, valid, firstError([]error{err}, fail.err)
}

// filledText is filled for strings. Each chunk has a dictionary, joined in the order of the chunks.
func filledText(e execution, name string, n int, value valueOf[string]) (*column, error) {
	if n == 0 {
		return encodeStrings(name, nil)
	}
	parts := make([]*column, chunkCount(n, chunkRows))
	var fail firstRow
	err := e.chunks(n, chunkRows, func(chunk, from, to int) {
		b := newDictionaryBuilder()
		codes, valid := make([]int32, to-from), newBitmap(to-from)
		for i := from; i < to; i++ {
			if i&0xfff == 0 && (e.cancelled() != nil || fail.before(from)) {
				return
			}
			v, there, err := value(i)
			if err != nil {
				fail.note(i, err)
				return
			}
			if there {
				codes[i-from] = b.add(v)
				setBit(valid, i-from)
			}
		}
		if b.full {
			fail.note(from, errDictionaryFull(name))
			return
		}
		if countBits(valid, to-from) == to-from {
			valid = nil
		}
		parts[chunk] = stringColumn(name, codes, b.build(), valid)
		parts[chunk].exact = true
	})
	if err = firstError([]error{err}, fail.err); err != nil {
		return nil, err
	}
	c, err := concatColumns(e.quiet(), parts, n)
	if err != nil {
		return nil, err
	}
	return c, c.checkText(e)
}

// firstRow keeps the error of the first row that has one, whichever chunk comes first.
type firstRow struct {
	mu  sync.Mutex
	row int
	err error
}

func (f *firstRow) note(row int, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.err == nil || row < f.row {
		f.row, f.err = row, err
	}
}

// before reports whether a row before this one has an error.
func (f *firstRow) before(row int) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.err != nil && f.row < row
}

// With is t with a column that is computed of each row, in the place of one of that name or else behind the others. f is
// a function of [Row] to int64, int, float64, string, bool or [time.Time], or to one of these and a bool, which is
// false where there is to be no value:
//
//	visits.With("each", func(r locuskit.Row) (float64, bool) {
//		return r.Float("visits") / r.Float("visitors"), r.Int("visitors") > 0
//	})
//
// In the parallel form f is called from several goroutines at once.
func (t Table) With(name string, f any, opts ...TableOption) Table {
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
func (t Table) WithParallel(name string, f any, opts ...TableOption) Table {
	return t.Parallel(opts...).With(name, f)
}

func (t Table) computed(name string, f any) (*column, error) {
	switch f := f.(type) {
	case func(Row) int64:
		return fill(t, name, always(f), intColumn)
	case func(Row) int:
		return fill(t, name, func(r Row) (int64, bool) { return int64(f(r)), true }, intColumn)
	case func(Row) float64:
		return fill(t, name, always(f), floatColumn)
	case func(Row) bool:
		return fill(t, name, always(f), boolColumn)
	case func(Row) string:
		return t.fillText(name, always(f))
	case func(Row) time.Time:
		return t.fillTimes(name, always(f))
	case func(Row) (int64, bool):
		return fill(t, name, f, intColumn)
	case func(Row) (int, bool):
		return fill(t, name, func(r Row) (int64, bool) { v, ok := f(r); return int64(v), ok }, intColumn)
	case func(Row) (float64, bool):
		return fill(t, name, f, floatColumn)
	case func(Row) (bool, bool):
		return fill(t, name, f, boolColumn)
	case func(Row) (string, bool):
		return t.fillText(name, f)
	case func(Row) (time.Time, bool):
		return t.fillTimes(name, f)
	}
	return nil, fmt.Errorf("%T computes no column: it takes a func(locuskit.Row) of int64, int, float64, string, bool or time.Time, or of one of these and a bool", f)
}

func always[T any](f func(Row) T) func(Row) (T, bool) {
	if f == nil {
		return nil
	}
	return func(r Row) (T, bool) { return f(r), true }
}

func fill[T any](t Table, name string, f func(Row) (T, bool), column func(string, []T, []byte) *column) (*column, error) {
	values, valid, err := filled(t.run, t.rows, func(i int) (T, bool, error) {
		v, there := f(Row{t.cols, i})
		return v, there, nil
	})
	return column(name, values, valid), err
}

func (t Table) fillText(name string, f func(Row) (string, bool)) (*column, error) {
	return filledText(t.run, name, t.rows, func(i int) (string, bool, error) {
		v, there := f(Row{t.cols, i})
		return v, there, nil
	})
}

func (t Table) fillTimes(name string, f func(Row) (time.Time, bool)) (*column, error) {
	values, valid, err := filled(t.run, t.rows, func(i int) (int64, bool, error) {
		v, there := f(Row{t.cols, i})
		if !there {
			return 0, false, nil
		}
		at, err := instantOf(v)
		if err != nil {
			err = fmt.Errorf("row %d: %w", i+1, err)
		}
		return at, true, err
	})
	return timeColumn(name, values, valid), err
}

// replace is t with c in the place of the column of its name, or behind the others.
func (t Table) replace(c *column, step string) Table {
	cols := slices.Clone(t.cols)
	at := slices.IndexFunc(cols, func(have *column) bool { return have.name == c.name })
	if at < 0 {
		cols = append(cols, c)
	} else {
		cols[at] = c
	}
	return t.derive(cols, t.rows, step+": "+t.run.explain(t.rows, chunkRows))
}
