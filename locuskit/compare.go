package locuskit

import "math"

// matchOrdered finds the values that compare so to bound. One loop an operator:
// each row number is written, and counted only if it matches, which compiles to
// code without a branch that data could mispredict.
func matchOrdered[T int64 | float64](values []T, op string, bound T) matcher {
	return func(from, to int, out []int32) int {
		v := values[from:to]
		out = out[:len(v)]
		n := 0
		switch op {
		case "==":
			for i, x := range v {
				out[n] = int32(i)
				if x == bound {
					n++
				}
			}
		case "!=":
			for i, x := range v {
				out[n] = int32(i)
				if x != bound {
					n++
				}
			}
		case "<":
			for i, x := range v {
				out[n] = int32(i)
				if x < bound {
					n++
				}
			}
		case "<=":
			for i, x := range v {
				out[n] = int32(i)
				if x <= bound {
					n++
				}
			}
		case ">":
			for i, x := range v {
				out[n] = int32(i)
				if x > bound {
					n++
				}
			}
		case ">=":
			for i, x := range v {
				out[n] = int32(i)
				if x >= bound {
					n++
				}
			}
		}
		return n
	}
}

// integerBound turns a comparison of integers with a float64 into one with an
// integer, or into "all" or "none".
func integerBound(op string, v float64) (int64, string) {
	const limit = 1 << 63 // as float64 exactly one more than the largest int64
	whole := v == math.Trunc(v)
	switch {
	case math.IsNaN(v):
		if op == "!=" {
			return 0, "all"
		}
		return 0, "none"
	case v >= limit:
		if op == "<" || op == "<=" || op == "!=" {
			return 0, "all"
		}
		return 0, "none"
	case v < -limit:
		if op == ">" || op == ">=" || op == "!=" {
			return 0, "all"
		}
		return 0, "none"
	case whole:
		return int64(v), op
	}
	floor := int64(math.Floor(v))
	switch op {
	case "==":
		return 0, "none"
	case "!=":
		return 0, "all"
	case "<", "<=":
		return floor, "<="
	}
	return floor, ">"
}
