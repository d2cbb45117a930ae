package table_test

import (
	"os"
	"path/filepath"
	"testing"

	"locuslab/locuskit/table"
)

func BenchmarkReadCSV(b *testing.B) {
	path := filepath.Join(b.TempDir(), "visits.csv")
	if err := visitsTable().SaveCSV(b.Context(), path); err != nil {
		b.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("sequential", func(b *testing.B) {
		for b.Loop() {
			if _, err := table.ReadCSV(b.Context(), path); err != nil {
				b.Fatal(err)
			}
		}
		rates(b, benchRows, int(info.Size()))
	})
	b.Run("parallel", func(b *testing.B) {
		for b.Loop() {
			if _, err := table.ReadCSVParallel(b.Context(), path); err != nil {
				b.Fatal(err)
			}
		}
		rates(b, benchRows, int(info.Size()))
	})
}

func BenchmarkTable(b *testing.B) {
	t := visitsTable()
	for _, op := range []struct {
		name string
		f    func(t table.Table) error
	}{
		{"Sort", func(t table.Table) error { return t.Sort("-visits", "geo_id").Err() }},
		{"Quantile", func(t table.Table) error { _, err := t.Quantile("visits", 0.995); return err }},
		{"Where", func(t table.Table) error { return t.Where("visits", ">", 8).Err() }},
		{"Unique", func(t table.Table) error { return t.Unique("geo_id").Err() }},
		{"NUnique", func(t table.Table) error { _, err := t.NUnique("poi_id"); return err }},
		{"Agg", func(t table.Table) error {
			return t.GroupBy("geo_id", "poi_id").Agg(table.Mean("visits"), table.Std("visits"), table.Max("visits")).Err()
		}},
		{"Median", func(t table.Table) error { return t.GroupBy("poi_id").Agg(table.Median("visits")).Err() }},
		{"Describe", func(t table.Table) error { return t.Describe().Err() }},
		{"Join", func(t table.Table) error {
			return t.Join(t.GroupSum("geo_id", "visits").Rename("visits", "total"), "geo_id").Err()
		}},
	} {
		for _, form := range []struct {
			name string
			t    table.Table
		}{{"sequential", t}, {"parallel", t.Parallel()}} {
			b.Run(op.name+"/"+form.name, func(b *testing.B) {
				for b.Loop() {
					if err := op.f(form.t); err != nil {
						b.Fatal(err)
					}
				}
				rates(b, benchRows, benchRows*20)
			})
		}
	}
}
