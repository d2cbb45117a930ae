package keyset

import (
	"context"
	"testing"

	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/exec"
)

// TestSetOfACancelledRunTakesNoMore is as the dictionary's test.
func TestSetOfACancelledRunTakesNoMore(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	numbers := New()
	numbers.Run = exec.Run{Ctx: ctx}
	for i := range 2 * column.LargeTable {
		numbers.Number(uint64(i))
	}
	if len(numbers.Keys) >= len(numbers.slots) {
		t.Errorf("%d numbers in %d slots", len(numbers.Keys), len(numbers.slots))
	}
}
