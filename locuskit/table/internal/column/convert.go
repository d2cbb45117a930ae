package column

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"locuslab/locuskit/table/internal/exec"
)

// Cast returns the column as one of another kind; a value that the kind does not have is null or an error, as table.Table.Cast tells.
func (c *Column) Cast(e exec.Run, to Kind) (*Column, error) {
	switch to {
	case String:
		return FilledText(e, c.Name, c.N, func(i int) (string, bool, error) { return c.Text(i), !c.Null(i), nil })
	case Int:
		values, valid, err := castWith(e, c, to, c.toInt(e))
		return OfInts(c.Name, values, valid), err
	case Float:
		values, valid, err := castWith(e, c, to, c.toFloat(e))
		return OfFloats(c.Name, values, valid), err
	case Bool:
		values, valid, err := castWith(e, c, to, c.toBool(e))
		return OfBools(c.Name, values, valid), err
	case Timestamp:
		if c.Holds() != String {
			return nil, fmt.Errorf("column %q holds %s values: only texts can be cast to times; see With", c.Name, c.Holds())
		}
		values, valid, err := castWith(e, c, to, perText(e, c, parseInstant))
		return OfInstants(c.Name, values, valid), err
	}
	return nil, fmt.Errorf("there is no kind %v: a column is of Int, Float, String, Bool or Timestamp", to)
}

// castWith casts each value; as is nil where no value of the column's kind can be.
func castWith[T any](e exec.Run, c *Column, to Kind, as func(i int) (T, bool)) ([]T, []byte, error) {
	if as == nil {
		return nil, nil, fmt.Errorf("column %q holds %s values, which are no %s", c.Name, c.Holds(), to)
	}
	return Filled(e, c.N, func(i int) (v T, there bool, err error) {
		if c.Null(i) {
			return v, false, nil
		}
		v, ok := as(i)
		if !ok {
			return v, true, fmt.Errorf("column %q, row %d: %.60q is not exactly %s", c.Name, i+1, c.Text(i), Article(to))
		}
		return v, true, nil
	})
}

func (c *Column) toInt(e exec.Run) func(i int) (int64, bool) {
	switch c.Holds() {
	case Float:
		return func(i int) (int64, bool) {
			v := c.Floats[i]
			// As a float64, 2^63 is the first that is too large.
			return int64(v), v == math.Trunc(v) && v >= -1<<63 && v < 1<<63
		}
	case Bool:
		return func(i int) (int64, bool) { return Bit(c.Bools[i]), true }
	case String:
		return perText(e, c, func(text string) (int64, bool) {
			v, err := strconv.ParseInt(text, 10, 64)
			return v, err == nil
		})
	}
	return nil
}

func (c *Column) toFloat(e exec.Run) func(i int) (float64, bool) {
	switch c.Holds() {
	case Int:
		return func(i int) (float64, bool) {
			v := float64(c.Ints[i])
			return v, v < 1<<63 && int64(v) == c.Ints[i]
		}
	case Bool:
		return func(i int) (float64, bool) { return float64(Bit(c.Bools[i])), true }
	case String:
		return perText(e, c, func(text string) (float64, bool) {
			v, err := strconv.ParseFloat(text, 64)
			return v, err == nil && !strings.ContainsAny(text, "xXpP_") // Go's own ways to write numbers
		})
	}
	return nil
}

func (c *Column) toBool(e exec.Run) func(i int) (bool, bool) {
	switch c.Holds() {
	case Int:
		return func(i int) (bool, bool) { return c.Ints[i] == 1, c.Ints[i] == 0 || c.Ints[i] == 1 }
	case Float:
		return func(i int) (bool, bool) { return c.Floats[i] == 1, c.Floats[i] == 0 || c.Floats[i] == 1 }
	case String:
		return perText(e, c, func(text string) (bool, bool) { return text == "true", text == "true" || text == "false" })
	}
	return nil
}

// perText parses each distinct text once. Where e is cancelled the caller sees it by e.
func perText[T any](e exec.Run, c *Column, parse func(string) (T, bool)) func(i int) (T, bool) {
	if c.Plain != nil {
		return func(i int) (T, bool) { return parse(c.Str(i)) }
	}
	values, good := make([]T, c.Dict.Len()), make([]bool, c.Dict.Len())
	_ = e.Quiet().Chunks(len(values), SortRun, func(_, from, to int) {
		for code := from; code < to; code++ {
			values[code], good[code] = parse(c.Dict.Value(int32(code)))
		}
	})
	return func(i int) (T, bool) { return values[c.Codes[i]], good[c.Codes[i]] }
}

// Bit is 1 for true.
func Bit(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
