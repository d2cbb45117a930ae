// Package gotatable copies tables to and from gota's data frames. It is a package of its own so that a program that uses
// tables alone does not compile gota. It knows a table by its exported methods.
package gotatable

import (
	"context"
	"fmt"

	"github.com/go-gota/gota/dataframe"
	"github.com/go-gota/gota/series"

	"locuslab/locuskit/table"
)

// chunkRows is how many rows are copied between two looks at the context.
const chunkRows = 1 << 17

// DataFrame returns a copy of the table as a gota data frame. Nulls become gota's NaN,
// which in a column of floats cannot be told from a NaN; in a column of strings gota
// takes the text NaN for it. Times become text. The failure of a failed table and the end of ctx are the data frame's Err.
func DataFrame(ctx context.Context, t table.Table) dataframe.DataFrame {
	if err := t.Err(); err != nil {
		return dataframe.DataFrame{Err: err}
	}
	t = t.Sequential(table.Context(ctx))
	var cols []series.Series
	for _, name := range t.Columns() {
		s, err := seriesOf(ctx, t, name)
		if err != nil {
			return dataframe.DataFrame{Err: fmt.Errorf("data frame of a table: %w", err)}
		}
		cols = append(cols, s)
	}
	return dataframe.New(cols...)
}

var types = map[table.Kind]series.Type{table.Int: series.Int, table.Float: series.Float, table.Bool: series.Bool, table.String: series.String}

func seriesOf(ctx context.Context, t table.Table, name string) (series.Series, error) {
	kind, err := t.Kind(name)
	if err != nil {
		return series.Series{}, err
	}
	if kind == table.Timestamp {
		kind, t = table.String, t.Cast(name, table.String)
		if err := t.Err(); err != nil {
			return series.Series{}, err
		}
	}
	s := series.New([]string{}, types[kind], name)
	for from := 0; from < t.Rows(); from += chunkRows {
		if err := context.Cause(ctx); err != nil {
			return s, err
		}
		if err := appendRows(&s, t.Slice(from, from+chunkRows), kind, name); err != nil {
			return s, err
		}
	}
	for i, row := range t.Select(name).All() {
		if row.IsNull(name) {
			s.Elem(i).Set(nil)
		}
	}
	return s, context.Cause(ctx)
}

func appendRows(s *series.Series, t table.Table, kind table.Kind, name string) error {
	switch kind {
	case table.Int:
		values, _, err := t.Ints(name)
		ints := make([]int, len(values))
		for i, v := range values {
			ints[i] = int(v)
		}
		s.Append(ints)
		return err
	case table.Float:
		values, _, err := t.Floats(name)
		s.Append(values)
		return err
	case table.Bool:
		bools := make([]bool, t.Rows())
		for i, row := range t.Select(name).All() {
			bools[i] = row.Bool(name)
		}
		s.Append(bools)
		return nil
	}
	values, err := t.Strings(name)
	s.Append(values)
	return err
}

// Table returns a copy of a gota data frame. gota's NaN becomes a null, but in columns of floats, where it is NaN.
func Table(ctx context.Context, df dataframe.DataFrame) (table.Table, error) {
	t, err := fromDataFrame(ctx, df)
	if err != nil {
		return table.Table{}, fmt.Errorf("table from a data frame: %w", err)
	}
	return t, nil
}

func fromDataFrame(ctx context.Context, df dataframe.DataFrame) (table.Table, error) {
	if df.Err != nil {
		return table.Table{}, df.Err
	}
	b := table.NewBuilder()
	for _, name := range df.Names() {
		if err := addSeries(ctx, b, name, df.Col(name)); err != nil {
			return table.Table{}, err
		}
	}
	return b.Table()
}

func addSeries(ctx context.Context, b *table.Builder, name string, s series.Series) error {
	switch s.Type() {
	case series.Int:
		return addElements(ctx, b.Ints(name), name, s, func(e series.Element) (int64, error) { v, err := e.Int(); return int64(v), err })
	case series.Bool:
		return addElements(ctx, b.Bools(name), name, s, series.Element.Bool)
	case series.String:
		return addElements(ctx, b.Strings(name), name, s, func(e series.Element) (string, error) { return e.String(), nil })
	case series.Float:
		return addElements(ctx, b.Floats(name), name, s, func(e series.Element) (float64, error) { return e.Float(), nil })
	}
	return fmt.Errorf("column %q: gota's type %q is not known", name, s.Type())
}

func addElements[T any](ctx context.Context, to table.Appender[T], name string, s series.Series, value func(series.Element) (T, error)) error {
	for i := range s.Len() {
		if i%chunkRows == 0 && ctx.Err() != nil {
			return context.Cause(ctx)
		}
		e := s.Elem(i)
		if s.Type() != series.Float && e.IsNA() {
			to.AppendNull()
			continue
		}
		v, err := value(e)
		if err != nil {
			return fmt.Errorf("column %q, row %d: %w", name, i+1, err)
		}
		to.Append(v)
	}
	return context.Cause(ctx)
}
