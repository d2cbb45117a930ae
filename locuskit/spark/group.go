package spark

import (
	"context"
	"errors"
	"fmt"
	"math/bits"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"locuslab/locuskit/table"
)

// Groups is the rows of a frame by the values of key columns, to be aggregated.
type Groups struct {
	f    Frame
	keys []string
}

// GroupBy groups the rows by the values of the named columns. Nulls form a group of their own; so do NaNs.
func (f Frame) GroupBy(keys ...string) Groups { return Groups{f, keys} }

// GroupSum adds the values of a column for each value of key; see [table.Table.GroupSum].
func (f Frame) GroupSum(ctx context.Context, key, value string) (table.Table, error) {
	return f.GroupBy(key).Agg(ctx, table.Sum(value).As(value))
}

// Agg returns a table with one row a group, in ascending order of the keys, nulls last; see [table.Groups.Agg].
//
// Counts, extremes, distinct counts, and sums and means of integers are those of package table to the last bit. Figures of floats
// are rounded on the way, in an order that is not always the same. Of a group of n values a sum is within n·2⁻⁵² of the sum of
// the values' magnitudes of it, a mean within the n-th part of that; a quantile within 2⁻⁵¹ of the larger of the magnitudes of its two neighbours; a
// deviation within n·2⁻⁵⁰ of the largest of the values' magnitudes.
func (g Groups) Agg(ctx context.Context, aggregates ...table.Aggregate) (table.Table, error) {
	doing := "group by " + strings.Join(g.keys, ", ")
	p, err := g.f.plan(ctx)
	if err == nil {
		var t table.Table
		if t, err = g.agg(ctx, p, aggregates); err == nil {
			return t, nil
		}
	}
	return table.Table{}, g.f.failed(doing, err)
}

func (g Groups) agg(ctx context.Context, p plan, aggregates []table.Aggregate) (table.Table, error) {
	if len(g.keys) == 0 {
		return table.Table{}, errors.New("name at least one column to group by")
	}
	var by []fields
	var outputs, orders []output
	var kinds []table.Kind
	for i, name := range g.keys {
		c, err := p.find(name)
		if err != nil {
			return table.Table{}, err
		}
		by = append(by, alias(ref(c.ref), fmt.Sprintf("g%d", i)))
		outputs, orders, kinds = append(outputs, asSent(name, i)), append(orders, asSent("", i)), append(kinds, c.kind)
	}
	a := aggregation{first: len(by)}
	for _, asked := range aggregates {
		o, kind, err := a.add(p, asked)
		if err != nil {
			return table.Table{}, err
		}
		outputs, kinds = append(outputs, o), append(kinds, kind)
	}
	return g.f.cluster.collect(ctx, a.over(p.relation, by), outputs, orders, kinds, make([]bool, len(orders)))
}

// aggregation is what a server is asked to compute of each group.
type aggregation struct {
	first int // how many columns stand before the figures
	asked []fields
}

// over groups a relation by expressions.
func (a *aggregation) over(relation fields, by []fields) fields {
	const groupBy number = 1
	if len(a.asked) == 0 { // the groups alone
		a.ask(call("count", literal("long", int64(1))))
	}
	return fields{"aggregate": fields{"input": relation, "group_type": groupBy, "grouping_expressions": by, "aggregate_expressions": a.asked}}
}

// ask adds a figure and returns its column in the answer.
func (a *aggregation) ask(e fields) int {
	place := a.first + len(a.asked)
	a.asked = append(a.asked, alias(e, fmt.Sprintf("a%d", place)))
	return place
}

// add asks for what an aggregate needs and returns how its column is made of that.
func (a *aggregation) add(p plan, asked table.Aggregate) (output, table.Kind, error) {
	spec, err := asked.Spec()
	if err != nil {
		return output{}, 0, err
	}
	c, err := p.find(spec.Column)
	if err != nil {
		return output{}, 0, err
	}
	v := ref(c.ref)
	switch spec.Op {
	case "count":
		return asSent(spec.Name, a.ask(call("count", v))), table.Int, nil
	case "nunique":
		return asSent(spec.Name, a.ask(distinct("count", v))), table.Int, nil
	case "min", "max":
		return asSent(spec.Name, a.ask(call(spec.Op, v))), c.kind, nil
	}
	if c.kind != table.Int && c.kind != table.Float {
		return output{}, 0, fmt.Errorf("%s: column %q holds %s values: this needs int or float", spec.Name, c.name, c.kind)
	}
	switch {
	case spec.Op == "quantile" && !(spec.Quantile >= 0 && spec.Quantile <= 1):
		return output{}, 0, fmt.Errorf("%s: a quantile is between 0 and 1, not %v", spec.Name, spec.Quantile)
	case spec.Op == "quantile":
		return asSent(spec.Name, a.ask(call("percentile", v, literal("double", spec.Quantile)))), table.Float, nil
	case spec.Op == "std":
		return asSent(spec.Name, a.ask(call("stddev_samp", v))), table.Float, nil
	case spec.Op == "sum" && c.kind == table.Float:
		return asSent(spec.Name, a.ask(call("sum", v))), table.Float, nil
	case spec.Op == "mean" && c.kind == table.Float:
		return asSent(spec.Name, a.ask(call("avg", v))), table.Float, nil
	case spec.Op == "sum":
		sum := a.wideSum(v)
		return output{spec.Name, func(batch arrow.RecordBatch) (arrow.Array, error) {
			return combined(batch, func(row int) (int64, bool, error) {
				hi, lo, present, err := sum(batch, row)
				if !present || err != nil {
					return 0, false, err
				}
				if hi != int64(lo)>>63 {
					return 0, false, fmt.Errorf("%s: the sum of column %q in one group is about %.6g, beyond int64: take its Mean", spec.Name, c.name, wideFloat(hi, lo))
				}
				return int64(lo), true, nil
			})
		}}, table.Int, nil
	case spec.Op == "mean":
		sum, count := a.wideSum(v), a.ask(call("count", v))
		return output{spec.Name, func(batch arrow.RecordBatch) (arrow.Array, error) {
			return combined(batch, func(row int) (float64, bool, error) {
				hi, lo, present, err := sum(batch, row)
				if !present || err != nil {
					return 0, false, err
				}
				n, err := integer(batch, count, row)
				return wideFloat(hi, lo) / float64(n), true, err
			})
		}}, table.Float, nil
	}
	return output{}, 0, fmt.Errorf("%s: a cluster cannot compute a %s", spec.Name, spec.Op)
}

// wideSum asks for a sum of integers in 128 bits: of their upper 32 bits and of their lower ones, neither of which can overflow for fewer
// than 2³¹ values. More than that the server would refuse.
func (a *aggregation) wideSum(v fields) func(batch arrow.RecordBatch, row int) (hi int64, lo uint64, present bool, err error) {
	upper := a.ask(call("sum", call("shiftright", v, literal("integer", int32(32)))))
	lower := a.ask(call("sum", call("&", v, literal("long", int64(1<<32-1)))))
	return func(batch arrow.RecordBatch, row int) (int64, uint64, bool, error) {
		if batch.Column(upper).IsNull(row) {
			return 0, 0, false, nil
		}
		u, err := integer(batch, upper, row)
		if err != nil {
			return 0, 0, false, err
		}
		l, err := integer(batch, lower, row)
		lo, carry := bits.Add64(uint64(u)<<32, uint64(l), 0)
		return u>>32 + int64(carry), lo, true, err
	}
}

func integer(batch arrow.RecordBatch, column, row int) (int64, error) {
	values, ok := batch.Column(column).(*array.Int64)
	if !ok {
		return 0, fmt.Errorf("the server sent %s where it was asked for integers", batch.Column(column).DataType())
	}
	return values.Value(row), nil
}

// wideFloat returns an integer of 128 bits as float64, rounded once where it fits int64.
func wideFloat(hi int64, lo uint64) float64 {
	if hi == int64(lo)>>63 {
		return float64(int64(lo))
	}
	if hi < 0 { // both words are large then, and would cancel out
		low, borrow := bits.Sub64(0, lo, 0)
		return -(float64(uint64(-hi)-borrow)*(1<<64) + float64(low))
	}
	return float64(hi)*(1<<64) + float64(lo)
}
