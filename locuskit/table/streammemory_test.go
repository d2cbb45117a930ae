package table_test

import (
	"fmt"
	"runtime"
	"sync/atomic"
	"testing"

	"locuslab/locuskit/table"
)

// TestStreamsHoldFewPages counts the pages of a long stream that are alive at a time: as many as
// there are workers, and some that wait for an earlier one, however many pages there are.
func TestStreamsHoldFewPages(t *testing.T) {
	const pages, rows = 120, 2000
	for _, workers := range []int{1, 4} {
		t.Run(fmt.Sprint(workers, " workers"), func(t *testing.T) {
			var alive, most atomic.Int64
			stream := table.ScanPages("pages", func(yield func(table.Table, error) bool) {
				for p := range pages {
					// The page's memory hangs on values, whose end the collector reports.
					values := make([]int64, rows)
					for i := range values {
						values[i] = int64(i % 50)
					}
					keys := make([]int64, rows)
					for i := range keys {
						keys[i] = int64((p + i) % 100)
					}
					most.Store(max(most.Load(), alive.Add(1)))
					runtime.AddCleanup(&values[0], func(int) { alive.Add(-1) }, p)
					page, err := table.New([]string{"key", "value"}, keys, values)
					if !yield(page, err) {
						return
					}
					runtime.GC() // so that what is alive is what is held
				}
			})
			got, err := stream.Parallel(table.Workers(workers)).GroupBy("key").Agg(t.Context(), table.Sum("value"), table.Mean("value"))
			if err != nil || got.Rows() != 100 {
				t.Fatalf("%d groups, %v", got.Rows(), err)
			}
			total, err := got.Sum("value_sum")
			if err != nil || total != pages*rows*24.5 {
				t.Errorf("sum %v, %v", total, err)
			}
			if n := most.Load(); n > int64(8+6*workers) {
				t.Errorf("%d of %d pages were alive at a time", n, pages)
			}
		})
	}
}
