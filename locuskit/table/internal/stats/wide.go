package stats

import (
	"math/bits"

	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/exec"
)

// Wide is an integer of 128 bits, in two's complement: a sum that no integers of a column leave.
type Wide struct{ Hi, Lo uint64 }

// Plus returns the sum of two.
func (w Wide) Plus(v Wide) Wide {
	lo, carry := bits.Add64(w.Lo, v.Lo, 0)
	hi, _ := bits.Add64(w.Hi, v.Hi, carry)
	return Wide{hi, lo}
}

// Float returns w as float64: what fits int64 by one rounding, as other sums have it.
func (w Wide) Float() float64 {
	switch {
	case w.Hi == uint64(int64(w.Lo)>>63):
		return float64(int64(w.Lo))
	case int64(w.Hi) < 0: // of a negative one near zero both words are large, and cancel out
		low, borrow := bits.Sub64(0, w.Lo, 0)
		high, _ := bits.Sub64(0, w.Hi, borrow)
		return -(float64(high)*(1<<64) + float64(low))
	}
	return float64(w.Hi)*(1<<64) + float64(w.Lo)
}

// addUpWide is addUp of integers whose sum may leave int64.
func addUpWide(e exec.Run, c *column.Column) (Wide, error) {
	sums := make([]Wide, exec.ChunkCount(c.N, exec.ChunkRows))
	err := e.Chunks(c.N, exec.ChunkRows, func(chunk, from, to int) {
		var sum Wide
		for i, v := range c.Ints[from:to] {
			if !c.Null(from + i) {
				sum = sum.Plus(Wide{uint64(v >> 63), uint64(v)})
			}
		}
		sums[chunk] = sum
	})
	var all Wide
	for _, s := range sums {
		all = all.Plus(s)
	}
	return all, err
}
