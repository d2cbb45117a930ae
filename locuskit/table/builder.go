package table

import (
	"fmt"

	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/csv"
	"locuslab/locuskit/table/internal/exec"
)

// Builder makes a table of values that come one after another, such as the rows of an answer:
//
//	b := table.NewBuilder()
//	codes, visits := b.Strings("geo_id"), b.Ints("visits")
//	for _, r := range rows {
//		codes.Append(r.Code)
//		visits.Append(r.Visits)
//	}
//	t, err := b.Table()
//
// Each column is held as the table has it from the first value on, strings by a dictionary. One goroutine at a time uses it.
type Builder struct{ columns []*csv.Values }

// NewBuilder returns a builder of a table without columns.
func NewBuilder() *Builder { return &Builder{} }

// Appender gathers the values of one column of a [Builder].
type Appender[T any] struct {
	column *csv.Values
	add    func(T)
}

// Append adds a value.
func (a Appender[T]) Append(v T) {
	a.add(v)
	a.column.N++
}

// AppendNull adds a row without a value.
func (a Appender[T]) AppendNull() { a.column.AddNull() }

func (b *Builder) add(name string, kind column.Kind) *csv.Values {
	c := &csv.Values{Name: name, Kind: kind}
	b.columns = append(b.columns, c)
	return c
}

// Ints adds a column of integers.
func (b *Builder) Ints(name string) Appender[int64] {
	c := b.add(name, column.Int)
	return Appender[int64]{c, func(v int64) { c.Ints = append(c.Ints, v) }}
}

// Floats adds a column of floating-point numbers.
func (b *Builder) Floats(name string) Appender[float64] {
	c := b.add(name, column.Float)
	return Appender[float64]{c, func(v float64) { c.Floats = append(c.Floats, v) }}
}

// Bools adds a column of truth values.
func (b *Builder) Bools(name string) Appender[bool] {
	c := b.add(name, column.Bool)
	return Appender[bool]{c, func(v bool) { c.Bools = append(c.Bools, v) }}
}

// Strings adds a column of texts.
func (b *Builder) Strings(name string) Appender[string] {
	c := b.add(name, column.String)
	c.Dict = column.NewDictionaryBuilder()
	return Appender[string]{c, func(v string) { c.Codes = append(c.Codes, c.Dict.Add(v)) }}
}

// Table returns the table, and an error if the columns are not equally long, two have one name or a text is not UTF-8.
// The builder is not used afterwards.
func (b *Builder) Table() (Table, error) {
	cols := make([]*column.Column, len(b.columns))
	for i, c := range b.columns {
		if c.Dict != nil && c.Dict.Full {
			return Table{}, fmt.Errorf("build a table: %w", column.ErrDictionaryFull(c.Name))
		}
		cols[i] = c.Column()
		cols[i].Exact = true
		if err := cols[i].CheckText(exec.Run{}); err != nil {
			return Table{}, fmt.Errorf("build a table: %w", err)
		}
	}
	t, err := newTable(cols)
	if err != nil {
		return Table{}, fmt.Errorf("build a table: %w", err)
	}
	return t, nil
}
