package table

import (
	"fmt"
	"math"
	"math/bits"

	"gonum.org/v1/gonum/stat"

	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/exec"
)

// Mean is the arithmetic mean of a column of numbers; nulls do not count.
func (t Table) Mean(name string) (float64, error) {
	count, sum, err := t.total(name)
	if err != nil {
		return 0, fmt.Errorf("mean of %s: %w", name, err)
	}
	return sum / count, nil
}

// Sum is the sum of a column of numbers as float64; nulls do not count. Integers
// are added exactly and the sum rounded once, unless it might leave int64.
// [Groups.Agg] gives integer sums as integers.
func (t Table) Sum(name string) (float64, error) {
	_, sum, err := t.total(name)
	if err != nil {
		return 0, fmt.Errorf("sum of %s: %w", name, err)
	}
	return sum, nil
}

// Means is the mean of each column of numbers, a row a column: pandas'
// df.mean().reset_index().
func (t Table) Means(opts ...Option) Table {
	t = t.with(opts)
	if t.err != nil {
		return t
	}
	var names []string
	var means []float64
	for _, c := range t.cols {
		if !c.Numbers() {
			continue
		}
		mean, err := t.Mean(c.Name)
		if err != nil {
			return t.fail("means", err)
		}
		names, means = append(names, c.Name), append(means, mean)
	}
	return t.summaryTable("means", names, []string{"mean"}, means)
}

// MeansParallel is [Table.Means] on several goroutines.
func (t Table) MeansParallel(opts ...Option) Table { return t.Parallel(opts...).Means() }

// Describe is, for each column of numbers, a row of count, mean, std, min, the
// quartiles and max, as pandas has it; nulls do not count.
func (t Table) Describe(opts ...Option) Table {
	t = t.with(opts)
	if t.err != nil {
		return t
	}
	figures := []string{"count", "mean", "std", "min", "25%", "50%", "75%", "max"}
	var names []string
	values := make([][]float64, len(figures))
	for _, c := range t.cols {
		if !c.Numbers() {
			continue
		}
		s, err := t.summary(c.Name)
		if err != nil {
			return t.fail("describe", err)
		}
		row := []float64{float64(s.count), s.mean, s.std}
		for _, q := range []float64{0, 0.25, 0.5, 0.75, 1} {
			v := math.NaN()
			if s.count > 0 {
				if v, err = t.quantile(c.Name, q); err != nil {
					return t.fail("describe", err)
				}
			}
			row = append(row, v)
		}
		names = append(names, c.Name)
		for i, v := range row {
			values[i] = append(values[i], v)
		}
	}
	return t.summaryTable("describe", names, figures, values...)
}

// DescribeParallel is [Table.Describe] on several goroutines.
func (t Table) DescribeParallel(opts ...Option) Table { return t.Parallel(opts...).Describe() }

// summaryTable is a row a column of t.
func (t Table) summaryTable(doing string, names, figures []string, values ...[]float64) Table {
	first, err := column.OfStrings("column", names)
	if err != nil {
		return t.fail(doing, err)
	}
	cols := []*column.Column{first}
	for i, f := range figures {
		cols = append(cols, column.OfFloats(f, values[i], nil))
	}
	return t.derive(cols, len(names), doing+": "+t.run.Explain(t.rows, exec.ChunkRows))
}

// total is how many values a column has and their sum. Integers are added as
// integers where no sum can overflow: exactly, and rounded once.
func (t Table) total(name string) (count, sum float64, err error) {
	c, err := t.numeric(name)
	if err != nil {
		return 0, 0, err
	}
	count = float64(c.N - c.Nulls())
	if c.Kind == column.Int {
		if hi, all := bits.Mul64(largest(t.run, c), uint64(c.N)); hi == 0 && all < 1<<63 {
			whole, err := total[int64](t.run, c, c.Ints)
			return count, float64(whole), err
		}
		sum, err = total[float64](t.run, c, c.Ints)
		return count, sum, err
	}
	sum, err = total[float64](t.run, c, c.Floats)
	return count, sum, err
}

// total adds the sums of chunks in the order of the chunks.
func total[S, V int64 | float64](e exec.Run, c *column.Column, values []V) (S, error) {
	sums := make([]S, exec.ChunkCount(c.N, exec.ChunkRows))
	err := e.Chunks(c.N, exec.ChunkRows, func(chunk, from, to int) {
		if c.Valid != nil {
			sums[chunk] = sumPresent[S](values[from:to], c.Valid, from)
		} else {
			sums[chunk] = sumAll[S](values[from:to])
		}
	})
	var sum S
	for _, s := range sums {
		sum += s
	}
	return sum, err
}

// sumAll adds in eight lanes, so that an addition need not wait for the one before
// and the loop keeps up with the memory.
func sumAll[S, V int64 | float64](v []V) S {
	var a, b, c, d, e, f, g, h S
	for ; len(v) >= 8; v = v[8:] {
		w := v[:8:8]
		a, b, c, d = a+S(w[0]), b+S(w[1]), c+S(w[2]), d+S(w[3])
		e, f, g, h = e+S(w[4]), f+S(w[5]), g+S(w[6]), h+S(w[7])
	}
	for _, x := range v {
		a += S(x)
	}
	return (a + b + (c + d)) + (e + f + (g + h))
}

func sumPresent[S, V int64 | float64](v []V, valid []byte, from int) S {
	var s S
	for i, x := range v {
		if column.Presence(valid, from+i) != 0 {
			s += S(x)
		}
	}
	return s
}

type summary struct {
	count     int
	mean, std float64
}

// moments is a chunk's part of a summary: gonum's mean and standard deviation of
// the chunk, which combine exactly as those of a whole.
type moments struct{ n, mean, squares float64 }

// join is a and then b; the formula is Chan, Golub and LeVeque's.
func (a moments) join(b moments) moments {
	if a.n == 0 {
		return b
	}
	if b.n == 0 {
		return a
	}
	n, d := a.n+b.n, b.mean-a.mean
	if math.IsInf(a.mean, 0) || math.IsInf(b.mean, 0) { // there is no distance from an infinite mean
		return moments{n, a.mean + b.mean, math.NaN()}
	}
	return moments{n, a.mean + d*b.n/n, a.squares + b.squares + d*d*a.n*b.n/n}
}

func (t Table) summary(name string) (summary, error) {
	c, err := t.numeric(name)
	if err != nil {
		return summary{}, err
	}
	parts := make([]moments, exec.ChunkCount(c.N, exec.ChunkRows))
	err = t.run.Chunks(c.N, exec.ChunkRows, func(chunk, from, to int) {
		parts[chunk] = momentsOf(c, from, to)
	})
	if err != nil {
		return summary{}, err
	}
	var all moments
	for _, p := range parts {
		all = all.join(p)
	}
	_, sum, err := t.total(name) // the mean as Mean has it, of infinities too
	if err != nil {
		return summary{}, err
	}
	s := summary{int(all.n), sum / all.n, math.NaN()}
	if all.n > 1 {
		s.std = math.Sqrt(all.squares / (all.n - 1))
	}
	return s, nil
}

func momentsOf(c *column.Column, from, to int) moments {
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
		return moments{}
	}
	mean, variance := stat.PopMeanVariance(v, nil)
	return moments{float64(len(v)), mean, variance * float64(len(v))}
}
