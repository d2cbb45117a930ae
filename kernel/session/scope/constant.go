package scope

import (
	"go/constant"
	"go/types"
	"math"
	"strconv"
	"strings"
)

// ConstantText returns an expression with exactly the value and the kind of a
// constant: iota and implicit repetition are worked out once, in the cell that
// declares it.
func ConstantText(c *types.Const) string {
	v := c.Val()
	basic, _ := c.Type().Underlying().(*types.Basic)
	switch {
	case basic.Info()&types.IsString != 0:
		return strconv.Quote(constant.StringVal(v))
	case basic.Kind() == types.UntypedRune:
		return "('\\x00' + " + constant.ToInt(v).ExactString() + ")"
	case basic.Info()&types.IsComplex != 0:
		v = constant.ToComplex(v)
		return "(" + floatText(constant.Real(v)) + " + " + floatText(constant.Imag(v)) + "*1i)"
	case basic.Info()&types.IsFloat != 0:
		return floatText(v)
	}
	return v.ExactString()
}

// Overflows tells a number that is too large for its basic type.
func Overflows(v constant.Value, t types.Type) bool {
	switch v.Kind() {
	case constant.Int, constant.Float, constant.Complex:
	default:
		return false
	}
	switch basic := t.Underlying().(*types.Basic); basic.Kind() {
	case types.Int:
		_, exact := constant.Int64Val(constant.ToInt(v))
		return !exact
	case types.Int32: // of a rune
		n, exact := constant.Int64Val(constant.ToInt(v))
		return !exact || n != int64(int32(n))
	case types.Float64, types.Complex128:
		re, _ := constant.Float64Val(constant.Real(v))
		im, _ := constant.Float64Val(constant.Imag(v))
		return math.IsInf(re, 0) || math.IsInf(im, 0)
	}
	return false
}

// floatText keeps every bit: a fraction is written as one, and a whole number
// as a float, so that an untyped constant stays an untyped float.
func floatText(v constant.Value) string {
	num, den, isFraction := strings.Cut(constant.ToFloat(v).ExactString(), "/")
	if !strings.ContainsAny(num, ".ep") {
		num += ".0"
	}
	if !isFraction {
		return "(" + num + ")"
	}
	return "(" + num + "/" + den + ".0)"
}
