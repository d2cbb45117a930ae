package table

import (
	"context"
	"strconv"
	"testing"
)

// A table that stops growing must not fill up: looking for what is not in a full one
// does not end.
func TestHashTablesOfACancelledRunTakeNoMore(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	words, numbers := newDictionaryBuilder(), newNumberSet()
	words.run.Ctx, numbers.run.Ctx = ctx, ctx
	for i := range 2 * largeTable {
		words.add(strconv.Itoa(i))
		numbers.number(uint64(i))
	}
	if words.len() >= len(words.slots) || len(numbers.keys) >= len(numbers.slots) {
		t.Errorf("%d words in %d slots, %d numbers in %d", words.len(), len(words.slots), len(numbers.keys), len(numbers.slots))
	}
}
