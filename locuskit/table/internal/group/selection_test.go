package group

import (
	"math/rand/v2"
	"slices"
	"testing"

	"locuslab/locuskit/table/internal/exec"
)

// TestPlaceKey puts every place in order of keys as chance, order, few values and what splits badly have them.
func TestPlaceKey(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 1))
	makers := map[string]func(i, n int) uint64{
		"any":       func(int, int) uint64 { return r.Uint64() },
		"rising":    func(i, _ int) uint64 { return uint64(i) },
		"falling":   func(i, n int) uint64 { return uint64(n - i) },
		"one":       func(int, int) uint64 { return 7 },
		"largest":   func(int, int) uint64 { return 1<<64 - 1 },
		"ends":      func(int, int) uint64 { return -r.Uint64N(2) },
		"few":       func(int, int) uint64 { return r.Uint64N(3) },
		"organ":     func(i, n int) uint64 { return uint64(min(i, n-i)) },
		"saw":       func(i, _ int) uint64 { return uint64(i % 37) },
		"one other": func(i, n int) uint64 { return uint64(i / max(1, n-1)) },
	}
	for name, key := range makers {
		for _, n := range []int{1, 2, 3, 15, 16, 17, 18, 64, 127, 128, 129, 300, 5000} {
			keys := make([]uint64, n)
			for i := range keys {
				keys[i] = key(i, n)
			}
			sorted := slices.Sorted(slices.Values(keys))
			for k := 0; k < n; k += 1 + n/150 {
				some := slices.Clone(keys)
				placeKey(exec.Run{}, some, k, []int{0, 1, 4, roundsFor(n)}[r.IntN(4)])
				if some[k] != sorted[k] || slices.Max(some[:k+1]) != sorted[k] || slices.Min(some[k:]) != sorted[k] {
					t.Fatalf("%s: place %d of %d keys has %d, want %d, and less before it, more behind it", name, k, n, some[k], sorted[k])
				}
				if slices.Sort(some); !slices.Equal(some, sorted) {
					t.Fatalf("%s: place %d of %d: other keys than before", name, k, n)
				}
			}
		}
	}
}

// TestDistinctKeys counts by each of the ways, for one goroutine's memory time after time.
func TestDistinctKeys(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 2))
	var s keyScratch
	for range 400 {
		n := []int{0, 1, 31, 32, 33, 100, 5000, hashedKeys, hashedKeys + 1}[r.IntN(9)]
		most := []uint64{1, 2, 64, 65, 3000, 1 << 40, 1<<64 - 1}[r.IntN(7)]
		low := []uint64{0, 1 << 63, 1<<64 - 1 - most}[r.IntN(3)]
		keys, seen := make([]uint64, n), map[uint64]bool{}
		for i := range keys {
			keys[i] = low + r.Uint64N(most)
			seen[keys[i]] = true
		}
		for _, d := range []distinctKeys{{low: low, width: most}, {}} {
			if got := d.in(&s, slices.Clone(keys)); got != int64(len(seen)) {
				t.Fatalf("%d of %d keys from %d on below %d more are distinct, want %d", got, n, low, d.width, len(seen))
			}
		}
	}
}
