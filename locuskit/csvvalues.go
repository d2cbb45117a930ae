package locuskit

import (
	"strconv"
	"strings"
	"unsafe"
)

// csvColumn gathers one column of a block.
type csvColumn struct {
	name    string
	kind    Kind // 0: the column is not wanted
	n       int  // values so far, those included that wait
	ints    []int64
	floats  []float64
	bools   []bool
	codes   []int32
	dict    *dictionaryBuilder // the worker's own, for all its blocks
	waiting []waitingString    // to be looked up together
	nulls   []int              // rows without a value
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
	case Int:
		c.ints = append(c.ints, 0)
	case Float:
		c.floats = append(c.floats, 0)
	case Bool:
		c.bools = append(c.bools, false)
	case String:
		c.codes = append(c.codes, 0)
	}
}

// add appends a value, and says whether it is of the column's kind.
func (c *csvColumn) add(value []byte) bool {
	switch c.kind {
	case Int:
		v, ok := parseInt(value)
		if !ok {
			return false
		}
		c.ints = append(c.ints, v)
	case Float:
		v, ok := parseFloat(value)
		if !ok {
			return false
		}
		c.floats = append(c.floats, v)
	case Bool:
		v, ok := parseBool(value)
		if !ok {
			return false
		}
		c.bools = append(c.bools, v)
	case String:
		c.codes = append(c.codes, c.dict.addBytes(value))
	}
	c.n++
	return true
}

func asString(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

func parseInt(b []byte) (int64, bool) {
	if len(b) == 0 || b[0] == '+' && len(b) > 1 && b[1] == '-' {
		return 0, false
	}
	v, err := strconv.ParseInt(asString(b), 10, 64)
	return v, err == nil
}

var powersOfTen = [...]float64{1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15}

// parseDecimal reads a decimal number of up to 15 digits and as many decimals, which
// float64 holds exactly: one division gives the nearest value.
func parseDecimal(b []byte) (float64, bool) {
	i, negative := 0, false
	if len(b) > 0 && b[0] == '-' {
		i, negative = 1, true
	}
	var digits uint64
	count, point := 0, -1
	for ; i < len(b); i++ {
		if d := b[i] - '0'; d <= 9 {
			digits = digits*10 + uint64(d)
			count++
		} else if b[i] == '.' && point < 0 {
			point = count
		} else {
			break
		}
	}
	if i == len(b) && count > 0 && count <= 15 {
		v := float64(digits)
		if point >= 0 {
			v /= powersOfTen[count-point]
		}
		if negative {
			v = -v
		}
		return v, true
	}
	return 0, false
}

// parseFloat reads a decimal number, inf or nan.
func parseFloat(b []byte) (float64, bool) {
	if v, ok := parseDecimal(b); ok {
		return v, true
	}
	for _, x := range b {
		if x == '_' || x == 'x' || x == 'X' || x == 'p' || x == 'P' { // Go's own notations
			return 0, false
		}
	}
	if len(b) == 4 && strings.EqualFold(asString(b), "-nan") { // as C's printf has it
		b = b[1:]
	}
	v, err := strconv.ParseFloat(asString(b), 64)
	return v, err == nil
}

func parseBool(b []byte) (value, ok bool) {
	switch string(b) {
	case "true", "True", "TRUE":
		return true, true
	case "false", "False", "FALSE":
		return false, true
	}
	return false, false
}
