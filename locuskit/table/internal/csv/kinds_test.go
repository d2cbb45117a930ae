package csv

import (
	"math/rand/v2"
	"testing"

	"locuslab/locuskit/table/internal/column"
)

// TestUsualValuesShowNothingNew holds the short way past a value against the long one.
func TestUsualValuesShowNothingNew(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 4))
	const digits, odd = "0123456789", "0.-+e/: x"
	usual := 0
	for range 300_000 {
		value := make([]byte, 1+r.IntN(22))
		for i := range value {
			value[i] = digits[r.IntN(10)]
		}
		for range r.IntN(3) {
			value[r.IntN(len(value))] = odd[r.IntN(len(odd))]
		}
		if r.IntN(4) == 0 {
			value[0] = '-'
		}
		for _, kind := range []column.Kind{Unknown, column.Int, column.Float, column.Bool, column.String} {
			before := evidence{Kind: kind, long: r.IntN(8) == 0 && kind == column.Int}
			if !before.usual(value) {
				continue
			}
			usual++
			after := before
			if after.add(value); after != before {
				t.Fatalf("%q beside %v: %v, and it was passed by", value, before, after)
			}
		}
	}
	if usual < 10_000 {
		t.Errorf("only %d values were usual ones", usual)
	}
}
