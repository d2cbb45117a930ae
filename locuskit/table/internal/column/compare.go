package column

import (
	"fmt"
	"strings"
	"time"

	"locuslab/locuskit/internal/bound"
	"locuslab/locuskit/table/internal/large"
)

// matchOrdered finds the values that compare so to bound.
func matchOrdered[T int64 | float64](values []T, op string, bound T) Matcher {
	return func(from, to int, out []int32) int {
		n := 0
		for at := from; at < to; at += large.Batch {
			v := values[at:min(at+large.Batch, to)]
			large.Touch(v)
			n += matchBatch(v, op, bound, out[n:][:len(v)], int32(at-from))
		}
		return n
	}
}

// matchBatch writes which of v, counted from first, compare so to bound. One loop an operator:
// each row number is written, and counted only if it matches, which compiles to
// code without a branch that data could mispredict.
func matchBatch[T int64 | float64](v []T, op string, bound T, out []int32, first int32) (n int) {
	switch op {
	case "==":
		for i, x := range v {
			out[n] = first + int32(i)
			if x == bound {
				n++
			}
		}
	case "!=":
		for i, x := range v {
			out[n] = first + int32(i)
			if x != bound {
				n++
			}
		}
	case "<":
		for i, x := range v {
			out[n] = first + int32(i)
			if x < bound {
				n++
			}
		}
	case "<=":
		for i, x := range v {
			out[n] = first + int32(i)
			if x <= bound {
				n++
			}
		}
	case ">":
		for i, x := range v {
			out[n] = first + int32(i)
			if x > bound {
				n++
			}
		}
	case ">=":
		for i, x := range v {
			out[n] = first + int32(i)
			if x >= bound {
				n++
			}
		}
	}
	return n
}

// Choose writes the rows of [from, to) that match, counted from from.
func Choose(_ *Column, from, to int, out []int32, match func(i int) bool) int {
	n := 0
	for i := from; i < to; i++ {
		if match(i) {
			out[n] = int32(i - from)
			n++
		}
	}
	return n
}

// Matcher writes the matching rows of [from, to), counted from from, into out and returns how many there are.
type Matcher func(from, to int, out []int32) int

// Comparison returns a matcher of the rows whose value compares so to value.
func Comparison(c *Column, op string, value any) (Matcher, error) {
	if !strings.Contains(" == != < <= > >= ", " "+op+" ") || op == "" {
		return nil, fmt.Errorf("no comparison %q: use one of == != < <= > >=", op)
	}
	switch c.Holds() {
	case Timestamp:
		if v, ok := value.(time.Time); ok {
			return compareTimes(c, op, v), nil
		}
	case Int:
		return compareInts(c, op, value)
	case Float:
		if v, ok := toFloat(value); ok {
			return matchOrdered(c.Floats, op, v), nil
		}
	case String:
		if v, ok := value.(string); ok {
			return compareStrings(c, op, v), nil
		}
	case Bool:
		if v, ok := value.(bool); ok {
			if op != "==" && op != "!=" {
				return nil, fmt.Errorf("column %q holds bool values: compare them with == or !=", c.Name)
			}
			want := v == (op == "==")
			return func(from, to int, out []int32) int {
				return Choose(c, from, to, out, func(i int) bool { return c.Bools[i] == want })
			}, nil
		}
	}
	return nil, fmt.Errorf("column %q holds %s values: it cannot be compared to %v (%T)", c.Name, c.Holds(), value, value)
}

func toFloat(v any) (float64, bool) {
	switch v := v.(type) {
	case int:
		return float64(v), true
	case int64:
		return float64(v), true
	case float64:
		return v, true
	}
	return 0, false
}

func compareInts(c *Column, op string, value any) (Matcher, error) {
	switch v := value.(type) {
	case int:
		return matchOrdered(c.Ints, op, int64(v)), nil
	case int64:
		return matchOrdered(c.Ints, op, v), nil
	case float64:
		// A whole column as float64 would round; one bound moved to the next
		// integer compares exactly.
		limit, op := bound.OfIntegers(op, v)
		switch op {
		case bound.All:
			return func(from, to int, out []int32) int {
				return Choose(c, from, to, out, func(int) bool { return true })
			}, nil
		case bound.None:
			return func(int, int, []int32) int { return 0 }, nil
		}
		return matchOrdered(c.Ints, op, limit), nil
	}
	return nil, fmt.Errorf("column %q holds int values: it cannot be compared to %v (%T)", c.Name, value, value)
}

// compareTimes compares with a time that may be finer than those of a column.
func compareTimes(c *Column, op string, v time.Time) Matcher {
	whole := v.Truncate(time.Microsecond)
	if whole.Equal(v) {
		return matchOrdered(c.Ints, op, v.UnixMicro())
	}
	switch op {
	case "==":
		return func(int, int, []int32) int { return 0 }
	case "!=":
		return func(from, to int, out []int32) int { return Choose(c, from, to, out, func(int) bool { return true }) }
	case "<", "<=":
		return matchOrdered(c.Ints, "<=", whole.UnixMicro())
	}
	return matchOrdered(c.Ints, ">", whole.UnixMicro())
}

// compareStrings compares each distinct string once, then codes.
func compareStrings(c *Column, op, v string) Matcher {
	if c.Plain != nil {
		return comparePlain(c, op, v)
	}
	match := make([]bool, max(1, c.Dict.Len()))
	for code := range c.Dict.Len() {
		s := c.Dict.Value(int32(code))
		switch op {
		case "==":
			match[code] = s == v
		case "!=":
			match[code] = s != v
		case "<":
			match[code] = s < v
		case "<=":
			match[code] = s <= v
		case ">":
			match[code] = s > v
		case ">=":
			match[code] = s >= v
		}
	}
	return func(from, to int, out []int32) int {
		n := 0
		for i, code := range c.Codes[from:to] {
			out[n] = int32(i)
			if match[code] {
				n++
			}
		}
		return n
	}
}
