package locuskit

import (
	"fmt"
	"math/bits"
)

// Quantile is the q-quantile, 0 ≤ q ≤ 1, of a column of numbers, interpolated
// linearly between the two nearest values as pandas does; nulls do not count. An
// error where there is no value.
//
// No sorting and no copy: the values are counted by their leading bits, then
// only the range that holds the quantile by the next bits, until it is found.
func (t Table) Quantile(name string, q float64) (float64, error) {
	v, err := t.quantile(name, q)
	if err != nil {
		return 0, fmt.Errorf("quantile %v of %s: %w", q, name, err)
	}
	return v, nil
}

// QuantileParallel is [Table.Quantile] on several goroutines.
func (t Table) QuantileParallel(name string, q float64, opts ...TableOption) (float64, error) {
	return t.Parallel(opts...).Quantile(name, q)
}

// Median is the 0.5-quantile of a column.
func (t Table) Median(name string) (float64, error) { return t.Quantile(name, 0.5) }

func (t Table) quantile(name string, q float64) (float64, error) {
	c, err := t.numeric(name)
	if err != nil {
		return 0, err
	}
	if !(q >= 0 && q <= 1) {
		return 0, fmt.Errorf("a quantile is between 0 and 1")
	}
	count := c.n - c.nulls()
	if count == 0 {
		return 0, fmt.Errorf("the column has no values")
	}
	at := q * float64(count-1)
	low := int(at)
	a, b, err := t.run.neighbours(c, low, min(low+1, count-1))
	if err != nil {
		return 0, err
	}
	_, float := rankedValues(c)
	return between(float(a), float(b), at-float64(low)), nil
}

// neighbours finds the keys at places low and high, the same or the next, of c's
// values in order.
func (e execution) neighbours(c *column, low, high int) (a, b uint64, err error) {
	var base uint64
	width := uint(64)
	if c.kind == Int {
		lo, hi := c.intRange(e)
		base = uint64(lo) ^ 1<<63
		width = uint(bits.Len64(uint64(hi) - uint64(lo)))
	}
	a, err = e.selectKey(c, base, width, low)
	if err != nil || low == high {
		return a, a, err
	}
	b, err = e.selectKey(c, base, width, high)
	return a, b, err
}

// selectKey finds the key at place k of c's values in order. Keys less base have
// width bits; each pass settles up to 12 of them.
func (e execution) selectKey(c *column, base uint64, width uint, k int) (uint64, error) {
	var prefix uint64 // the bits that are settled
	for width > 0 {
		digit := min(width, 12)
		shift := width - digit
		counts := make([]int, 1<<digit)
		fresh := func() []int { return make([]int, 1<<digit) }
		work := func(n []int, from, to int) { countDigits(n, c, base, prefix, width, shift, from, to) }
		err := reduce(e, c.n, chunkRows, fresh, work, func(n []int) {
			for i, x := range n {
				counts[i] += x
			}
			clear(n)
		})
		if err != nil {
			return 0, err
		}
		for d, n := range counts {
			if k < n {
				prefix = prefix<<digit | uint64(d)
				break
			}
			k -= n
		}
		width = shift
	}
	return prefix + base, nil
}

// countDigits counts, among the keys whose bits above width are prefix, those of
// each digit above shift.
func countDigits(n []int, c *column, base, prefix uint64, width, shift uint, from, to int) {
	mask := uint64(len(n) - 1)
	if c.kind == Int {
		start := base ^ 1<<63
		for i, v := range c.ints[from:to] {
			k := uint64(v) - start
			if k>>width == prefix && (c.valid == nil || !c.null(from+i)) {
				n[k>>shift&mask]++
			}
		}
		return
	}
	for i, v := range c.floats[from:to] {
		k := orderedBits(v)
		if k>>width == prefix && (c.valid == nil || !c.null(from+i)) {
			n[k>>shift&mask]++
		}
	}
}
