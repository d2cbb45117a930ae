package table

import (
	"fmt"
	"strconv"

	"locuslab/locuskit/table/internal/column"
)

// Aggregate is one figure of each group: [Sum], [Mean], [Count], [Min], [Max],
// [Std], [Median], [Quantile] or [NUnique] of a column. Nulls do not count in
// any of them; a group without any value has a null, or 0 for Count and NUnique.
type Aggregate struct {
	op     aggregateOp
	column string
	q      float64
	name   string
}

type aggregateOp uint8

const (
	opSum aggregateOp = iota + 1
	opMean
	opCount
	opMin
	opMax
	opStd
	opQuantile
	opNUnique
	opSumHigh // the words of a sum in 128 bits, of which streams put sums together;
	opSumLow  // of floats the sum, and zero
)

// Sum adds a column: an int64 for ints, where an overflow is an error and not a
// wrong number; a float64 for floats.
func Sum(col string) Aggregate { return Aggregate{op: opSum, column: col, name: col + "_sum"} }

// Mean is the arithmetic mean, a float64.
func Mean(col string) Aggregate {
	return Aggregate{op: opMean, column: col, name: col + "_mean"}
}

// Count is the number of values that are not null.
func Count(col string) Aggregate {
	return Aggregate{op: opCount, column: col, name: col + "_count"}
}

// Min is the smallest value of a column of any kind: strings compare byte by byte,
// NaN comes after all numbers, true after false.
func Min(col string) Aggregate { return Aggregate{op: opMin, column: col, name: col + "_min"} }

// Max is the largest value; see [Min].
func Max(col string) Aggregate { return Aggregate{op: opMax, column: col, name: col + "_max"} }

// Std is the sample standard deviation (n-1), a float64; null for fewer than
// two values. Two passes: the deviations are taken from the group's mean.
func Std(col string) Aggregate { return Aggregate{op: opStd, column: col, name: col + "_std"} }

// Median is the middle value, or the mean of the two in the middle.
func Median(col string) Aggregate {
	return Aggregate{op: opQuantile, column: col, q: 0.5, name: col + "_median"}
}

// Quantile is the q-quantile, 0 ≤ q ≤ 1, interpolated linearly between the two
// nearest values as pandas does.
func Quantile(col string, q float64) Aggregate {
	return Aggregate{op: opQuantile, column: col, q: q, name: col + "_q" + strconv.FormatFloat(q, 'g', -1, 64)}
}

// NUnique is the number of distinct values.
func NUnique(col string) Aggregate {
	return Aggregate{op: opNUnique, column: col, name: col + "_nunique"}
}

// As names the result column; without it, it is the column's name with
// _sum, _mean and so on.
func (a Aggregate) As(name string) Aggregate {
	a.name = name
	return a
}

func (a Aggregate) streams() bool { return a.op != opQuantile && a.op != opNUnique }

// check says whether a can be computed on c.
func (a Aggregate) check(c *column.Column) error {
	switch a.op {
	case opSum, opSumHigh, opSumLow, opMean, opStd, opQuantile:
		if !c.Numbers() {
			return fmt.Errorf("%s: column %q holds %s values: this needs int or float", a.name, c.Name, c.Holds())
		}
	case 0:
		return fmt.Errorf("an Aggregate is made by Sum, Mean, Count, Min, Max, Std, Median, Quantile or NUnique")
	}
	if a.op == opQuantile && !(a.q >= 0 && a.q <= 1) {
		return fmt.Errorf("%s: a quantile is between 0 and 1, not %v", a.name, a.q)
	}
	return nil
}
