package group

import (
	"cmp"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/exec"
)

// randomColumn has values of a kind: few, many or hardly any repeated, extremes of the kind among them.
func randomColumn(r *rand.Rand, name string, kind column.Kind, rows int) *column.Column {
	values := []int{1, 2, 300, 70_000, rows + 1}[r.IntN(5)]
	var valid []byte
	if share := []float64{0, 0, 0.05, 0.5, 1}[r.IntN(5)]; share > 0 {
		valid = column.NewBitmap(rows)
		for i := range rows {
			if r.Float64() >= share {
				column.SetBit(valid, i)
			}
		}
	}
	switch kind {
	case column.Int:
		spread := []int64{1, 1, 1_000_003, 1 << 45}[r.IntN(4)]
		some := []int64{0, 0, math.MaxInt64, math.MinInt64, math.MinInt64 + 1}[r.IntN(5)]
		v := make([]int64, rows)
		for i := range v {
			v[i] = int64(r.IntN(values)-values/2) * spread
			if r.IntN(1000) == 0 {
				v[i] = some
			}
		}
		return column.OfInts(name, v, valid)
	case column.Float:
		special := []float64{0, math.NaN(), math.Inf(1), math.Inf(-1), math.Copysign(0, -1)}
		often := []int{1 << 40, 1 << 40, 3, 1000}[r.IntN(4)]
		v := make([]float64, rows)
		for i := range v {
			v[i] = float64(r.IntN(values)-values/2) / 8 // sums of these are exact in any order
			if r.IntN(often) == 0 {
				v[i] = special[r.IntN(len(special))]
			}
		}
		return column.OfFloats(name, v, valid)
	case column.Bool:
		v := make([]bool, rows)
		for i := range v {
			v[i] = r.IntN(3) == 0
		}
		return column.OfBools(name, v, valid)
	}
	v := make([]string, rows)
	for i := range v {
		v[i] = fmt.Sprint("text ", r.IntN(values))
	}
	c, err := column.OfStrings(name, v)
	if err != nil {
		panic(err)
	}
	c.Valid = valid
	c.Exact = false
	return c
}

// key is a value of a column as what can be compared: NaN is one value, and so are both zeros.
func keyOf(c *column.Column, i int) any {
	v := c.Value(i)
	if f, ok := v.(float64); ok {
		if math.IsNaN(f) {
			return "NaN"
		}
		return f + 0
	}
	return v
}

// simple is what an aggregate of the values at rows should be.
func simple(a Spec, c *column.Column, rows []int) any {
	var values []any
	for _, i := range rows {
		if !c.Null(i) {
			values = append(values, keyOf(c, i))
		}
	}
	number := func(v any) float64 {
		switch v := v.(type) {
		case int64:
			return float64(v)
		case float64:
			return v
		}
		return math.NaN()
	}
	switch a.Op {
	case OpCount:
		return int64(len(values))
	case OpNUnique:
		seen := map[any]bool{}
		for _, v := range values {
			seen[v] = true
		}
		return int64(len(seen))
	case OpStd:
		if len(values) < 2 {
			return nil
		}
	}
	if len(values) == 0 {
		return nil
	}
	switch a.Op {
	case OpMin:
		return slices.MinFunc(values, compareKeys)
	case OpMax:
		return slices.MaxFunc(values, compareKeys)
	case OpSum:
		if c.Kind == column.Int {
			var sum int64
			for _, v := range values {
				sum += v.(int64)
			}
			return sum
		}
	case OpQuantile:
		slices.SortFunc(values, compareKeys)
		at := a.Q * float64(len(values)-1)
		low := int(at)
		x, y, part := number(values[low]), number(values[min(low+1, len(values)-1)]), at-float64(low)
		switch {
		case part == 0 || x == y:
			return x
		case math.IsInf(y-x, 0):
			return x*(1-part) + y*part
		}
		return x + (y-x)*part
	}
	var sum float64
	for _, v := range values {
		sum += number(v)
	}
	if a.Op == OpSum {
		return sum
	}
	if c.Kind == column.Int {
		exact := new(big.Int)
		for _, v := range values {
			exact.Add(exact, big.NewInt(v.(int64)))
		}
		sum, _ = new(big.Float).SetInt(exact).Float64()
	}
	mean := sum / float64(len(values))
	if a.Op == OpMean {
		return mean
	}
	var squares float64
	for _, v := range values {
		squares += (number(v) - mean) * (number(v) - mean)
	}
	return math.Sqrt(squares / float64(len(values)-1))
}

func compareKeys(a, b any) int {
	nan := func(v any) int {
		if v == "NaN" {
			return 1
		}
		return 0
	}
	switch x := a.(type) {
	case int64:
		return cmp.Compare(x, b.(int64))
	case bool:
		return cmp.Compare(fmt.Sprint(x), fmt.Sprint(b))
	case float64:
		if y, ok := b.(float64); ok {
			return cmp.Compare(x, y)
		}
	case string:
		if y, ok := b.(string); ok && nan(a)+nan(b) == 0 {
			return cmp.Compare(x, y)
		}
	}
	return nan(a) - nan(b)
}

// same reports whether a figure is what it should be: means and deviations but for rounding.
func same(got, want any, a Spec) bool {
	x, isFloat := got.(float64)
	y, wantsFloat := want.(float64)
	switch {
	case isFloat && want == "NaN":
		return math.IsNaN(x)
	case !isFloat || !wantsFloat:
		return got == want
	case math.IsNaN(y):
		return math.IsNaN(x)
	case a.Op == OpMean || a.Op == OpStd:
		return x == y || math.Abs(x-y) <= 1e-9*max(math.Abs(x), math.Abs(y))
	}
	return math.Float64bits(x) == math.Float64bits(y+0)
}

// TestAggregatesAgreeWithSimpleForm computes every aggregate of random columns on any number of goroutines: each is what
// plain Go finds, and to the last bit the same on all of them.
func TestAggregatesAgreeWithSimpleForm(t *testing.T) {
	kinds := []column.Kind{column.Int, column.Float, column.String, column.Bool}
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 13))
		rows := []int{0, 1, 2, 63, 5000, 20_000, exec.ChunkRows*2 + 4321}[r.IntN(7)]
		keys := []*column.Column{randomColumn(r, "a", kinds[r.IntN(4)], rows)}
		if r.IntN(2) == 0 {
			keys = append(keys, randomColumn(r, "b", kinds[r.IntN(4)], rows))
		}
		var specs []Spec
		var values []*column.Column
		for _, kind := range kinds {
			c := randomColumn(r, kind.String(), kind, rows)
			of := []aggregateOp{OpCount, OpMin, OpMax, OpNUnique}
			if c.Numbers() {
				of = append(of, OpMean, OpStd, OpQuantile, OpQuantile)
				if kind == column.Float || column.Largest(exec.Run{}, c) < 1<<44 {
					of = append(of, OpSum)
				}
			}
			r.Shuffle(len(of), func(i, j int) { of[i], of[j] = of[j], of[i] })
			for k, op := range of[:1+r.IntN(len(of))] {
				specs = append(specs, Spec{Op: op, Q: []float64{0, 0.5, 0.5, 0.37, 1}[r.IntN(5)], Name: fmt.Sprint(kind, op, k)})
				values = append(values, c)
			}
		}
		want := map[string][]int{}
		name := func(cols []*column.Column, i int) string {
			s := ""
			for _, c := range cols {
				s += fmt.Sprintf("%v\x00", keyOf(c, i))
			}
			return s
		}
		for i := range rows {
			k := name(keys, i)
			want[k] = append(want[k], i)
		}
		var first []*column.Column
		for _, workers := range []int{0, 1, 2, 3, 8} {
			out, _, err := Aggregate(exec.Run{Workers: workers}, rows, keys, values, specs)
			if err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
			if first == nil {
				first = out
				if out[0].N != len(want) {
					t.Fatalf("seed %d: %d groups of %d rows, want %d", seed, out[0].N, rows, len(want))
				}
				for g := range out[0].N {
					of := want[name(out[:len(keys)], g)]
					for k, spec := range specs {
						if got, want := out[len(keys)+k].Value(g), simple(spec, values[k], of); !same(got, want, spec) {
							t.Fatalf("seed %d: %s of %d rows in group %d: %v, want %v", seed, spec.Name, len(of), g, got, want)
						}
					}
				}
				continue
			}
			for k, c := range out {
				for g := range first[k].N {
					a, b := first[k].Value(g), c.Value(g)
					x, isFloat := a.(float64)
					y, _ := b.(float64)
					if a != b && !(isFloat && math.Float64bits(x) == math.Float64bits(y)) {
						t.Fatalf("seed %d: %s of group %d: %v in sequence, %v on %d goroutines", seed, c.Name, g, a, b, workers)
					}
				}
			}
		}
	}
}
