package group

import (
	"slices"

	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/exec"
	"locuslab/locuskit/table/internal/group/keyset"
)

// keyDigits is a key column as digits 0 ≤ d < domain: a string's code, an
// integer less the smallest, or the number of a distinct value. A null is the
// digit domain-1.
type keyDigits struct {
	domain int
	order  []int32                                     // digits in the order of their values; nil: as they are
	fill   func(buf []int32, from, to int)             // digits of rows
	direct []int32                                     // the digits of all rows, where they exist already
	column func(name string, d []int32) *column.Column // values of digits
	exact  bool                                        // every digit occurs in some row
	how    string                                      // for Explain
}

// DenseDomain is up to how many possible groups an array has an element for
// each, rather than for each group that occurs.
func DenseDomain(rows int) int { return max(1<<16, min(1<<22, 2*rows)) }

func digitsOf(e exec.Run, c *column.Column) (keyDigits, error) {
	switch c.Kind {
	case column.String:
		c, err := c.Encoded(e)
		if err != nil {
			return keyDigits{}, err
		}
		return stringDigits(e, c)
	case column.Bool:
		return boolDigits(c), nil
	case column.Int:
		lo, hi := c.IntRange(e)
		if lo > hi {
			lo, hi = 0, 0
		}
		if span := uint64(hi) - uint64(lo); span < uint64(DenseDomain(c.N))-1 {
			return intDigits(c, lo, int(span)+1), nil
		}
		return numberDigits(e, c, func(name string, keys []uint64) *column.Column {
			v := make([]int64, len(keys))
			for i, k := range keys {
				v[i] = int64(k ^ 1<<63)
			}
			return c.Alike(column.OfInts(name, v, nil))
		})
	}
	return numberDigits(e, c, func(name string, keys []uint64) *column.Column {
		v := make([]float64, len(keys))
		for i, k := range keys {
			v[i] = column.FromOrderedBits(k)
		}
		return column.OfFloats(name, v, nil)
	})
}

func stringDigits(e exec.Run, c *column.Column) (keyDigits, error) {
	n := c.Dict.Len()
	var order []int32
	if !e.AnyOrder {
		var err error
		if order, _, err = c.Dict.Sorted(e); err != nil {
			return keyDigits{}, err
		}
	}
	k := keyDigits{domain: n, order: order, direct: c.Codes, how: "dictionary codes", exact: c.Exact && c.Valid == nil}
	k.column = func(name string, d []int32) *column.Column {
		return withNullDigit(column.OfCodes(name, slices.Clone(d), c.Dict, nil), d, int32(n))
	}
	if c.Valid != nil {
		k.domain, k.direct = n+1, nil
		if order != nil {
			k.order = append(slices.Clip(order), int32(n))
		}
		k.fill = func(buf []int32, from, to int) {
			putNulls(buf, c.Codes[from:to], c.Valid, from, int32(n))
		}
	}
	return k, nil
}

func boolDigits(c *column.Column) keyDigits {
	k := keyDigits{domain: 3, how: "true and false"}
	k.fill = func(buf []int32, from, to int) {
		for i := from; i < to; i++ {
			var d int32
			if c.Bools[i] {
				d = 1
			}
			if c.Null(i) {
				d = 2
			}
			buf[i-from] = d
		}
	}
	k.column = func(name string, d []int32) *column.Column {
		v := make([]bool, len(d))
		for i, x := range d {
			v[i] = x == 1
		}
		return withNullDigit(column.OfBools(name, v, nil), d, 2)
	}
	return k
}

func intDigits(c *column.Column, lo int64, span int) keyDigits {
	k := keyDigits{domain: span, how: "integers of a small range"}
	k.fill = func(buf []int32, from, to int) {
		buf = buf[:to-from]
		c.Touch(from, to)
		for i, v := range c.Ints[from:to] {
			buf[i] = int32(v - lo)
		}
	}
	if c.Valid != nil {
		k.domain++
		all := k.fill
		k.fill = func(buf []int32, from, to int) {
			all(buf, from, to)
			putNulls(buf, buf[:to-from], c.Valid, from, int32(span))
		}
	}
	k.column = func(name string, d []int32) *column.Column {
		v := make([]int64, len(d))
		for i, x := range d {
			v[i] = lo + int64(x)
		}
		return withNullDigit(c.Alike(column.OfInts(name, v, nil)), d, int32(span))
	}
	return k
}

// numberDigits numbers the distinct values of a column.
func numberDigits(e exec.Run, c *column.Column, rebuild func(string, []uint64) *column.Column) (keyDigits, error) {
	from := keyset.Source{Read: func(dst []uint64, from, to int) { column.RankValues(dst[:to-from], c, from) }}
	if c.Kind == column.Int {
		from.Ints = c.Ints
	}
	found, err := keyset.Enumerate(e, c.N, from)
	if err != nil {
		return keyDigits{}, err
	}
	keys, n := found.Keys, len(found.Keys)
	k := keyDigits{domain: n, order: found.Order, fill: found.Fill, how: "distinct values by hash", exact: c.Valid == nil}
	if c.Valid == nil {
		k.direct = found.Of
	}
	if c.Valid != nil {
		k.domain++
		if k.order != nil {
			k.order = append(k.order, int32(n))
		}
		k.fill = func(buf []int32, from, to int) {
			found.Fill(buf, from, to)
			putNulls(buf, buf[:to-from], c.Valid, from, int32(n))
		}
	}
	k.column = func(name string, d []int32) *column.Column {
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
func withNullDigit(c *column.Column, d []int32, null int32) *column.Column {
	for i, x := range d {
		if x != null {
			continue
		}
		if c.Valid == nil {
			c.Valid = column.FullBitmap(c.N)
		}
		column.ClearBit(c.Valid, i)
		if c.Kind == column.String {
			c.Codes[i] = 0
		}
	}
	return c
}
