package locuskit_test

import (
	"testing"

	"locuslab/locuskit"
)

// TestAllocationsDoNotGrowWithRows counts allocations of operations over 400,000
// rows: one a column or a chunk, never one a row.
func TestAllocationsDoNotGrowWithRows(t *testing.T) {
	table := largeTable()
	table.GroupSum("key", "real") // finds what is kept with the columns
	for name, c := range map[string]struct {
		most float64
		f    func()
	}{
		"group sum":          {80, func() { table.GroupSum("key", "real") }},
		"group sum parallel": {120, func() { table.GroupSumParallel("key", "real", locuskit.Workers(2)) }},
		"where":              {80, func() { table.Where("real", ">", 0) }},
		"sort":               {250, func() { table.Sort("few", "-real") }},
		"quantile":           {200, func() { _, _ = table.Quantile("real", 0.5) }},
		"unique":             {60, func() { table.Unique("few") }},
		"describe":           {1600, func() { table.Describe() }},
		"head":               {30, func() { table.Head(5) }},
	} {
		if n := testing.AllocsPerRun(3, c.f); n > c.most {
			t.Errorf("%s: %v allocations, want at most %v", name, n, c.most)
		}
	}
}
