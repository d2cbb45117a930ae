package column

import (
	"locuslab/locuskit/table/internal/exec"
)

// RankedValues returns a column's values as integers of the same order, and back.
func RankedValues(c *Column) (key func(i int) uint64, back func(k uint64) float64) {
	switch c.Kind {
	case Int:
		return func(i int) uint64 { return uint64(c.Ints[i]) ^ 1<<63 },
			func(k uint64) float64 { return float64(int64(k ^ 1<<63)) }
	case Float:
		return func(i int) uint64 { return OrderedBits(c.Floats[i]) }, FromOrderedBits
	case Bool:
		return func(i int) uint64 {
			if c.Bools[i] {
				return 1
			}
			return 0
		}, nil
	}
	return func(i int) uint64 { return uint64(c.Codes[i]) }, nil
}

// RankValues puts the integers of [RankedValues] of rows from and on into dst.
func RankValues(dst []uint64, c *Column, from int) {
	c.Touch(from, from+len(dst))
	switch c.Kind {
	case Int:
		for i, v := range c.Ints[from:][:len(dst)] {
			dst[i] = uint64(v) ^ 1<<63
		}
	case Float:
		for i, v := range c.Floats[from:][:len(dst)] {
			dst[i] = OrderedBits(v)
		}
	case Bool:
		for i, v := range c.Bools[from:][:len(dst)] {
			dst[i] = uint64(Bit(v))
		}
	case String:
		for i, code := range c.Codes[from:][:len(dst)] {
			dst[i] = uint64(code)
		}
	}
}

// Largest returns the largest absolute value of an integer column, 0 for an empty one.
func Largest(e exec.Run, c *Column) uint64 {
	lo, hi := c.IntRange(e)
	if lo > hi {
		return 0
	}
	return max(magnitude(lo), magnitude(hi))
}

func magnitude(v int64) uint64 {
	if v < 0 {
		return -uint64(v) // right for the smallest int64, too
	}
	return uint64(v)
}
