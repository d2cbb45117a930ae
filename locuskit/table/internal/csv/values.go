package csv

import (
	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/numtext"
	"locuslab/locuskit/table/internal/reading"
)

// Values gathers one column of a block.
type Values struct {
	Name    string
	Kind    column.Kind // of its values, or a state
	N       int         // values so far, those included that wait
	Ints    []int64
	Floats  []float64
	Bools   []bool
	Codes   []int32
	diverse bool   // strings are kept as they are, since they hardly repeat:
	text    []byte // one after the other
	views   []uint64
	oddText bool
	Dict    *column.DictionaryBuilder // the worker's own, for all its blocks
	waiting []waitingString           // to be looked up together
	Nulls   []int                     // rows without a value
	form    *reading.CSVForm          // of the text
	Asked   bool                      // the caller chose the kind
	again   bool                      // a value that does not fit makes the column late
	late    bool                      // one did
	Long    bool                      // some integer is held by no float
	blank   bool                      // some field is "", which only a column of strings holds as it is
	found   evidence                  // of a late column

	numberNulls bool // some word for null is a number
}

// turnLate is the end of gathering values, since one does not fit.
func (c *Values) turnLate(value []byte) {
	c.found = c.evidence()
	c.found.add(value)
	c.Kind, c.late = late, true
	c.Ints, c.Floats, c.Bools = nil, nil, nil
}

// evidence returns what the values so far have shown.
func (c *Values) evidence() evidence {
	if c.late {
		return c.found
	}
	return evidence{Kind: c.Kind, long: c.Long}
}

// waitingString is a string of a block that has no code yet.
type waitingString struct {
	word uint64 // its first 8 bytes; what follows its end is undefined
	at   int32  // where in the block
	size int32
}

// stringBatch is how many strings are looked up together: the processor then looks up
// several at once, and does not wait for each before it reads the next row.
const stringBatch = 1024

// AddNull appends a row without a value.
func (c *Values) AddNull() {
	c.Nulls = append(c.Nulls, c.N)
	c.N++
	switch c.Kind {
	case column.Int:
		c.Ints = append(c.Ints, 0)
	case column.Float:
		c.Floats = append(c.Floats, 0)
	case column.Bool:
		c.Bools = append(c.Bools, false)
	case column.String:
		if c.diverse {
			c.views = append(c.views, 0)
		} else {
			c.Codes = append(c.Codes, 0)
		}
	}
}

// keep appends a string as it is.
func (c *Values) keep(value []byte) {
	c.views = append(c.views, column.ViewOf(len(c.text), len(value)))
	c.text = append(c.text, value...)
	if len(value) > 0 && value[0]&0xc0 == 0x80 {
		c.oddText = true
	}
}

// Add appends a value, and reports whether it is of the column's kind.
func (c *Values) Add(value []byte) bool {
	switch c.Kind {
	case column.Int:
		v, ok := numtext.ParseInt(value)
		if !ok && c.Asked {
			v, ok = numtext.ReadInt(value)
		}
		if !ok {
			return false
		}
		c.Long = c.Long || !numtext.FitsFloat(v)
		c.Ints = append(c.Ints, v)
	case column.Float:
		v, ok := numtext.ParseFloat(value)
		if !ok && c.Asked {
			v, ok = numtext.ReadFloat(value)
		}
		if !ok {
			return false
		}
		c.Floats = append(c.Floats, v)
	case column.Bool:
		v, ok := numtext.ParseBool(value)
		if !ok {
			return false
		}
		c.Bools = append(c.Bools, v)
	case column.String:
		if c.diverse {
			c.keep(value)
		} else {
			c.Codes = append(c.Codes, c.Dict.AddBytes(value))
		}
	default: // of a column without a value so far nothing is known
		return false
	}
	c.N++
	return true
}

// Column returns what was gathered, as a column of a table.
func (c *Values) Column() *column.Column {
	out := &column.Column{Name: c.Name, Kind: c.Kind, N: c.N, Ints: c.Ints, Floats: c.Floats, Bools: c.Bools, Codes: c.Codes}
	switch c.Kind {
	case column.Int:
		out.Stats = new(column.IntStats)
	case column.String:
		if c.diverse {
			out.Views, out.Plain = c.views, &column.PlainText{Text: c.text}
		} else {
			out.Dict = c.Dict.Build()
		}
	case Unknown: // nulls alone
		out.Kind, out.Codes, out.Dict = column.String, make([]int32, c.N), column.NewDictionaryBuilder().Build()
	}
	for _, row := range c.Nulls {
		if out.Valid == nil {
			out.Valid = column.FullBitmap(c.N)
		}
		column.ClearBit(out.Valid, row)
	}
	return out
}
