// Package numtext reads numbers and truth values out of text as data files write them, not as
// Go does: no underscores, no hexadecimal; infinities and nan in any case. What it is not sure
// to be one it refuses, above all what would lose something as a number: a whole number is one
// only if it prints back as it was written, so that 02116, +14165550100 and an id beyond what
// a column can hold stay text; what has a point or an exponent is rounded to the nearest float64.
// It knows nothing of fields and columns.
package numtext

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math"
	"math/bits"
	"strconv"
	"strings"
	"unsafe"
)

func asString(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// Trim takes away the spaces around a number, which programs that align columns write.
func Trim(b []byte) []byte {
	if len(b) > 0 && (b[0] <= ' ' || b[len(b)-1] <= ' ') {
		return bytes.Trim(b, " \t")
	}
	return b
}

// needless reports whether a number has a plus sign or a zero before other digits.
func needless(b []byte) bool {
	if len(b) > 0 && b[0] == '-' {
		b = b[1:]
	}
	return len(b) > 0 && b[0] == '+' || len(b) > 1 && b[0] == '0' && b[1]-'0' <= 9
}

// ParseInt reads a decimal integer that fits int64 and prints back as it was written.
func ParseInt(b []byte) (int64, bool) {
	if b = Trim(b); needless(b) || len(b) == 2 && b[0] == '-' && b[1] == '0' {
		return 0, false
	}
	return ReadInt(b)
}

// ReadInt reads a decimal integer that fits int64, with a plus sign or leading zeros too: for
// who knows that it is a number.
func ReadInt(b []byte) (int64, bool) {
	v, err := strconv.ParseInt(asString(Trim(b)), 10, 64)
	return v, err == nil
}

var powersOfTen = [...]float64{1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15}

var wholePowersOfTen = [...]uint64{1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19}

// quotient returns the float nearest to m/d, of two equally near ones the even one, by a division of
// integers that leaves a rest: m and d are up to 64 bits, so that the quotient is no subnormal.
func quotient(m, d uint64) float64 {
	if m == 0 {
		return 0
	}
	mz, dz := bits.LeadingZeros64(m), bits.LeadingZeros64(d)
	m, d = m<<mz, d<<dz
	q, rest := bits.Div64(m>>1, m<<63, d) // m/d·2⁶³, which has 63 or 64 bits
	exponent := dz - mz - 63
	if rest != 0 {
		q |= 1 // is somewhat more, which only the last of the bits cut off need tell
	}
	cut := 64 - 53 - bits.LeadingZeros64(q)
	half := uint64(1) << (cut - 1)
	mantissa := q >> cut
	if below := q & (1<<cut - 1); below > half || below == half && mantissa&1 != 0 {
		mantissa++
	}
	return float64(mantissa) * math.Float64frombits(uint64(1023+exponent+cut)<<52) // by a power of two, exactly
}

const (
	lowBytes  = 0x0101010101010101
	highBytes = 0x8080808080808080
	zeros     = '0' * lowBytes
)

// EightDigits returns the number that eight bytes from 0 to 9 write, the first the lowest
// byte: neighbours are joined to numbers of two, four and eight digits.
func EightDigits(w uint64) uint64 {
	w = w*10 + w>>8
	w = (w&0x00ff00ff00ff00ff*100 + w>>16&0x00ff00ff00ff00ff) & 0x0000ffff0000ffff
	return (w&0xffffffff)*10000 + w>>32
}

// ParseDecimal reads a decimal number of up to 15 digits and as many decimals, which
// float64 holds exactly so that one division gives the nearest value, or a fraction of up to 19.
func ParseDecimal(b []byte) (float64, bool) {
	i, negative := 0, false
	if len(b) > 0 && b[0] == '-' {
		i, negative = 1, true
	}
	if i+1 < len(b) && b[i] == '0' && b[i+1]-'0' <= 9 {
		return 0, false
	}
	var digits uint64
	count, point := 0, -1
	for ; i < len(b); i++ {
		if d := b[i] - '0'; d <= 9 {
			digits = digits*10 + uint64(d)
			count++
		} else if b[i] == '.' && point < 0 {
			point = count
			for ; i+9 <= len(b); i += 8 { // of most numbers with many digits, most stand behind the point
				word := binary.LittleEndian.Uint64(b[i+1:]) ^ zeros
				if (word+0x76*lowBytes|word)&highBytes != 0 {
					break
				}
				digits = digits*100_000_000 + EightDigits(word)
				count += 8
			}
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
	if i == len(b) && point >= 0 && count > 15 && count <= 19 {
		v := quotient(digits, wholePowersOfTen[count-point])
		if negative {
			v = -v
		}
		return v, true
	}
	return 0, false
}

// ParseFloat reads a decimal number, inf or nan. A whole number of more digits than float64
// holds is one only if it prints back as it was written.
func ParseFloat(b []byte) (float64, bool) {
	b = Trim(b)
	if v, ok := ParseDecimal(b); ok {
		return v, true
	}
	if needless(b) {
		return 0, false
	}
	v, ok := ReadFloat(b)
	return v, ok && (!whole(b) || printsAs(v, b))
}

// ReadFloat reads a decimal number, inf or nan, rounded where it has more digits than float64
// holds: for who knows that it is a number. One that is too large is infinite.
func ReadFloat(b []byte) (float64, bool) {
	b = Trim(b)
	for _, x := range b {
		if x == '_' || x == 'x' || x == 'X' || x == 'p' || x == 'P' { // Go's own notations
			return 0, false
		}
	}
	if len(b) == 4 && strings.EqualFold(asString(b), "-nan") { // as C's printf has it
		b = b[1:]
	}
	v, err := strconv.ParseFloat(asString(b), 64)
	return v, err == nil || errors.Is(err, strconv.ErrRange)
}

// whole reports whether a number has digits and a sign alone.
func whole(b []byte) bool {
	for i, x := range b {
		if x-'0' > 9 && (i > 0 || x != '-') {
			return false
		}
	}
	return true
}

func printsAs(v float64, b []byte) bool {
	var text [400]byte
	return bytes.Equal(strconv.AppendFloat(text[:0], v, 'f', -1, 64), b)
}

// FitsFloat reports whether an integer is the same number as a float64: whether it prints back.
func FitsFloat(v int64) bool {
	if -1<<53 <= v && v <= 1<<53 {
		return true
	}
	var text [20]byte
	return printsAs(float64(v), strconv.AppendInt(text[:0], v, 10))
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
