package table_test

import (
	"path/filepath"
	"testing"

	"locuslab/locuskit/table"
)

func BenchmarkStreamGroupSum(b *testing.B) {
	dir := b.TempDir()
	csv, parquet := filepath.Join(dir, "t.csv"), filepath.Join(dir, "t.parquet")
	if err := visitsTable().SaveCSV(b.Context(), csv); err != nil {
		b.Fatal(err)
	}
	if err := visitsTable().SaveParquet(b.Context(), parquet); err != nil {
		b.Fatal(err)
	}
	for name, s := range map[string]table.Stream{"CSV": table.ScanCSV(csv), "Parquet": table.ScanParquet(parquet)} {
		b.Run(name+"/sequential", func(b *testing.B) {
			for b.Loop() {
				if _, err := s.GroupSum(b.Context(), "geo_id", "visits"); err != nil {
					b.Fatal(err)
				}
			}
			rates(b, benchRows, benchRows*12)
		})
		b.Run(name+"/parallel", func(b *testing.B) {
			for b.Loop() {
				if _, err := s.GroupSumParallel(b.Context(), "geo_id", "visits"); err != nil {
					b.Fatal(err)
				}
			}
			rates(b, benchRows, benchRows*12)
		})
	}
}
