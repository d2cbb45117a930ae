package table

import (
	"fmt"
	"math"

	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/exec"
	"locuslab/locuskit/table/internal/stats"
)

// Mean returns the arithmetic mean of a column of numbers; nulls do not count.
func (t Table) Mean(name string) (float64, error) {
	count, sum, err := t.total(name)
	if err != nil {
		return 0, fmt.Errorf("mean of %s: %w", name, err)
	}
	return sum / count, nil
}

// Sum returns the sum of a column of numbers as float64; nulls do not count. Integers
// are added exactly and the sum rounded once.
// [Groups.Agg] gives integer sums as integers.
func (t Table) Sum(name string) (float64, error) {
	_, sum, err := t.total(name)
	if err != nil {
		return 0, fmt.Errorf("sum of %s: %w", name, err)
	}
	return sum, nil
}

// Means returns the mean of each column of numbers, one row per column: pandas'
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
		s, err := stats.SummaryOf(t.run, c)
		if err != nil {
			return t.fail("describe", err)
		}
		row := []float64{float64(s.Count), s.Mean, s.Std}
		for _, q := range []float64{0, 0.25, 0.5, 0.75, 1} {
			v := math.NaN()
			if s.Count > 0 {
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

// summaryTable returns one row per column of t.
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

// total returns how many values a column has and their sum.
func (t Table) total(name string) (count, sum float64, err error) {
	c, err := t.numeric(name)
	if err != nil {
		return 0, 0, err
	}
	return stats.Total(t.run, c)
}
