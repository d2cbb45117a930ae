package table

import (
	"strconv"

	"locuslab/locuskit/table/internal/group"
)

// Aggregate is one figure of each group: [Sum], [Mean], [Count], [Min], [Max],
// [Std], [Median], [Quantile] or [NUnique] of a column. Nulls do not count in
// any of them; a group without any value has a null, or 0 for Count and NUnique.
type Aggregate struct{ spec group.Spec }

// Sum adds a column: an int64 for ints, where an overflow is an error and not a
// wrong number; a float64 for floats.
func Sum(col string) Aggregate {
	return Aggregate{group.Spec{Op: group.OpSum, Column: col, Name: col + "_sum"}}
}

// Mean is the arithmetic mean, a float64.
func Mean(col string) Aggregate {
	return Aggregate{group.Spec{Op: group.OpMean, Column: col, Name: col + "_mean"}}
}

// Count is the number of values that are not null.
func Count(col string) Aggregate {
	return Aggregate{group.Spec{Op: group.OpCount, Column: col, Name: col + "_count"}}
}

// Min is the smallest value of a column of any kind: strings compare byte by byte,
// NaN comes after all numbers, true after false.
func Min(col string) Aggregate {
	return Aggregate{group.Spec{Op: group.OpMin, Column: col, Name: col + "_min"}}
}

// Max is the largest value; see [Min].
func Max(col string) Aggregate {
	return Aggregate{group.Spec{Op: group.OpMax, Column: col, Name: col + "_max"}}
}

// Std is the sample standard deviation (n-1), a float64; null for fewer than
// two values. Two passes: the deviations are taken from the group's mean.
func Std(col string) Aggregate {
	return Aggregate{group.Spec{Op: group.OpStd, Column: col, Name: col + "_std"}}
}

// Median is the middle value, or the mean of the two in the middle.
func Median(col string) Aggregate {
	return Aggregate{group.Spec{Op: group.OpQuantile, Column: col, Q: 0.5, Name: col + "_median"}}
}

// Quantile is the q-quantile, 0 ≤ q ≤ 1, interpolated linearly between the two
// nearest values as pandas does.
func Quantile(col string, q float64) Aggregate {
	return Aggregate{group.Spec{Op: group.OpQuantile, Column: col, Q: q, Name: col + "_q" + strconv.FormatFloat(q, 'g', -1, 64)}}
}

// NUnique is the number of distinct values.
func NUnique(col string) Aggregate {
	return Aggregate{group.Spec{Op: group.OpNUnique, Column: col, Name: col + "_nunique"}}
}

// As names the result column; without it, it is the column's name with
// _sum, _mean and so on.
func (a Aggregate) As(name string) Aggregate {
	a.spec.Name = name
	return a
}

// AggregateSpec is what an [Aggregate] asks for, for an engine that computes it elsewhere.
type AggregateSpec struct {
	Op       string  // "sum", "mean", "count", "min", "max", "std", "quantile" or "nunique"
	Column   string  // which column it is of
	Quantile float64 // of "quantile"
	Name     string  // of the result column
}

// Spec returns what a asks for, and an error if it is none of those that the functions here make.
func (a Aggregate) Spec() (AggregateSpec, error) {
	op, ok := map[any]string{
		group.OpSum: "sum", group.OpMean: "mean", group.OpCount: "count", group.OpMin: "min", group.OpMax: "max",
		group.OpStd: "std", group.OpQuantile: "quantile", group.OpNUnique: "nunique",
	}[a.spec.Op]
	if !ok {
		return AggregateSpec{}, a.spec.Check(nil)
	}
	return AggregateSpec{Op: op, Column: a.spec.Column, Quantile: a.spec.Q, Name: a.spec.Name}, nil
}

// specs returns what the aggregates ask for.
func specs(aggregates []Aggregate) []group.Spec {
	list := make([]group.Spec, len(aggregates))
	for i, a := range aggregates {
		list[i] = a.spec
	}
	return list
}
