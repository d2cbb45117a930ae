package group

import (
	"math/bits"

	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/exec"
	"locuslab/locuskit/table/internal/large"
)

// valueBits has a bit for each group and value, set where the group has the value. It needs values
// that are few or lie close together.
type valueBits struct {
	c     *column.Column
	low   int64 // the smallest of integers
	width int   // bits of a group
	words []uint64
}

const mostValueBits = 1 << 26 // 8 MiB for each goroutine

// newValueBits returns bits for the values of c, nil where they would be too many: more than the
// memory that they are read from, or than the processor's caches hold.
func newValueBits(e exec.Run, c *column.Column, groups int) (*valueBits, error) {
	c, err := c.Encoded(e)
	if err != nil {
		return nil, err
	}
	low, width := valueRange(e, c)
	groups = slots(c, groups)
	if most := uint64(min(mostValueBits, 64*c.N)); width == 0 || width > most || width*uint64(groups) > most {
		return nil, nil
	}
	return &valueBits{c, low, int(width), large.Zeroed[uint64]((groups*int(width) + 63) / 64)}, nil
}

// valueRange returns how many values c may have, counted from the smallest; 0 for any number.
func valueRange(e exec.Run, c *column.Column) (low int64, width uint64) {
	switch c.Kind {
	case column.Int:
		lo, hi := c.IntRange(e)
		return lo, uint64(hi) - uint64(lo) + 1
	case column.Bool:
		return 0, 2
	case column.String:
		return 0, uint64(max(1, c.Dict.Len()))
	}
	return 0, 0
}

func (a *valueBits) add(groups []int32, from int) {
	words, width := a.words, a.width
	switch a.c.Kind {
	case column.Int:
		for i, v := range a.c.Ints[from:][:len(groups)] {
			bit := uint(int(groups[i])*width + int(v-a.low))
			words[bit>>6] |= 1 << (bit & 63)
		}
	case column.Bool:
		for i, v := range a.c.Bools[from:][:len(groups)] {
			bit := uint(int(groups[i])*width + int(column.Bit(v)))
			words[bit>>6] |= 1 << (bit & 63)
		}
	case column.String:
		for i, v := range a.c.Codes[from:][:len(groups)] {
			bit := uint(int(groups[i])*width + int(v))
			words[bit>>6] |= 1 << (bit & 63)
		}
	}
}

func (a *valueBits) reads() *column.Column { return a.c }
func (a *valueBits) nulls() []byte         { return a.c.Valid }

func (a *valueBits) merge(other accumulator) {
	from := other.(*valueBits).words
	for i, w := range from {
		a.words[i] |= w
	}
	clear(from)
}

func (a *valueBits) twin() accumulator {
	return &valueBits{a.c, a.low, a.width, large.Zeroed[uint64](len(a.words))}
}

func (a *valueBits) anyOrder() bool { return true }

func (a *valueBits) over(*column.Column) accumulator { return nil } // groups share words

// of returns how many values a group has.
func (a *valueBits) of(g int32) int64 {
	from := uint(int(g) * a.width)
	to := from + uint(a.width)
	first, last := from>>6, (to-1)>>6
	head, tail := ^uint64(0)<<(from&63), ^uint64(0)>>(-to&63)
	if first == last {
		return int64(bits.OnesCount64(a.words[first] & head & tail))
	}
	n := bits.OnesCount64(a.words[first]&head) + bits.OnesCount64(a.words[last]&tail)
	for _, w := range a.words[first+1 : last] {
		n += bits.OnesCount64(w)
	}
	return int64(n)
}
