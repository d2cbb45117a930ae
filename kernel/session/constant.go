package session

import (
	"go/constant"
	"go/types"
	"strconv"
	"strings"
)

// constantText returns an expression with exactly the value and the kind of a
// constant: iota and implicit repetition are worked out once, in the cell that
// declares it.
func constantText(c *types.Const) string {
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
