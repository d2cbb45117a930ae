package table

import (
	"fmt"

	"locuslab/locuskit/table/internal/stats"
)

// Quantile returns the q-quantile, 0 ≤ q ≤ 1, of a column of numbers, interpolated
// linearly between the two nearest values as pandas does; nulls do not count. An
// error where there is no value.
//
// The column is neither sorted nor copied: the values are counted by their leading
// bits, then only the range that holds the quantile by the next bits, until it is
// found or few values are left, which are sorted.
func (t Table) Quantile(name string, q float64, opts ...Option) (float64, error) {
	v, err := t.with(opts).quantile(name, q)
	if err != nil {
		return 0, fmt.Errorf("quantile %v of %s: %w", q, name, err)
	}
	return v, nil
}

// QuantileParallel is [Table.Quantile] on several goroutines.
func (t Table) QuantileParallel(name string, q float64, opts ...Option) (float64, error) {
	return t.Parallel(opts...).Quantile(name, q)
}

// Median returns the 0.5-quantile of a column.
func (t Table) Median(name string, opts ...Option) (float64, error) {
	return t.Quantile(name, 0.5, opts...)
}

func (t Table) quantile(name string, q float64) (float64, error) {
	c, err := t.numeric(name)
	if err != nil {
		return 0, err
	}
	return stats.Quantile(t.run, c, q)
}
