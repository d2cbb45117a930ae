package column

import (
	"math"
	"math/bits"
	"slices"

	"locuslab/locuskit/table/internal/exec"
)

// FromKeys returns column c in order, nil where the keys do not tell its values.
func (o Ordering) FromKeys(e exec.Run, c *Column) (*Column, error) {
	if !o.whole {
		return nil, nil
	}
	shift := uint(32)
	for i := len(o.word) - 1; i >= 0; i-- {
		p := o.word[i]
		if p.key.c != c || p.key.restore == nil {
			shift += p.width
			continue
		}
		out := p.key.coded.UnwrittenLike(c.N)
		mask := uint64(1)<<p.width - 1
		return out, e.Chunks(c.N, exec.ChunkRows, func(_, from, to int) {
			p.key.restore(out, o.pairs[from:to], shift, mask, from)
		})
	}
	return nil, nil
}

// SortKey is a key column as unsigned integers in sorting order.
type SortKey struct {
	c     *Column
	coded *Column // c, strings with a dictionary
	width uint    // bits that the integers need
	fill  func(dst []uint64, from, to int)
	// restore gives rows from and on of out the values of keys, which are the bits
	// of mask above shift of each pair; nil where a key does not tell its value.
	restore func(out *Column, pairs []uint64, shift uint, mask uint64, from int)
}

// NewSortKey returns the values of a column as integers in sorting order.
func NewSortKey(e exec.Run, c *Column, down bool) (SortKey, error) {
	k := SortKey{c: c}
	c, err := c.Encoded(e)
	if err != nil {
		return SortKey{}, err
	}
	k.coded = c
	var top uint64 // the largest key of a value
	switch c.Kind {
	case Int:
		lo, hi := c.IntRange(e)
		top = uint64(hi) - uint64(lo)
		k.fill = func(dst []uint64, from, to int) {
			dst = dst[:to-from]
			for i, v := range c.Ints[from:to] {
				dst[i] = uint64(v) - uint64(lo)
			}
			reverse(dst, down, top)
		}
		base, step := lo, int64(1)
		if down {
			base, step = hi, -1
		}
		k.restore = func(out *Column, pairs []uint64, shift uint, mask uint64, from int) {
			dst := out.Ints[from:][:len(pairs)]
			for i, p := range pairs {
				dst[i] = base + step*int64(p>>shift&mask)
			}
		}
	case Float:
		// All NaNs are the largest key and stay so when the order is turned.
		top = 1<<64 - 2
		k.fill = func(dst []uint64, from, to int) {
			for i, v := range c.Floats[from:to] {
				b := OrderedBits(v)
				if down && b != 1<<64-1 {
					b = top - b
				}
				dst[i] = b
			}
		}
		k.width = 64
	case Bool:
		top = 1
		k.fill = func(dst []uint64, from, to int) {
			for i, v := range c.Bools[from:to] {
				dst[i] = 0
				if v {
					dst[i] = 1
				}
			}
			reverse(dst[:to-from], down, top)
		}
	case String:
		codes, ranks, err := c.Dict.Sorted(e)
		if err != nil {
			return SortKey{}, err
		}
		top = uint64(max(1, len(ranks)) - 1)
		k.fill = func(dst []uint64, from, to int) {
			for i, code := range c.Codes[from:to] {
				dst[i] = 0
				if int(code) < len(ranks) {
					dst[i] = uint64(ranks[code])
				}
			}
			reverse(dst[:to-from], down, top)
		}
		if down {
			codes = slices.Clone(codes)
			slices.Reverse(codes)
		}
		k.restore = func(out *Column, pairs []uint64, shift uint, mask uint64, from int) {
			dst := out.Codes[from:][:len(pairs)]
			for i, p := range pairs {
				dst[i] = codes[p>>shift&mask]
			}
		}
	}
	if c.Kind != Float {
		k.width = uint(bits.Len64(top))
	}
	if fill := k.fill; c.Valid != nil {
		k.restore = nil
		k.fill = func(dst []uint64, from, to int) {
			fill(dst, from, to)
			for i := range to - from {
				if c.Null(from + i) {
					dst[i] = 0
				}
			}
		}
	}
	return k, nil
}

// NullsLast returns a key that is 1 for nulls: they keep their order among
// themselves, after all else.
func NullsLast(c *Column) SortKey {
	return SortKey{width: 1, fill: func(dst []uint64, from, to int) {
		for i := range to - from {
			dst[i] = 0
			if c.Null(from + i) {
				dst[i] = 1
			}
		}
	}}
}

func reverse(keys []uint64, down bool, top uint64) {
	if down {
		for i, k := range keys {
			keys[i] = top - k
		}
	}
}

// OrderedBits maps float64 to uint64 so that numbers keep their order, both
// zeros are one value, and all NaNs are one value after +Inf.
func OrderedBits(v float64) uint64 {
	if v != v {
		return math.MaxUint64
	}
	b := math.Float64bits(v + 0)              // -0 + 0 is +0
	return b ^ (uint64(int64(b)>>63) | 1<<63) // all bits of a negative one, and the sign of others
}

// FromOrderedBits returns the float that OrderedBits made k of.
func FromOrderedBits(k uint64) float64 {
	switch {
	case k == math.MaxUint64:
		return math.NaN()
	case k>>63 != 0:
		return math.Float64frombits(k &^ (1 << 63))
	}
	return math.Float64frombits(^k)
}
