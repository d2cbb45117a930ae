// Package bound turns a comparison of integers with a float64 into one of integers, which is exact where a conversion
// would round. It knows no columns.
package bound

import "math"

// What every integer, or none, is found by.
const (
	All  = "all"
	None = "none"
)

// OfIntegers returns the bound and the operator that find the same integers as op and v do, or [All] or [None].
func OfIntegers(op string, v float64) (int64, string) {
	const limit = 1 << 63 // as float64 exactly one more than the largest int64
	whole := v == math.Trunc(v)
	switch {
	case math.IsNaN(v):
		if op == "!=" {
			return 0, All
		}
		return 0, None
	case v >= limit:
		if op == "<" || op == "<=" || op == "!=" {
			return 0, All
		}
		return 0, None
	case v < -limit:
		if op == ">" || op == ">=" || op == "!=" {
			return 0, All
		}
		return 0, None
	case whole:
		return int64(v), op
	}
	floor := int64(math.Floor(v))
	switch op {
	case "==":
		return 0, None
	case "!=":
		return 0, All
	case "<", "<=":
		return floor, "<="
	}
	return floor, ">"
}
