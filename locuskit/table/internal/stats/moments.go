// Package stats computes figures of one column: its total, mean, deviation and quantiles. It knows columns, no groups and no
// tables.
package stats

import (
	"math"
	"math/bits"

	"gonum.org/v1/gonum/stat"

	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/exec"
)

// Total returns how many values a column has and their sum. Integers are added exactly, and
// rounded once.
func Total(e exec.Run, c *column.Column) (count, sum float64, err error) {
	count = float64(c.N - c.Nulls())
	if c.Kind == column.Int {
		if hi, all := bits.Mul64(column.Largest(e, c), uint64(c.N)); hi == 0 && all < 1<<63 {
			whole, err := addUp(e, c, c.Ints)
			return count, float64(whole), err
		}
		whole, err := addUpWide(e, c)
		return count, whole.Float(), err
	}
	sum, err = addUp(e, c, c.Floats)
	return count, sum, err
}

// addUp adds the sums of chunks in the order of the chunks.
func addUp[V int64 | float64](e exec.Run, c *column.Column, values []V) (V, error) {
	sums := make([]V, exec.ChunkCount(c.N, exec.ChunkRows))
	err := e.Chunks(c.N, exec.ChunkRows, func(chunk, from, to int) {
		if c.Valid != nil {
			sums[chunk] = sumPresent(values[from:to], c.Valid, from)
		} else {
			sums[chunk] = sumAll(values[from:to])
		}
	})
	var sum V
	for _, s := range sums {
		sum += s
	}
	return sum, err
}

// sumAll adds in eight lanes, so that an addition need not wait for the one before
// and the loop keeps up with the memory.
func sumAll[V int64 | float64](v []V) V {
	var a, b, c, d, e, f, g, h V
	for ; len(v) >= 8; v = v[8:] {
		w := v[:8:8]
		a, b, c, d = a+w[0], b+w[1], c+w[2], d+w[3]
		e, f, g, h = e+w[4], f+w[5], g+w[6], h+w[7]
	}
	for _, x := range v {
		a += x
	}
	return (a + b + (c + d)) + (e + f + (g + h))
}

func sumPresent[V int64 | float64](v []V, valid []byte, from int) V {
	var s V
	for i, x := range v {
		if column.Presence(valid, from+i) != 0 {
			s += x
		}
	}
	return s
}

type summary struct {
	Count     int
	Mean, Std float64
}

// Moments is a chunk's part of a summary: gonum's mean and standard deviation of
// the chunk, which combine exactly as those of a whole.
type Moments struct{ N, Mean, Squares float64 }

// Join returns a and then b; the formula is Chan, Golub and LeVeque's.
func (a Moments) Join(b Moments) Moments {
	if a.N == 0 {
		return b
	}
	if b.N == 0 {
		return a
	}
	n, d := a.N+b.N, b.Mean-a.Mean
	if math.IsInf(a.Mean, 0) || math.IsInf(b.Mean, 0) { // there is no distance from an infinite mean
		return Moments{n, a.Mean + b.Mean, math.NaN()}
	}
	return Moments{n, a.Mean + d*b.N/n, a.Squares + b.Squares + d*d*a.N*b.N/n}
}

// SummaryOf returns the count, mean and standard deviation of a column.
func SummaryOf(e exec.Run, c *column.Column) (summary, error) {
	parts := make([]Moments, exec.ChunkCount(c.N, exec.ChunkRows))
	err := e.Chunks(c.N, exec.ChunkRows, func(chunk, from, to int) {
		parts[chunk] = momentsOf(c, from, to)
	})
	if err != nil {
		return summary{}, err
	}
	var all Moments
	for _, p := range parts {
		all = all.Join(p)
	}
	_, sum, err := Total(e, c) // the mean as Mean has it, of infinities too
	if err != nil {
		return summary{}, err
	}
	s := summary{int(all.N), sum / all.N, math.NaN()}
	if all.N > 1 {
		s.Std = math.Sqrt(all.Squares / (all.N - 1))
	}
	return s, nil
}

func momentsOf(c *column.Column, from, to int) Moments {
	v := make([]float64, 0, to-from)
	if c.Kind == column.Float && c.Valid == nil {
		v = c.Floats[from:to]
	} else {
		for i := from; i < to; i++ {
			switch {
			case c.Null(i):
			case c.Kind == column.Int:
				v = append(v, float64(c.Ints[i]))
			default:
				v = append(v, c.Floats[i])
			}
		}
	}
	if len(v) == 0 {
		return Moments{}
	}
	mean, variance := stat.PopMeanVariance(v, nil)
	return Moments{float64(len(v)), mean, variance * float64(len(v))}
}
