package locuskit_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"locuslab/locuskit"
	"locuslab/locuskit/table"
)

// TestTutorialCells reads as the tutorial's second half does: each cell's call, sequentially
// and in parallel, and the figures that its page shows.
func TestTutorialCells(t *testing.T) {
	client := serve(t, nil)
	frequencies, err := client.AOIFrequencies(t.Context(), 2163)
	if err != nil {
		t.Fatal(err)
	}
	january, err := client.Dataset(t.Context(), "eq", 2163, frequencies[5].Range)
	if err != nil {
		t.Fatal(err)
	}
	for name, visits := range map[string]table.Table{"sequential": january, "parallel": january.Parallel(table.Workers(4))} {
		t.Run(name, func(t *testing.T) {
			counts, err := visits.UniqueCounts("geo_id", "poi_id")
			if err != nil || counts["geo_id"] != 12514 || counts["poi_id"] != 51 {
				t.Errorf("distinct %v, %v; want 12514 and 51", counts, err)
			}
			if n := visits.Unique("geo_id").Rows(); n != 12514 {
				t.Errorf("unique geo_id: %d", n)
			}

			perCode := visits.GroupSum("geo_id", "visits")
			limit, err := perCode.Quantile("visits", 0.995)
			if err != nil {
				t.Fatal(err)
			}
			top := perCode.Where("visits", ">", limit).Sort("-visits")
			if top.Err() != nil || top.Rows() != 63 {
				t.Errorf("above the quantile: %d rows, %v; want 63", top.Rows(), top.Err())
			}

			// The service's rows are in no order: among equals the codes decide.
			demo := perCode.Where("visits", ">", 100).Sort("-visits", "geo_id").WithIndex("index")
			if demo.Err() != nil || demo.Rows() != 347 {
				t.Fatalf("above 100 visits: %d rows, %v; want 347", demo.Rows(), demo.Err())
			}
			want := []struct {
				code   string
				visits int64
			}{{"L0K1S0", 562}, {"L0S1N0", 525}, {"L4B4H6", 475}, {"L0S1J0", 473}, {"L0G1M0", 471}}
			for i, row := range demo.Head(5).All() {
				if row.Int("index") != int64(i) || row.String("geo_id") != want[i].code || row.Int("visits") != want[i].visits {
					t.Errorf("row %d is %v %s %d, want %v", i, row.Value("index"), row.String("geo_id"), row.Int("visits"), want[i])
				}
			}
			last := demo.Tail(5)
			codes, err := last.Strings("geo_id")
			values, _, _ := last.Ints("visits")
			if err != nil || !slices.Equal(codes, []string{"L0L2L0", "L4B3P9", "L6A1E9", "M1B3S3", "N2L3G1"}) || slices.Max(values) != 101 || slices.Min(values) != 101 {
				t.Errorf("last rows %v with %v visits", codes, values)
			}

			means := demo.Drop("geo_id", "index").Means()
			mean, err := demo.Mean("visits")
			if err != nil || means.Rows() != 1 || valuesOf(means) != fmt.Sprintln([]any{"visits", mean}) || mean < 101 || mean > 562 {
				t.Errorf("means after the drop of a column:\n%v\nwant %v (%v)", means, mean, err)
			}
		})
	}
}

// TestDatasetsAsStreams aggregates spans that are fetched while others are aggregated. The embedded
// service has one span with visits: it comes three times.
func TestDatasetsAsStreams(t *testing.T) {
	client := serve(t, nil)
	frequencies, err := client.AOIFrequencies(t.Context(), 2163)
	if err != nil {
		t.Fatal(err)
	}
	month := frequencies[5].Range
	january, err := client.Dataset(t.Context(), "eq", 2163, month)
	if err != nil {
		t.Fatal(err)
	}
	all, err := table.Concat(january, january, january)
	if err != nil {
		t.Fatal(err)
	}
	want := valuesOf(all.GroupSum("geo_id", "visits"))
	stream := client.ScanDataset("eq", 2163, []locuskit.DateRange{month, month, month})
	one, err := stream.GroupSum(t.Context(), "geo_id", "visits")
	if err != nil || valuesOf(one) != want {
		t.Errorf("one after another: %d rows, %v", one.Rows(), err)
	}
	many, err := stream.GroupSumParallel(t.Context(), "geo_id", "visits", table.Workers(3))
	if err != nil || valuesOf(many) != want {
		t.Errorf("in parallel: %d rows, %v", many.Rows(), err)
	}
	if _, err := client.ScanDataset("eq", 2163, []locuskit.DateRange{month, frequencies[0].Range}).GroupSumParallel(t.Context(), "geo_id", "visits"); err == nil || !strings.Contains(err.Error(), frequencies[0].Range.String()) {
		t.Errorf("a span without data: %v", err)
	}
}

// valuesOf returns the table in a form that tells all its values apart.
func valuesOf(t table.Table) string {
	var b strings.Builder
	for _, row := range t.All() {
		var values []any
		for _, name := range t.Columns() {
			values = append(values, row.Value(name))
		}
		fmt.Fprintln(&b, values)
	}
	return b.String()
}
