package locuskit_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"locuslab/locuskit"
	"locuslab/locuskit/locustest"
	"locuslab/locuskit/table"
)

// TestTutorial runs the tutorial's calls in its order and asserts its figures.
func TestTutorial(t *testing.T) {
	c := serve(t, nil)
	ctx := t.Context()

	frequencies, err := c.AOIFrequencies(ctx, 2163)
	if err != nil {
		t.Fatal(err)
	}
	if len(frequencies) != 6 || frequencies[5].Kind != "month" || frequencies[5].Range.String() != "2020-01-01 to 2020-01-31" {
		t.Errorf("frequencies\n%v", frequencies)
	}
	visits, err := c.Dataset(ctx, "eq", 2163, locuskit.Enhancement("aoi"), frequencies[5].Range, locuskit.Resolution("postalcode"))
	if err != nil {
		t.Fatal(err)
	}
	for column, want := range map[string]int{"geo_id": 12514, "poi_id": 51} {
		if n, err := visits.NUnique(column); err != nil || n != want {
			t.Errorf("%s: %d distinct, error %v; want %d", column, n, err, want)
		}
	}
	perCode := visits.GroupSum("geo_id", "visits")
	limit, err := perCode.Quantile("visits", 0.995)
	if err != nil {
		t.Fatal(err)
	}
	top := perCode.Where("visits", ">", limit).Sort("-visits")
	if top.Rows() != 63 {
		t.Errorf("%d codes above the quantile, want 63: %v", top.Rows(), top.Err())
	}
	demo := perCode.Where("visits", ">", 100).Sort("-visits")
	codes, err := demo.Strings("geo_id")
	if err != nil || len(codes) != 347 {
		t.Fatalf("%d codes above 100 visits, error %v; want 347", len(codes), err)
	}
	if got := codes[:5]; !slices.Equal(got, []string{"L0K1S0", "L0S1N0", "L4B4H6", "L0S1J0", "L0G1M0"}) {
		t.Errorf("first codes %v", got)
	}
	// Equal numbers of visits: the order among these is the sort's own.
	if got := slices.Sorted(slices.Values(codes[342:])); !slices.Equal(got, []string{"L0L2L0", "L4B3P9", "L6A1E9", "M1B3S3", "N2L3G1"}) {
		t.Errorf("last codes %v", got)
	}
	outlines(t, c, codes[:63])
	enrichments(t, c, demo)
}

func outlines(t *testing.T, c *locuskit.Client, codes []string) {
	one, err := c.GeoJSON(t.Context(), codes)
	if err != nil {
		t.Fatal(err)
	}
	many, err := c.GeoJSONParallel(t.Context(), codes, locuskit.Workers(8))
	if err != nil || !reflect.DeepEqual(one, many) {
		t.Errorf("parallel: other outlines than one after another, error %v", err)
	}
	if len(one.Features) != 63 || one.Features[0].Properties["geo_id"] != codes[0] || one.Features[0].Geometry.Type != "Polygon" {
		t.Errorf("%d outlines, the first %+v", len(one.Features), one.Features[0])
	}
	document, err := json.Marshal(one)
	if err != nil || !strings.HasPrefix(string(document), `{"type":"FeatureCollection","features":[{"type":"Feature"`) {
		t.Errorf("document %.80s, error %v", document, err)
	}
}

func enrichments(t *testing.T, c *locuskit.Client, demo table.Table) {
	names, err := c.ListEnrichment(t.Context(), "demographic")
	if err != nil || !slices.Equal(names, []string{"Household Income", "Education Breakdown", "Resident Age Breakdown"}) {
		t.Fatalf("enrichments %v, error %v", names, err)
	}
	for _, name := range names {
		one, err := c.Enrich(t.Context(), demo, "demographic", name)
		if err != nil {
			t.Fatal(err)
		}
		many, err := c.EnrichParallel(t.Context(), demo, "demographic", name)
		if err != nil {
			t.Fatal(err)
		}
		if one.Rows() != 347 || len(one.Columns()) < 4 || !slices.Equal(one.Columns(), many.Columns()) {
			t.Errorf("%s: %d rows of %v, in parallel of %v", name, one.Rows(), one.Columns(), many.Columns())
		}
		for _, column := range one.Columns()[2:] {
			a, _, errA := one.Floats(column)
			b, _, errB := many.Floats(column)
			if errA != nil || errB != nil || !slices.Equal(a, b) {
				t.Errorf("%s: column %s differs in parallel (%v, %v)", name, column, errA, errB)
			}
		}
	}
	if _, err := c.Enrich(t.Context(), demo, "demographic", "Shoe Size"); err == nil || !strings.Contains(err.Error(), "Shoe Size") {
		t.Errorf("unknown enrichment: %v", err)
	}
}

func TestDatasetFaults(t *testing.T) {
	january := locuskit.DateRange{DateType: 3}
	if _, err := serve(t, nil).Dataset(t.Context(), "eq", 2163); err == nil || !strings.Contains(err.Error(), "AOIFrequencies") {
		t.Errorf("no span: %v", err)
	}
	if _, err := serve(t, nil).Dataset(t.Context(), "eq", 1, january); err == nil || !strings.Contains(err.Error(), "no report") {
		t.Errorf("no such report: %v", err)
	}
	for _, fault := range []locustest.Fault{locustest.Truncated, locustest.ShortLength, locustest.InvalidJSON, locustest.Reset} {
		c := serve(t, []locustest.Option{locustest.RandomFaults(0.5, 3, fault)}, locuskit.WithAttempts(30))
		frequencies, err := c.AOIFrequencies(t.Context(), 2163)
		if err != nil {
			t.Fatal(err)
		}
		visits, err := c.Dataset(t.Context(), "eq", 2163, frequencies[5].Range)
		if err != nil {
			t.Fatalf("%s: %v", fault, err)
		}
		if n, _ := visits.NUnique("geo_id"); n != 12514 {
			t.Errorf("%s: %d codes", fault, n)
		}
	}
}

func TestDatasetsAreFilteredConnections(t *testing.T) {
	c := serve(t, nil)
	one, err := c.Datasets(t.Context(), "external")
	if err != nil {
		t.Fatal(err)
	}
	many, err := c.DatasetsParallel(t.Context(), "external")
	if err != nil || !reflect.DeepEqual(one, many) || len(one) < 2000 {
		t.Errorf("%d and %d data sets, error %v", len(one), len(many), err)
	}
	if i := slices.IndexFunc(one, func(c locuskit.Connection) bool { return c.IsSyncing }); i >= 0 {
		t.Errorf("%s is still being synchronised", one[i].Name)
	}
	if _, err := c.Datasets(t.Context(), "imaginary"); err == nil {
		t.Error("an unknown kind has data sets")
	}
}

func TestAsCompletedYieldsEachOnce(t *testing.T) {
	c := serve(t, []locustest.Option{failing("7", locustest.Internal, 1000)}, locuskit.WithAttempts(1))
	whitelabels := whitelabelsOf(t, c)
	seen := map[int]int{}
	var failed []locuskit.Whitelabel
	for got, err := range c.ConnectionsAsCompleted(t.Context(), whitelabels, locuskit.Partial()) {
		seen[got.Whitelabel.ID]++
		if err != nil {
			failed = append(failed, got.Whitelabel)
		}
	}
	for _, w := range whitelabels {
		if seen[w.ID] != 1 {
			t.Errorf("%v came %d times", w, seen[w.ID])
		}
	}
	if !slices.Equal(failed, whitelabels[6:7]) {
		t.Errorf("failed: %v", failed)
	}
	n := 0
	for range c.ConnectionsAsCompleted(t.Context(), whitelabels[8:]) {
		if n++; n == 3 {
			break
		}
	}
}
