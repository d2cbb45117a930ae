// Package numtext reads numbers and truth values out of text as data files write them, not as
// Go does: no underscores, no hexadecimal; infinities and nan in any case. What it is not sure
// to be one it refuses. It knows nothing of fields and columns.
package numtext

import (
	"strconv"
	"strings"
	"unsafe"
)

func asString(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// ParseInt reads a decimal integer that fits int64.
func ParseInt(b []byte) (int64, bool) {
	if len(b) == 0 || b[0] == '+' && len(b) > 1 && b[1] == '-' {
		return 0, false
	}
	v, err := strconv.ParseInt(asString(b), 10, 64)
	return v, err == nil
}

var powersOfTen = [...]float64{1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15}

// ParseDecimal reads a decimal number of up to 15 digits and as many decimals, which
// float64 holds exactly: one division gives the nearest value.
func ParseDecimal(b []byte) (float64, bool) {
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

// ParseFloat reads a decimal number, inf or nan.
func ParseFloat(b []byte) (float64, bool) {
	if v, ok := ParseDecimal(b); ok {
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

// ParseBool reads true or false, in small letters, capitals or capitalised.
func ParseBool(b []byte) (value, ok bool) {
	switch string(b) {
	case "true", "True", "TRUE":
		return true, true
	case "false", "False", "FALSE":
		return false, true
	}
	return false, false
}
