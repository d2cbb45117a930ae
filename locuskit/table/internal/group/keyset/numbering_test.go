package keyset

import (
	"math/rand/v2"
	"slices"
	"testing"

	"locuslab/locuskit/table/internal/exec"
)

// TestEnumerate numbers keys of few and of many values, those included of which a sample says the wrong thing.
func TestEnumerate(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 3))
	makers := map[string]func(i, n int) uint64{
		"any":            func(int, int) uint64 { return r.Uint64() },
		"few":            func(int, int) uint64 { return r.Uint64N(300) * 0x0101010101010101 },
		"ends":           func(int, int) uint64 { return -r.Uint64N(2) },
		"rising":         func(i, _ int) uint64 { return uint64(i) << 30 },
		"few in samples": func(i, n int) uint64 { return uint64(i%max(1, n/4096)) * 7 << 40 * uint64(i) },
		"many at first":  func(i, n int) uint64 { return uint64(min(i, n/10)) },
		"uneven":         func(int, int) uint64 { return r.Uint64() >> r.UintN(64) },
		"two heaps":      func(int, int) uint64 { return -r.Uint64N(2)&(1<<63) + r.Uint64N(1<<40) },
		"all but one":    func(i, _ int) uint64 { return r.Uint64N(1<<30) + uint64(i&^(i-1)>>14)<<33 },
		"dense":          func(int, int) uint64 { return 1<<63 + r.Uint64N(10000) },
		"few and one":    func(i, _ int) uint64 { return 7 + r.Uint64N(500)<<40 + uint64(i/200_001)<<63 },
		"few at first":   func(i, _ int) uint64 { return uint64(min(i, 40+max(0, i-250_000))) * 0x9e3779b97f4a7c15 },
		"one":            func(int, int) uint64 { return 1 << 63 },
		"none":           func(int, int) uint64 { return 0 },
		"many at last":   func(i, n int) uint64 { return uint64(max(i, n/10*9)) },
	}
	for name, key := range makers {
		for _, n := range []int{0, 1, 2, 1000, 1<<16 + 1, 2*exec.ChunkRows + 77} {
			keys := make([]uint64, n)
			for i := range keys {
				keys[i] = key(i, n)
			}
			want := slices.Compact(slices.Sorted(slices.Values(keys)))
			for _, workers := range []int{0, 3} {
				from := Source{Read: func(dst []uint64, from, to int) { copy(dst, keys[from:to]) }}
				if r.IntN(2) == 0 {
					from.Ints = make([]int64, n)
					for i, k := range keys {
						from.Ints[i] = int64(k ^ signBit)
					}
				}
				x, err := Enumerate(exec.Run{Workers: workers}, n, from)
				if err != nil {
					t.Fatal(err)
				}
				order := func(place int) int32 {
					if x.Order == nil {
						return int32(place)
					}
					return x.Order[place]
				}
				if len(x.Keys) != len(want) || x.Order != nil && len(x.Order) != len(want) {
					t.Fatalf("%s: %d keys in order %d of %d rows, want %d", name, len(x.Keys), len(x.Order), n, len(want))
				}
				for place, k := range want {
					if x.Keys[order(place)] != k {
						t.Fatalf("%s: place %d of %d rows has key %d, want %d", name, place, n, x.Keys[order(place)], k)
					}
				}
				buf := make([]int32, n)
				for from := 0; from < n; {
					to := min(n, from+1+r.IntN(3*exec.ChunkRows))
					x.Fill(buf[from:], from, to)
					from = to
				}
				for i, number := range buf {
					if x.Keys[number] != keys[i] {
						t.Fatalf("%s: row %d of %d has the number of key %d, want %d", name, i, n, x.Keys[number], keys[i])
					}
				}
			}
		}
	}
}
