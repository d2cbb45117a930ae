package column

import (
	"context"
	"math/rand/v2"
	"strconv"
	"testing"

	"locuslab/locuskit/table/internal/exec"
)

// A table that stops growing must not fill up: looking for what is not in a full one
// does not end.
func TestDictionaryOfACancelledRunTakesNoMore(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	words := NewDictionaryBuilder()
	words.Run = exec.Run{Ctx: ctx}
	for i := range 2 * LargeTable {
		words.Add(strconv.Itoa(i))
	}
	if words.Len() >= len(words.slots) {
		t.Errorf("%d words in %d slots", words.Len(), len(words.slots))
	}
}

// TestDictionaryAgreesWithMap has texts of all lengths about 8 and 16 bytes, alike at their ends.
func TestDictionaryAgreesWithMap(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 5))
	words, codes := NewDictionaryBuilder(), map[string]int32{}
	for range 200_000 {
		text := make([]byte, r.IntN(20))
		for range r.IntN(4) {
			if len(text) > 0 {
				text[r.IntN(len(text))] = "\x00\x01ab\xff"[r.IntN(5)]
			}
		}
		want, known := codes[string(text)]
		if !known {
			want = int32(len(codes))
			codes[string(text)] = want
		}
		if got := words.AddBytes(text); got != want || words.Value(got) != string(text) {
			t.Fatalf("%q has code %d, of %q, want %d", text, got, words.Value(got), want)
		}
	}
	if words.Len() != len(codes) {
		t.Errorf("%d values, want %d", words.Len(), len(codes))
	}
}
