package table_test

import (
	"os"
	"path/filepath"
	"testing"

	"locuslab/locuskit/table"
)

func BenchmarkReadParquet(b *testing.B) {
	path := filepath.Join(b.TempDir(), "visits.parquet")
	if err := visitsTable().SaveParquet(b.Context(), path); err != nil {
		b.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("sequential", func(b *testing.B) {
		for b.Loop() {
			if _, err := table.ReadParquet(b.Context(), path); err != nil {
				b.Fatal(err)
			}
		}
		rates(b, benchRows, int(info.Size()))
	})
	b.Run("parallel", func(b *testing.B) {
		for b.Loop() {
			if _, err := table.ReadParquetParallel(b.Context(), path); err != nil {
				b.Fatal(err)
			}
		}
		rates(b, benchRows, int(info.Size()))
	})
}
