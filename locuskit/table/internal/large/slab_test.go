package large

import "testing"

// TestCutsOfASlabAreApart cuts slices of all sizes and looks whether one changes another.
func TestCutsOfASlabAreApart(t *testing.T) {
	for _, slab := range []*Slab{nil, new(Slab)} {
		var bytes [][]byte
		var words [][]int64
		for n := 0; n < 1<<20; n = n*3 + 1 {
			bytes, words = append(bytes, Cut[byte](slab, n)), append(words, Cut[int64](slab, n))
			for k := range bytes {
				for i := range bytes[k] {
					bytes[k][i] = byte(k)
				}
				for i := range words[k] {
					words[k][i] = int64(k)
				}
			}
		}
		for k := range bytes {
			for i := range bytes[k] {
				if bytes[k][i] != byte(k) || words[k][i] != int64(k) || len(words[k]) != len(bytes[k]) {
					t.Fatalf("cut %d of %d and %d elements has %d and %d in place %d, want %d", k, len(bytes[k]), len(words[k]), bytes[k][i], words[k][i], i, k)
				}
			}
		}
	}
}
