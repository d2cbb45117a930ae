package locuskit

import (
	"fmt"

	"github.com/go-gota/gota/dataframe"
	"github.com/go-gota/gota/series"
)

// DataFrame is the table as a gota data frame, a copy. Nulls become gota's NaN,
// which in a column of floats cannot be told from a NaN.
func (t Table) DataFrame() dataframe.DataFrame {
	if t.err != nil {
		return dataframe.DataFrame{Err: t.err}
	}
	cols := make([]series.Series, len(t.cols))
	for i, c := range t.cols {
		cols[i] = c.series()
	}
	return dataframe.New(cols...)
}

func (c *column) series() series.Series {
	var s series.Series
	switch c.kind {
	case Int:
		v := make([]int, c.n)
		for i, x := range c.ints {
			v[i] = int(x)
		}
		s = series.New(v, series.Int, c.name)
	case Float:
		s = series.New(c.floats, series.Float, c.name)
	case Bool:
		s = series.New(c.bools, series.Bool, c.name)
	case String:
		v := make([]string, c.n)
		for i, code := range c.codes {
			if !c.null(i) {
				v[i] = c.dict.value(code)
			}
		}
		s = series.New(v, series.String, c.name)
	}
	for i := range c.n {
		if c.null(i) {
			s.Elem(i).Set(nil)
		}
	}
	return s
}

// FromDataFrame makes a table of a gota data frame, a copy. gota's NaN becomes a
// null, but in columns of floats, where it is NaN.
func FromDataFrame(df dataframe.DataFrame) (Table, error) {
	if df.Err != nil {
		return Table{}, fmt.Errorf("table from a data frame: %w", df.Err)
	}
	cols := make([]*column, df.Ncol())
	for i, name := range df.Names() {
		c, err := fromSeries(name, df.Col(name))
		if err != nil {
			return Table{}, fmt.Errorf("table from a data frame: column %q: %w", name, err)
		}
		cols[i] = c
	}
	t, err := newTable(cols)
	if err != nil {
		return Table{}, fmt.Errorf("table from a data frame: %w", err)
	}
	return t, nil
}

func fromSeries(name string, s series.Series) (*column, error) {
	c := csvColumn{name: name}
	switch s.Type() {
	case series.Int:
		c.kind = Int
	case series.Float:
		c.kind = Float
	case series.Bool:
		c.kind = Bool
	case series.String:
		c.kind, c.dict = String, newDictionaryBuilder()
	default:
		return nil, fmt.Errorf("gota's type %q is not known", s.Type())
	}
	for i := range s.Len() {
		e := s.Elem(i)
		if c.kind == Float {
			c.floats = append(c.floats, e.Float())
			c.n++
			continue
		}
		if e.IsNA() {
			c.addNull()
			continue
		}
		switch c.kind {
		case Int:
			v, err := e.Int()
			if err != nil {
				return nil, fmt.Errorf("row %d: %w", i+1, err)
			}
			c.ints = append(c.ints, int64(v))
		case Bool:
			v, err := e.Bool()
			if err != nil {
				return nil, fmt.Errorf("row %d: %w", i+1, err)
			}
			c.bools = append(c.bools, v)
		case String:
			c.codes = append(c.codes, c.dict.add(e.String()))
		}
		c.n++
	}
	out := c.column()
	out.exact = true
	return out, nil
}
