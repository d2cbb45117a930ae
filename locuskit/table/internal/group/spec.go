package group

import (
	"fmt"

	"locuslab/locuskit/table/internal/column"
)

// Spec is one figure of each group.
type Spec struct {
	Op     aggregateOp
	Column string
	Q      float64 // of a quantile
	Name   string  // of the result
}

type aggregateOp uint8

const (
	OpSum aggregateOp = iota + 1
	OpMean
	OpCount
	OpMin
	OpMax
	OpStd
	OpQuantile
	OpNUnique
	opSumHigh // the words of a sum in 128 bits, of which streams put sums together;
	opSumLow  // of floats the sum, and zero
)

// Streams reports whether figures of parts can be put together.
func (a Spec) Streams() bool { return a.Op != OpQuantile && a.Op != OpNUnique }

// Check reports whether a can be computed on c.
func (a Spec) Check(c *column.Column) error {
	switch a.Op {
	case OpSum, opSumHigh, opSumLow, OpMean, OpStd, OpQuantile:
		if !c.Numbers() {
			return fmt.Errorf("%s: column %q holds %s values: this needs int or float", a.Name, c.Name, c.Holds())
		}
	case 0:
		return fmt.Errorf("an Aggregate is made by Sum, Mean, Count, Min, Max, Std, Median, Quantile or NUnique")
	}
	if a.Op == OpQuantile && !(a.Q >= 0 && a.Q <= 1) {
		return fmt.Errorf("%s: a quantile is between 0 and 1, not %v", a.Name, a.Q)
	}
	return nil
}
