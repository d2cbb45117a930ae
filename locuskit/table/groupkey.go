package table

import (
	"math"
	"slices"

	"locuslab/locuskit/table/internal/exec"
)

// keyDigits is a key column as digits 0 ≤ d < domain: a string's code, an
// integer less the smallest, or the number of a distinct value. A null is the
// digit domain-1.
type keyDigits struct {
	domain int
	order  []int32                              // digits in the order of their values; nil: as they are
	fill   func(buf []int32, from, to int)      // digits of rows
	direct []int32                              // the digits of all rows, where they exist already
	column func(name string, d []int32) *column // values of digits
	exact  bool                                 // every digit occurs in some row
	how    string                               // for Explain
}

// denseDomain is up to how many possible groups an array has an element for
// each, rather than for each group that occurs.
func denseDomain(rows int) int { return max(1<<16, min(1<<22, 2*rows)) }

func digitsOf(e exec.Run, c *column) (keyDigits, error) {
	switch c.kind {
	case String:
		c, err := c.encoded(e)
		if err != nil {
			return keyDigits{}, err
		}
		return stringDigits(e, c)
	case Bool:
		return boolDigits(c), nil
	case Int:
		lo, hi := c.intRange(e)
		if lo > hi {
			lo, hi = 0, 0
		}
		if span := uint64(hi) - uint64(lo); span < uint64(denseDomain(c.n))-1 {
			return intDigits(c, lo, int(span)+1), nil
		}
		return numberDigits(e, c, func(i int) uint64 { return uint64(c.ints[i]) ^ 1<<63 }, func(name string, keys []uint64) *column {
			v := make([]int64, len(keys))
			for i, k := range keys {
				v[i] = int64(k ^ 1<<63)
			}
			return c.alike(intColumn(name, v, nil))
		})
	}
	return numberDigits(e, c, func(i int) uint64 { return orderedBits(c.floats[i]) }, func(name string, keys []uint64) *column {
		v := make([]float64, len(keys))
		for i, k := range keys {
			v[i] = fromOrderedBits(k)
		}
		return floatColumn(name, v, nil)
	})
}

func stringDigits(e exec.Run, c *column) (keyDigits, error) {
	n := c.dict.len()
	var order []int32
	if !e.AnyOrder {
		var err error
		if order, _, err = c.dict.sorted(e); err != nil {
			return keyDigits{}, err
		}
	}
	k := keyDigits{domain: n, order: order, direct: c.codes, how: "dictionary codes", exact: c.exact && c.valid == nil}
	k.column = func(name string, d []int32) *column {
		return withNullDigit(stringColumn(name, slices.Clone(d), c.dict, nil), d, int32(n))
	}
	if c.valid != nil {
		k.domain, k.direct = n+1, nil
		if order != nil {
			k.order = append(slices.Clip(order), int32(n))
		}
		k.fill = func(buf []int32, from, to int) {
			for i := from; i < to; i++ {
				d := c.codes[i]
				if c.null(i) {
					d = int32(n)
				}
				buf[i-from] = d
			}
		}
	}
	return k, nil
}

func boolDigits(c *column) keyDigits {
	k := keyDigits{domain: 3, how: "true and false"}
	k.fill = func(buf []int32, from, to int) {
		for i := from; i < to; i++ {
			var d int32
			if c.bools[i] {
				d = 1
			}
			if c.null(i) {
				d = 2
			}
			buf[i-from] = d
		}
	}
	k.column = func(name string, d []int32) *column {
		v := make([]bool, len(d))
		for i, x := range d {
			v[i] = x == 1
		}
		return withNullDigit(boolColumn(name, v, nil), d, 2)
	}
	return k
}

func intDigits(c *column, lo int64, span int) keyDigits {
	k := keyDigits{domain: span, how: "integers of a small range"}
	k.fill = func(buf []int32, from, to int) {
		buf = buf[:to-from]
		for i, v := range c.ints[from:to] {
			buf[i] = int32(v - lo)
		}
	}
	if c.valid != nil {
		k.domain++
		k.fill = func(buf []int32, from, to int) {
			for i := from; i < to; i++ {
				d := int32(c.ints[i] - lo)
				if c.null(i) {
					d = int32(span)
				}
				buf[i-from] = d
			}
		}
	}
	k.column = func(name string, d []int32) *column {
		v := make([]int64, len(d))
		for i, x := range d {
			v[i] = lo + int64(x)
		}
		return withNullDigit(c.alike(intColumn(name, v, nil)), d, int32(span))
	}
	return k
}

// numberDigits numbers the distinct values of a column in their order.
func numberDigits(e exec.Run, c *column, bits func(i int) uint64, rebuild func(string, []uint64) *column) (keyDigits, error) {
	codes, keys, err := enumerate(e, c.n, func(dst []uint64, from, to int) {
		for i := from; i < to; i++ {
			dst[i-from] = bits(i)
		}
	})
	if err != nil {
		return keyDigits{}, err
	}
	n := len(keys)
	k := keyDigits{domain: n, direct: codes, how: "distinct values by hash", exact: c.valid == nil}
	if c.valid != nil {
		k.domain++
		for i := range codes {
			if c.null(i) {
				codes[i] = int32(n)
			}
		}
	}
	k.column = func(name string, d []int32) *column {
		chosen := make([]uint64, len(d))
		for i, x := range d {
			if int(x) < n {
				chosen[i] = keys[x]
			}
		}
		return withNullDigit(rebuild(name, chosen), d, int32(n))
	}
	return k, nil
}

// withNullDigit makes null the rows of c whose digit is null.
func withNullDigit(c *column, d []int32, null int32) *column {
	for i, x := range d {
		if x != null {
			continue
		}
		if c.valid == nil {
			c.valid = fullBitmap(c.n)
		}
		clearBit(c.valid, i)
		if c.kind == String {
			c.codes[i] = 0
		}
	}
	return c
}

// orderedBits maps float64 to uint64 so that numbers keep their order, both
// zeros are one value, and all NaNs are one value after +Inf.
func orderedBits(v float64) uint64 {
	if v != v {
		return math.MaxUint64
	}
	b := math.Float64bits(v + 0) // -0 + 0 is +0
	if b>>63 != 0 {
		return ^b
	}
	return b | 1<<63
}

func fromOrderedBits(k uint64) float64 {
	switch {
	case k == math.MaxUint64:
		return math.NaN()
	case k>>63 != 0:
		return math.Float64frombits(k &^ (1 << 63))
	}
	return math.Float64frombits(^k)
}
