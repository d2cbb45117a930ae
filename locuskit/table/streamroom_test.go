package table_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"locuslab/locuskit/table"
)

// TestStreamsKeepNothingOfAPart groups a Parquet file of many row groups, which are read into the same memory one after the
// other, by keys and with figures that are texts: each of its own row group, few and many of them.
func TestStreamsKeepNothingOfAPart(t *testing.T) {
	ctx := t.Context()
	r := rand.New(rand.NewPCG(7, 7))
	b := table.NewBuilder()
	diverse, few, number, text := b.Strings("diverse"), b.Strings("few"), b.Ints("number"), b.Strings("text")
	const parts, rows = 12, 3000
	for p := range parts {
		for i := range rows {
			if i%97 == p {
				diverse.AppendNull()
			} else {
				diverse.Append(fmt.Sprintf("part %d has a key %d", p, r.IntN(rows)))
			}
			few.Append(fmt.Sprintf("%d of part %d", r.IntN(5), p))
			number.Append(r.Int64N(1000))
			text.Append(fmt.Sprintf("a text of some length, %d, of part %d", r.IntN(1<<30), p))
		}
	}
	whole, err := b.Table()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "parts.parquet")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w := table.NewWriter(ctx, file, table.Parquet)
	for p := range parts {
		if err := w.Write(whole.Slice(p*rows, (p+1)*rows)); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(w.Close(), file.Close()); err != nil {
		t.Fatal(err)
	}
	for _, keys := range [][]string{{"diverse"}, {"few"}, {"few", "diverse"}, {"number"}} {
		figures := []table.Aggregate{table.Min("text").As("first"), table.Max("text").As("last"), table.Sum("number").As("sum"), table.Count("diverse").As("n")}
		want := whole.GroupBy(keys...).Agg(figures...)
		for _, workers := range []int{1, 2, 3, 7} {
			got, err := table.ScanParquet(path).Parallel(table.Workers(workers)).GroupBy(keys...).Agg(ctx, figures...)
			if err != nil {
				t.Fatal(err)
			}
			sameTables(t, got, want)
		}
	}
}
