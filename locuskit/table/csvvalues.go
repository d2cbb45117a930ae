package table

import (
	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/numtext"
)

// csvColumn gathers one column of a block.
type csvColumn struct {
	name    string
	kind    column.Kind // of its values, or a state
	n       int         // values so far, those included that wait
	ints    []int64
	floats  []float64
	bools   []bool
	codes   []int32
	diverse bool   // strings are kept as they are, since they hardly repeat:
	text    []byte // one behind the other
	views   []uint64
	oddText bool
	dict    *column.DictionaryBuilder // the worker's own, for all its blocks
	waiting []waitingString           // to be looked up together
	nulls   []int                     // rows without a value
	form    *csvForm                  // of the text
	asked   bool                      // the kind is the caller's word
	again   bool                      // a value that does not fit makes the column late
	late    bool                      // one did
	long    bool                      // some integer is held by no float
	found   evidence                  // of a late column
}

// turnLate is the end of gathering values, since one does not fit.
func (c *csvColumn) turnLate(value []byte) {
	c.found = c.evidence()
	c.found.add(value)
	c.kind, c.late = late, true
	c.ints, c.floats, c.bools = nil, nil, nil
}

// evidence is what the values so far have shown.
func (c *csvColumn) evidence() evidence {
	if c.late {
		return c.found
	}
	return evidence{kind: c.kind, long: c.long}
}

// waitingString is a string of a block that has no code yet.
type waitingString struct {
	word uint64 // its first 8 bytes; what stands behind its end is undefined
	at   int32  // where in the block
	size int32
}

// stringBatch is how many strings are looked up together: the processor then looks up
// several at once, and does not wait for each before it reads the next row.
const stringBatch = 1024

func (c *csvColumn) addNull() {
	c.nulls = append(c.nulls, c.n)
	c.n++
	switch c.kind {
	case column.Int:
		c.ints = append(c.ints, 0)
	case column.Float:
		c.floats = append(c.floats, 0)
	case column.Bool:
		c.bools = append(c.bools, false)
	case column.String:
		if c.diverse {
			c.views = append(c.views, 0)
		} else {
			c.codes = append(c.codes, 0)
		}
	}
}

// keep appends a string as it is.
func (c *csvColumn) keep(value []byte) {
	c.views = append(c.views, column.ViewOf(len(c.text), len(value)))
	c.text = append(c.text, value...)
	if len(value) > 0 && value[0]&0xc0 == 0x80 {
		c.oddText = true
	}
}

// add appends a value, and says whether it is of the column's kind.
func (c *csvColumn) add(value []byte) bool {
	switch c.kind {
	case column.Int:
		v, ok := numtext.ParseInt(value)
		if !ok && c.asked {
			v, ok = numtext.ReadInt(value)
		}
		if !ok {
			return false
		}
		c.long = c.long || !numtext.FitsFloat(v)
		c.ints = append(c.ints, v)
	case column.Float:
		v, ok := numtext.ParseFloat(value)
		if !ok && c.asked {
			v, ok = numtext.ReadFloat(value)
		}
		if !ok {
			return false
		}
		c.floats = append(c.floats, v)
	case column.Bool:
		v, ok := numtext.ParseBool(value)
		if !ok {
			return false
		}
		c.bools = append(c.bools, v)
	case column.String:
		if c.diverse {
			c.keep(value)
		} else {
			c.codes = append(c.codes, c.dict.AddBytes(value))
		}
	default: // of a column without a value so far nothing is known
		return false
	}
	c.n++
	return true
}
