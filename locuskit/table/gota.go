package table

import (
	"fmt"

	"github.com/go-gota/gota/dataframe"
	"github.com/go-gota/gota/series"
)

// DataFrame is the table as a gota data frame, a copy. Nulls become gota's NaN,
// which in a column of floats cannot be told from a NaN; in a column of strings gota
// takes the text NaN for it. The table's [Context] ends it, with an error in the data
// frame's Err.
func (t Table) DataFrame() dataframe.DataFrame {
	if t.err != nil {
		return dataframe.DataFrame{Err: t.err}
	}
	cols := make([]series.Series, len(t.cols))
	for i, c := range t.cols {
		s, err := c.series(t.run.quiet().sequential())
		if err != nil {
			return dataframe.DataFrame{Err: fmt.Errorf("data frame of a table: %w", err)}
		}
		cols[i] = s
	}
	return dataframe.New(cols...)
}

func (c *column) series(e execution) (series.Series, error) {
	kind := map[Kind]series.Type{Int: series.Int, Float: series.Float, Bool: series.Bool, String: series.String, Timestamp: series.String}[c.holds()]
	s := series.New([]string{}, kind, c.name)
	err := e.chunks(c.n, chunkRows, func(_, from, to int) {
		switch c.holds() {
		case Timestamp:
			v := make([]string, to-from)
			for i := range v {
				v[i] = c.text(from + i)
			}
			s.Append(v)
		case Int:
			v := make([]int, to-from)
			for i, x := range c.ints[from:to] {
				v[i] = int(x)
			}
			s.Append(v)
		case Float:
			s.Append(c.floats[from:to])
		case Bool:
			s.Append(c.bools[from:to])
		case String:
			v := make([]string, to-from)
			for i := range v {
				if !c.null(from + i) {
					v[i] = c.str(from + i)
				}
			}
			s.Append(v)
		}
		for i := from; i < to; i++ {
			if c.null(i) {
				s.Elem(i).Set(nil)
			}
		}
	})
	return s, err
}

// FromDataFrame makes a table of a gota data frame, a copy. gota's NaN becomes a
// null, but in columns of floats, where it is NaN. [Context] may be among opts.
func FromDataFrame(df dataframe.DataFrame, opts ...Option) (Table, error) {
	t, err := fromDataFrame(execution{}.with(opts), df)
	if err != nil {
		return Table{}, fmt.Errorf("table from a data frame: %w", err)
	}
	return t, nil
}

func fromDataFrame(e execution, df dataframe.DataFrame) (Table, error) {
	if df.Err != nil {
		return Table{}, df.Err
	}
	cols := make([]*column, df.Ncol())
	for i, name := range df.Names() {
		c, err := fromSeries(e.quiet().sequential(), name, df.Col(name))
		if err != nil {
			return Table{}, err
		}
		cols[i] = c
	}
	return newTable(cols)
}

func fromSeries(e execution, name string, s series.Series) (*column, error) {
	kind, known := map[series.Type]Kind{series.Int: Int, series.Float: Float, series.Bool: Bool, series.String: String}[s.Type()]
	if !known {
		return nil, fmt.Errorf("column %q: gota's type %q is not known", name, s.Type())
	}
	c := csvColumn{name: name, kind: kind, dict: newDictionaryBuilder()}
	var odd error
	err := e.chunks(s.Len(), chunkRows, func(_, from, to int) {
		for i := from; i < to && odd == nil; i++ {
			if err := c.addElement(s.Elem(i)); err != nil {
				odd = fmt.Errorf("column %q, row %d: %w", name, i+1, err)
			}
		}
	})
	if err = firstError([]error{odd}, err); err != nil {
		return nil, err
	}
	if c.dict.full {
		return nil, errDictionaryFull(name)
	}
	out := c.column()
	out.exact = true
	return out, out.checkText(e)
}

// addElement appends a value of gota's.
func (c *csvColumn) addElement(e series.Element) error {
	if c.kind != Float && e.IsNA() {
		c.addNull()
		return nil
	}
	switch c.kind {
	case Int:
		v, err := e.Int()
		if err != nil {
			return err
		}
		c.ints = append(c.ints, int64(v))
	case Float:
		c.floats = append(c.floats, e.Float())
	case Bool:
		v, err := e.Bool()
		if err != nil {
			return err
		}
		c.bools = append(c.bools, v)
	case String:
		c.codes = append(c.codes, c.dict.add(e.String()))
	}
	c.n++
	return nil
}
