package column

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"locuslab/locuskit/table/internal/exec"
	"locuslab/locuskit/table/internal/large"
)

// OfStrings returns a column of strings.
func OfStrings(name string, values []string) (*Column, error) {
	b := NewDictionaryBuilder()
	codes := large.Zeroed[int32](len(values))
	for i, s := range values {
		codes[i] = b.Add(s)
	}
	if b.Full {
		return nil, ErrDictionaryFull(name)
	}
	c := OfCodes(name, codes, b.Build(), nil)
	c.Exact = true
	return c, c.CheckText(exec.Run{})
}

// ErrDictionaryFull returns the error of a column whose distinct strings are too long for one dictionary.
func ErrDictionaryFull(name string) error {
	return fmt.Errorf("column %q: its distinct strings exceed 2 GiB, the most that one dictionary holds: leave the column out or read the file in parts", name)
}

// AsFloats returns the values of a column of numbers as floats, its own memory if they are.
func (c *Column) AsFloats(e exec.Run) ([]float64, error) {
	if c.Kind == Float {
		return c.Floats, nil
	}
	out := large.Zeroed[float64](c.N)
	return out, e.Chunks(c.N, exec.ChunkRows, func(_, from, to int) {
		for i, v := range c.Ints[from:to] {
			out[from+i] = float64(v)
		}
	})
}

// Validity returns which values are not null; nil is all of them.
func (c *Column) Validity(e exec.Run) ([]bool, error) {
	if c.Valid == nil {
		return nil, nil
	}
	out := make([]bool, c.N)
	return out, e.Chunks(c.N, exec.ChunkRows, func(_, from, to int) {
		for i := from; i < to; i++ {
			out[i] = !c.Null(i)
		}
	})
}

// Shown returns a value as a table shows it: a number of a Float column with at most six
// decimals, as pandas has it. The column keeps all of it.
func (c *Column) Shown(i int) string {
	if c.Kind != Float || c.Null(i) {
		return c.Text(i)
	}
	v := c.Floats[i]
	if a := math.Abs(v); a != 0 && (a < 1e-4 || a >= 1e15) || math.IsNaN(v) {
		return strconv.FormatFloat(v, 'g', 7, 64)
	}
	text := strconv.FormatFloat(v, 'f', 6, 64)
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
}

// Text returns a value whole, "" for a null.
func (c *Column) Text(i int) string {
	if c.Null(i) {
		return ""
	}
	switch c.Kind {
	case Int:
		if c.Instants {
			return Instant(c.Ints[i]).Format(InstantLayout)
		}
		return strconv.FormatInt(c.Ints[i], 10)
	case Float:
		return strconv.FormatFloat(c.Floats[i], 'g', -1, 64)
	case Bool:
		return strconv.FormatBool(c.Bools[i])
	}
	return c.Str(i)
}
