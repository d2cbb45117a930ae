package column

import (
	"context"
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
