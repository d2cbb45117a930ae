package table

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"locuslab/locuskit/table/internal/exec"
)

// Cast is t with a column's values as another kind: texts as the numbers, bools or times that they are written as, numbers
// and bools and times as texts that are read back as the same, ints as floats and the other way, bools as 0 and 1. Nulls
// stay nulls. A value that cannot be held exactly as the other kind is an error that names its row, never another value: a
// float with a fraction is no int, and an int beyond 2^53 that no float equals no float.
//
//	addresses.Cast("zip", table.String).Cast("day", table.Timestamp)
//
// Texts of times are dates, or dates and times in RFC 3339 or with a space for the T, in UTC where they name no zone, and
// no finer than a microsecond. For others see [Table.With].
func (t Table) Cast(name string, to Kind, opts ...Option) Table {
	t = t.with(opts)
	if t.err != nil {
		return t
	}
	doing := fmt.Sprintf("cast %s to %s", name, to)
	c, err := t.column(name)
	if err == nil && c.holds() != to {
		c, err = c.cast(t.run, to)
	}
	if err != nil {
		return t.fail(doing, err)
	}
	return t.replace(c, doing)
}

// CastParallel is [Table.Cast] on several goroutines.
func (t Table) CastParallel(name string, to Kind, opts ...Option) Table {
	return t.Parallel(opts...).Cast(name, to)
}

func (c *column) cast(e exec.Run, to Kind) (*column, error) {
	switch to {
	case String:
		return filledText(e, c.name, c.n, func(i int) (string, bool, error) { return c.text(i), !c.null(i), nil })
	case Int:
		values, valid, err := castWith(e, c, to, c.toInt(e))
		return intColumn(c.name, values, valid), err
	case Float:
		values, valid, err := castWith(e, c, to, c.toFloat(e))
		return floatColumn(c.name, values, valid), err
	case Bool:
		values, valid, err := castWith(e, c, to, c.toBool(e))
		return boolColumn(c.name, values, valid), err
	case Timestamp:
		if c.holds() != String {
			return nil, fmt.Errorf("column %q holds %s values: only texts can be cast to times; see With", c.name, c.holds())
		}
		values, valid, err := castWith(e, c, to, perText(e, c, parseInstant))
		return timeColumn(c.name, values, valid), err
	}
	return nil, fmt.Errorf("there is no kind %v: a column is of Int, Float, String, Bool or Timestamp", to)
}

// castWith casts each value; as is nil where no value of the column's kind can be.
func castWith[T any](e exec.Run, c *column, to Kind, as func(i int) (T, bool)) ([]T, []byte, error) {
	if as == nil {
		return nil, nil, fmt.Errorf("column %q holds %s values, which are no %s", c.name, c.holds(), to)
	}
	return filled(e, c.n, func(i int) (v T, there bool, err error) {
		if c.null(i) {
			return v, false, nil
		}
		v, ok := as(i)
		if !ok {
			return v, true, fmt.Errorf("column %q, row %d: %.60q is not exactly %s", c.name, i+1, c.text(i), article(to))
		}
		return v, true, nil
	})
}

func (c *column) toInt(e exec.Run) func(i int) (int64, bool) {
	switch c.holds() {
	case Float:
		return func(i int) (int64, bool) {
			v := c.floats[i]
			// As a float64, 2^63 is the first that is too large.
			return int64(v), v == math.Trunc(v) && v >= -1<<63 && v < 1<<63
		}
	case Bool:
		return func(i int) (int64, bool) { return bit(c.bools[i]), true }
	case String:
		return perText(e, c, func(text string) (int64, bool) {
			v, err := strconv.ParseInt(text, 10, 64)
			return v, err == nil
		})
	}
	return nil
}

func (c *column) toFloat(e exec.Run) func(i int) (float64, bool) {
	switch c.holds() {
	case Int:
		return func(i int) (float64, bool) {
			v := float64(c.ints[i])
			return v, v < 1<<63 && int64(v) == c.ints[i]
		}
	case Bool:
		return func(i int) (float64, bool) { return float64(bit(c.bools[i])), true }
	case String:
		return perText(e, c, func(text string) (float64, bool) {
			v, err := strconv.ParseFloat(text, 64)
			return v, err == nil && !strings.ContainsAny(text, "xXpP_") // Go's own ways to write numbers
		})
	}
	return nil
}

func (c *column) toBool(e exec.Run) func(i int) (bool, bool) {
	switch c.holds() {
	case Int:
		return func(i int) (bool, bool) { return c.ints[i] == 1, c.ints[i] == 0 || c.ints[i] == 1 }
	case Float:
		return func(i int) (bool, bool) { return c.floats[i] == 1, c.floats[i] == 0 || c.floats[i] == 1 }
	case String:
		return perText(e, c, func(text string) (bool, bool) { return text == "true", text == "true" || text == "false" })
	}
	return nil
}

// perText parses each distinct text once. Where e is cancelled the caller sees it by e.
func perText[T any](e exec.Run, c *column, parse func(string) (T, bool)) func(i int) (T, bool) {
	if c.plain != nil {
		return func(i int) (T, bool) { return parse(c.str(i)) }
	}
	values, good := make([]T, c.dict.len()), make([]bool, c.dict.len())
	_ = e.Quiet().Chunks(len(values), sortRun, func(_, from, to int) {
		for code := from; code < to; code++ {
			values[code], good[code] = parse(c.dict.value(int32(code)))
		}
	})
	return func(i int) (T, bool) { return values[c.codes[i]], good[c.codes[i]] }
}
