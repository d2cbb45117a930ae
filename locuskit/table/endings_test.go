package table

import (
	"context"
	"testing"

	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/exec"
)

// TestNumberSetOfACancelledRunTakesNoMore is as the dictionary's test.
func TestNumberSetOfACancelledRunTakesNoMore(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	numbers := newNumberSet()
	numbers.run = exec.Run{Ctx: ctx}
	for i := range 2 * column.LargeTable {
		numbers.number(uint64(i))
	}
	if len(numbers.keys) >= len(numbers.slots) {
		t.Errorf("%d numbers in %d slots", len(numbers.keys), len(numbers.slots))
	}
}
