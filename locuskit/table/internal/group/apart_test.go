package group

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/exec"
)

// TestManyGroupsAreEqualInBothForms compares figures of more groups than chunks of rows have figures of their own, to
// the last bit: groups by sparse integers and by strings, of columns of every kind, with nulls and without.
func TestManyGroupsAreEqualInBothForms(t *testing.T) {
	const groups, n = apartFrom, apartRows + 2*exec.ChunkRows + 77 // more than a chunk for so many groups, and fewer than one for a group more
	r := rand.New(rand.NewPCG(13, 6))
	sparse, codes := make([]int64, n), make([]int32, n)
	ints, large, floats, bools, names := make([]int64, n), make([]int64, n), make([]float64, n), make([]bool, n), make([]int32, n)
	some, others := column.FullBitmap(n), column.FullBitmap(n)
	dict, words := column.NewDictionaryBuilder(), column.NewDictionaryBuilder()
	for g := range groups {
		dict.Add(fmt.Sprintf("key %d", g*7919%groups))
	}
	for w := range 1000 {
		words.Add(fmt.Sprint(w))
	}
	for i := range n {
		g := r.Int64N(groups)
		if i < groups {
			g = int64(i) // so that each has rows
		}
		sparse[i], codes[i] = (g-groups/2)*1_000_003, int32(r.IntN(groups))
		ints[i], large[i], floats[i] = r.Int64N(100)-50, r.Int64()-r.Int64N(1<<40), r.NormFloat64()*math.Pow(10, float64(r.IntN(20)))
		bools[i], names[i] = r.IntN(2) == 0, int32(r.IntN(1000))
		switch r.IntN(9) {
		case 0:
			column.ClearBit(some, i)
		case 1:
			column.ClearBit(others, i)
		case 2:
			floats[i] = math.Copysign(0, -1)
		}
	}
	keys := []*column.Column{column.OfInts("sparse", sparse, nil), column.OfCodes("codes", codes, dict.Build(), nil), column.OfInts("sparse", sparse, others)}
	values := []*column.Column{
		column.OfInts("ints", ints, nil), column.OfInts("large", large, some), column.OfFloats("floats", floats, others),
		column.OfFloats("all", floats, nil), column.OfBools("bools", bools, some), column.OfCodes("names", names, words.Build(), others),
	}
	for _, key := range keys {
		var of []*column.Column
		var specs []Spec
		for _, c := range values {
			ops := []aggregateOp{OpCount, OpMin, OpMax}
			if c.Numbers() {
				ops = append(ops, OpMean, OpStd)
			}
			if c.Numbers() && c.Name != "large" {
				ops = append(ops, OpSum)
			}
			for _, op := range ops {
				of, specs = append(of, c), append(specs, Spec{Op: op, Column: c.Name, Name: fmt.Sprint(c.Name, op)})
			}
		}
		want, _, err := Aggregate(exec.Run{}, n, []*column.Column{key}, of, specs)
		if err != nil {
			t.Fatal(err)
		}
		got, _, err := Aggregate(exec.Run{Workers: 3}, n, []*column.Column{key}, of, specs)
		if err != nil {
			t.Fatal(err)
		}
		for k, c := range want {
			for i := range c.N {
				a, b := c.Value(i), got[k].Value(i)
				if x, ok := a.(float64); ok && b != nil {
					a, b = math.Float64bits(x), math.Float64bits(b.(float64))
				}
				if a != b || got[k].N != c.N {
					t.Fatalf("%d rows by %s, column %s, group %d of %d: %v in parallel, %v sequentially", n, key.Name, c.Name, i, c.N, b, a)
				}
			}
		}
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	cause := errors.New("enough")
	cancel(cause)
	if _, _, err := Aggregate(exec.Run{Ctx: ctx, Workers: 3}, n, keys[:1], values[:1], []Spec{{Op: OpCount, Name: "n"}}); !errors.Is(err, cause) {
		t.Errorf("cancelled: %v", err)
	}
}
