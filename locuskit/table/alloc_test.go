package table_test

import (
	"testing"

	"locuslab/locuskit/table"
)

// TestAllocationsDoNotGrowWithRows counts allocations of operations over 400,000
// rows: one a column or a chunk, never one a row.
func TestAllocationsDoNotGrowWithRows(t *testing.T) {
	tab := largeTable()
	tab.GroupSum("key", "real") // finds what is kept with the columns
	for name, c := range map[string]struct {
		most float64
		f    func()
	}{
		"group sum":          {80, func() { tab.GroupSum("key", "real") }},
		"group sum parallel": {120, func() { tab.GroupSumParallel("key", "real", table.Workers(2)) }},
		"where":              {80, func() { tab.Where("real", ">", 0) }},
		"sort":               {250, func() { tab.Sort("few", "-real") }},
		"quantile":           {200, func() { _, _ = tab.Quantile("real", 0.5) }},
		"unique":             {60, func() { tab.Unique("few") }},
		"describe":           {1600, func() { tab.Describe() }},
		"head":               {30, func() { tab.Head(5) }},
	} {
		if n := testing.AllocsPerRun(3, c.f); n > c.most {
			t.Errorf("%s: %v allocations, want at most %v", name, n, c.most)
		}
	}
}
