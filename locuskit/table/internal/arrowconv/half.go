package arrowconv

import (
	"encoding/binary"
	"math"

	"github.com/apache/arrow-go/v18/arrow/float16"
)

// halfValue returns the value of a half float. Arrow's own conversion takes those that are nearer to zero than 2^-14
// for other numbers.
func halfValue(h float16.Num) float64 {
	bits := uint64(binary.LittleEndian.Uint16(h.ToLEBytes()))
	sign, exponent, fraction := bits>>15<<63, bits>>10&0x1f, bits&0x3ff
	switch exponent {
	case 0: // no bit stands before the fraction's
		return math.Copysign(math.Ldexp(float64(fraction), -24), math.Float64frombits(sign))
	case 0x1f:
		return math.Float64frombits(sign | 0x7ff<<52 | fraction<<42)
	}
	return math.Float64frombits(sign | (exponent-15+1023)<<52 | fraction<<42)
}
