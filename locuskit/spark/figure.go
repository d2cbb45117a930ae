package spark

import (
	"context"
	"errors"
	"fmt"

	"locuslab/locuskit/table"
)

// Quantile returns the q-quantile of a column of numbers, exactly as [table.Table.Quantile] has it: the cluster keeps each
// distinct value of the column in one machine's memory.
func (f Frame) Quantile(ctx context.Context, name string, q float64) (float64, error) {
	return f.figure(ctx, fmt.Sprintf("quantile %v of %s", q, name), table.Quantile(name, q))
}

// Median returns the 0.5-quantile of a column.
func (f Frame) Median(ctx context.Context, name string) (float64, error) {
	return f.Quantile(ctx, name, 0.5)
}

// Mean returns the arithmetic mean of a column of numbers; nulls do not count.
func (f Frame) Mean(ctx context.Context, name string) (float64, error) {
	return f.figure(ctx, "mean of "+name, table.Mean(name))
}

// NUnique returns the number of distinct values of a column; nulls do not count.
func (f Frame) NUnique(ctx context.Context, name string) (int, error) {
	n, err := f.whole(ctx, "distinct values of "+name, func(a *aggregation, p plan) (output, table.Kind, error) {
		return a.add(p, table.NUnique(name))
	})
	return int(n), err
}

// Rows returns the number of rows.
func (f Frame) Rows(ctx context.Context) (int, error) {
	n, err := f.whole(ctx, "number of rows", func(a *aggregation, _ plan) (output, table.Kind, error) {
		return asSent("n", a.ask(call("count", literal("long", int64(1))))), table.Int, nil
	})
	return int(n), err
}

// figure computes one figure of all rows.
func (f Frame) figure(ctx context.Context, doing string, asked table.Aggregate) (float64, error) {
	t, err := f.one(ctx, func(a *aggregation, p plan) (output, table.Kind, error) { return a.add(p, asked) })
	if err == nil {
		var values []float64
		var valid []bool
		if values, valid, err = t.Floats("v"); err == nil {
			if len(values) == 1 && (valid == nil || valid[0]) {
				return values[0], nil
			}
			err = errors.New("the column has no values")
		}
	}
	return 0, f.failed(doing, err)
}

func (f Frame) whole(ctx context.Context, doing string, ask func(*aggregation, plan) (output, table.Kind, error)) (int64, error) {
	t, err := f.one(ctx, ask)
	if err == nil {
		var values []int64
		if values, _, err = t.Ints("v"); err == nil && len(values) == 1 {
			return values[0], nil
		}
		if err == nil {
			err = errors.New("the server sent no figure")
		}
	}
	return 0, f.failed(doing, err)
}

// one asks for a figure of all rows: a table of one row and the column v.
func (f Frame) one(ctx context.Context, ask func(*aggregation, plan) (output, table.Kind, error)) (table.Table, error) {
	p, err := f.plan(ctx)
	if err != nil {
		return table.Table{}, err
	}
	var a aggregation
	o, kind, err := ask(&a, p)
	if err != nil {
		return table.Table{}, err
	}
	o.name = "v"
	return f.cluster.collect(ctx, a.over(p.relation, nil), []output{o}, nil, []table.Kind{kind}, nil)
}
