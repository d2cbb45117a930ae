package table

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"locuslab/locuskit/table/internal/exec"
)

// WhereNull is the rows that have no value in a column, in their order. NaN is a value.
func (t Table) WhereNull(name string, opts ...Option) Table {
	return t.with(opts).byNull(name, true)
}

// WhereNullParallel is [Table.WhereNull] on several goroutines.
func (t Table) WhereNullParallel(name string, opts ...Option) Table {
	return t.Parallel(opts...).WhereNull(name)
}

// WhereNotNull is the rows that have a value in a column, in their order.
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
	return t.keepMatching(doing, func(from, to int, out []int32) int {
		return choose(c, from, to, out, func(i int) bool { return c.null(i) == null })
	})
}

// DropNulls is the rows that have a value in each of the named columns, or in every one where none is named.
func (t Table) DropNulls(names ...string) Table {
	if t.err != nil {
		return t
	}
	doing := "drop rows with nulls"
	if len(names) > 0 {
		doing += " in " + strings.Join(names, ", ")
	}
	var cols []*column
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
	cols = slices.DeleteFunc(cols, func(c *column) bool { return c.valid == nil })
	return t.keepMatching(doing, func(from, to int, out []int32) int {
		return choose(nil, from, to, out, func(i int) bool {
			for _, c := range cols {
				if c.null(i) {
					return false
				}
			}
			return true
		})
	})
}

// DropNullsParallel is [Table.DropNulls] on several goroutines.
func (t Table) DropNullsParallel(names ...string) Table { return t.Parallel().DropNulls(names...) }

// FillNull is t with a value where a column has none. The value is of the column's kind; a whole number will
// do for a column of floats.
func (t Table) FillNull(name string, value any, opts ...Option) Table {
	t = t.with(opts)
	if t.err != nil {
		return t
	}
	doing := fmt.Sprintf("fill nulls of %s with %v", name, value)
	c, err := t.column(name)
	if err == nil {
		c, err = c.withoutNulls(t.run, value)
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

func (c *column) withoutNulls(e exec.Run, value any) (*column, error) {
	c, err := c.encoded(e)
	if err != nil {
		return nil, err
	}
	out := *c
	out.valid, out.exact, out.stats = nil, false, nil
	unfit := fmt.Errorf("column %q holds %s values: %v (%T) is none", c.name, c.holds(), value, value)
	switch c.holds() {
	case Int:
		v, ok := value.(int64)
		if small, whole := value.(int); whole {
			v, ok = int64(small), true
		}
		if !ok {
			return nil, unfit
		}
		out.ints, err = present(e, c, c.ints, v)
	case Timestamp:
		at, ok := value.(time.Time)
		if !ok {
			return nil, unfit
		}
		v, err2 := instantOf(at)
		if err2 != nil {
			return nil, err2
		}
		out.ints, err = present(e, c, c.ints, v)
	case Float:
		v, ok := toFloat(value)
		if !ok {
			return nil, unfit
		}
		out.floats, err = present(e, c, c.floats, v)
	case Bool:
		v, ok := value.(bool)
		if !ok {
			return nil, unfit
		}
		out.bools, err = present(e, c, c.bools, v)
	case String:
		v, ok := value.(string)
		if !ok {
			return nil, unfit
		}
		b := newDictionaryBuilder()
		b.absorb(e, c.dict)
		code := b.add(v)
		if b.full {
			return nil, errDictionaryFull(c.name)
		}
		out.dict = b.build() // codes of the old one are those of the new
		if out.codes, err = present(e, c, c.codes, code); err == nil {
			err = out.checkText(e)
		}
	}
	if out.kind == Int {
		out.stats = new(intStats)
	}
	return &out, err
}

// present is the values of c, with one in the place of those that are not there.
func present[T any](e exec.Run, c *column, values []T, instead T) ([]T, error) {
	if c.valid == nil {
		return values, nil
	}
	out := make([]T, len(values))
	return out, e.Chunks(len(values), exec.ChunkRows, func(_, from, to int) {
		for i := from; i < to; i++ {
			if out[i] = values[i]; c.null(i) {
				out[i] = instead
			}
		}
	})
}
