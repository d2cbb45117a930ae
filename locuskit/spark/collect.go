package spark

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"locuslab/locuskit/table"
)

// output is a column of a result: how it is made of a batch that the server sent, and its name in the end.
type output struct {
	name string
	of   func(batch arrow.RecordBatch) (arrow.Array, error)
}

// asSent is column i of a batch as it is.
func asSent(name string, i int) output {
	return output{name, func(batch arrow.RecordBatch) (arrow.Array, error) { return batch.Column(i), nil }}
}

// collect runs a relation and makes a table of outputs, sorted by orders, which are not part of it. Sorting is done
// by package table: what it means by an order is what the rows have.
func (c *Cluster) collect(ctx context.Context, relation fields, outputs, orders []output, kinds []table.Kind, down []bool) (table.Table, error) {
	value, order := namesUntilSorted(outputs)
	for i, o := range outputs {
		if slices.ContainsFunc(outputs[:i], func(before output) bool { return before.name == o.name }) {
			return table.Table{}, fmt.Errorf("a table cannot have two columns named %q: rename one with As", o.name)
		}
	}
	var parts []table.Table
	err := c.execute(ctx, relation, func(batch arrow.RecordBatch) error {
		if batch.NumRows() == 0 {
			return nil
		}
		var names []arrow.Field
		var columns []arrow.Array
		add := func(name string, o output, kind table.Kind) error {
			values, err := o.of(batch)
			if err != nil {
				return err
			}
			if err := sentAs(o.name, kind, values.DataType()); err != nil {
				return err
			}
			names = append(names, arrow.Field{Name: name, Type: values.DataType(), Nullable: true})
			columns = append(columns, values)
			return nil
		}
		for i, o := range outputs {
			if err := add(value(i), o, kinds[i]); err != nil {
				return err
			}
		}
		for i, o := range orders {
			if err := add(order(i), o, 0); err != nil {
				return err
			}
		}
		t, err := table.FromRecord(array.NewRecordBatch(arrow.NewSchema(names, nil), columns, batch.NumRows()), table.Context(ctx))
		parts = append(parts, t)
		return err
	})
	if err != nil {
		return table.Table{}, err
	}
	if len(parts) == 0 {
		return noRows(outputs, kinds)
	}
	t, err := table.Concat(parts...)
	if err != nil {
		return table.Table{}, err
	}
	if len(orders) > 0 {
		keys := make([]string, len(orders))
		for i := range keys {
			keys[i] = order(i)
			if down[i] {
				keys[i] = "-" + keys[i]
			}
		}
		t = t.Parallel(table.Context(ctx)).Sort(keys...)
		t = t.Sequential(table.Context(context.Background())) // of later operations the caller decides
	}
	values := make([]string, len(outputs))
	for i := range outputs {
		values[i] = value(i)
	}
	t = t.Select(values...)
	for i, o := range outputs {
		t = t.Rename(value(i), o.name)
	}
	return t, t.Err()
}

// sentAs returns an error if a column of a kind came as another type: package table would make a date text and a decimal a float,
// and nobody would know. Kind 0 is of a column that is in no table.
func sentAs(name string, kind table.Kind, got arrow.DataType) error {
	want := map[table.Kind]arrow.Type{table.Int: arrow.INT64, table.Float: arrow.FLOAT64, table.String: arrow.STRING, table.Bool: arrow.BOOL}[kind]
	if kind == 0 || got.ID() == want {
		return nil
	}
	return fmt.Errorf("the server sent column %q as %v where %s values were asked for", name, got, kind)
}

// namesUntilSorted are names for columns and orders that no column has in the end.
func namesUntilSorted(outputs []output) (value, order func(i int) string) {
	prefix := "_"
	for slices.ContainsFunc(outputs, func(o output) bool { return strings.HasPrefix(o.name, prefix) }) {
		prefix += "_"
	}
	return func(i int) string { return fmt.Sprintf("%sv%d", prefix, i) },
		func(i int) string { return fmt.Sprintf("%sk%d", prefix, i) }
}

// noRows is a result without rows, whose columns are known all the same.
func noRows(outputs []output, kinds []table.Kind) (table.Table, error) {
	b := table.NewBuilder()
	for i, o := range outputs {
		switch kinds[i] {
		case table.Int:
			b.Ints(o.name)
		case table.Float:
			b.Floats(o.name)
		case table.Bool:
			b.Bools(o.name)
		default:
			b.Strings(o.name)
		}
	}
	return b.Table()
}

// Table runs the query and returns its rows, which have to fit into memory here.
func (f Frame) Table(ctx context.Context) (table.Table, error) {
	p, err := f.plan(ctx)
	if err != nil {
		return table.Table{}, f.failed("", err)
	}
	t, err := f.rows(ctx, p)
	if err != nil {
		return table.Table{}, f.failed("", err)
	}
	return t, nil
}

func (f Frame) rows(ctx context.Context, p plan) (table.Table, error) {
	var expressions []fields
	var outputs, orders []output
	var kinds []table.Kind
	var down []bool
	for _, col := range p.columns {
		if _, err := p.find(col.name); err != nil {
			return table.Table{}, fmt.Errorf("%w; Select the others", err)
		}
		outputs = append(outputs, asSent(col.name, len(expressions)))
		kinds = append(kinds, col.kind)
		expressions = append(expressions, alias(ref(col.ref), fmt.Sprintf("p%d", len(expressions))))
	}
	for _, o := range p.order {
		orders = append(orders, asSent("", len(expressions)))
		down = append(down, o.down)
		expressions = append(expressions, alias(ref(o.ref), fmt.Sprintf("p%d", len(expressions))))
	}
	if len(outputs) == 0 {
		return table.Table{}, errors.New("no column is asked for")
	}
	return f.cluster.collect(ctx, project(p.relation, expressions), outputs, orders, kinds, down)
}

// combined makes a column of integers or floats of several that the server sent. Where present says false there is
// no value.
func combined[T int64 | float64](batch arrow.RecordBatch, value func(row int) (v T, present bool, err error)) (arrow.Array, error) {
	switch value := any(value).(type) {
	case func(int) (int64, bool, error):
		b := array.NewInt64Builder(memory.DefaultAllocator)
		return fill(int(batch.NumRows()), value, b.Append, b.AppendNull, func() arrow.Array { return b.NewArray() })
	case func(int) (float64, bool, error):
		b := array.NewFloat64Builder(memory.DefaultAllocator)
		return fill(int(batch.NumRows()), value, b.Append, b.AppendNull, func() arrow.Array { return b.NewArray() })
	}
	panic("unreachable")
}

func fill[T any](rows int, value func(int) (T, bool, error), add func(T), none func(), made func() arrow.Array) (arrow.Array, error) {
	for row := range rows {
		v, present, err := value(row)
		switch {
		case err != nil:
			return nil, err
		case present:
			add(v)
		default:
			none()
		}
	}
	return made(), nil
}
