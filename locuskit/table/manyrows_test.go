package table_test

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"locuslab/locuskit/table"
)

// TestManyRowsAgreeWithDuckDB groups and joins so many rows that they are worked on in parts, by keys that lie far apart: few and
// many of them, some of which only the last rows have.
func TestManyRowsAgreeWithDuckDB(t *testing.T) {
	ask := duckDB(t)
	for seed := range seeds(max(1, *tablesEach/2)) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			r := rand.New(rand.NewPCG(seed, 17))
			rows := 260_000 + r.IntN(150_000)
			keys := []int{1, 4, 300, 511, 513, 3000, 100_000, 300_000}[r.IntN(8)]
			tab := manyRows(t, r, rows, keys)
			if r.IntN(2) == 0 {
				tab = tab.Parallel(table.Workers(1 + r.IntN(4)))
			}
			path := filepath.Join(t.TempDir(), "t.parquet")
			if err := tab.SaveParquet(t.Context(), path); err != nil {
				t.Fatal(err)
			}
			for _, by := range []string{"whole", "real", "whole, real", "small, whole"} {
				var names []string
				order := ""
				for name := range strings.SplitSeq(by, ", ") {
					names = append(names, name)
					order += name + " nulls last, "
				}
				got := tab.GroupBy(names...).Agg(table.Count("small").As("n"), table.Sum("small"), table.Min("float"), table.Sum("float"), table.NUnique("whole").As("wholes"))
				sameAsDuckDB(t, fmt.Sprintf("%d rows, %d keys: group by %s", rows, keys, by), got, ask(fmt.Sprintf(`
					select %s, count(small), sum(small)::bigint, min(float), sum(float), count(distinct whole) from '%s' group by %s order by %s 1`,
					by, path, by, order)))
			}
			sums := tab.GroupBy("whole").Agg(table.Sum("small").As("total"))
			sameAsDuckDB(t, fmt.Sprintf("%d rows, %d keys: join", rows, keys), tab.WithIndex("row").Join(sums, "whole").GroupBy("total").Agg(table.Count("row").As("n"), table.Max("row").As("last")), ask(fmt.Sprintf(`
				with t as (select row_number() over () - 1 row, * from '%[1]s'), s as (select whole, sum(small)::bigint total from '%[1]s' group by whole)
				select total, count(row), max(row) from t join s on t.whole = s.whole group by total order by total nulls last`, path)))
		})
	}
}

// manyRows is a table with so many keys, whole numbers and others, of which the last of the rows have more than those before them.
func manyRows(t *testing.T, r *rand.Rand, rows, keys int) table.Table {
	t.Helper()
	pool := make([]int64, keys)
	for i := range pool {
		pool[i] = int64(r.Uint64() >> r.UintN(40))
		if r.IntN(2) == 0 {
			pool[i] = -pool[i]
		}
	}
	copy(pool, []int64{-1 << 63, 1<<63 - 1, 0, -1})
	whole, real, small, float := make([]int64, rows), make([]float64, rows), make([]int64, rows), make([]float64, rows)
	for i := range rows {
		most := keys
		if i < rows-1000 {
			most = max(1, keys-keys/10)
		}
		whole[i], real[i] = pool[r.IntN(most)], float64(pool[r.IntN(most)])/4
		small[i], float[i] = r.Int64N(50)-10, float64(r.IntN(1000))/8
	}
	tab, err := table.New([]string{"w", "r", "small", "float"}, whole, real, small, float)
	if err != nil {
		t.Fatal(err)
	}
	null := func() bool { return r.IntN(50) == 0 }
	tab = tab.With("whole", func(row table.Row) (int64, bool) { return row.Int("w"), !null() }).
		With("real", func(row table.Row) (float64, bool) { return row.Float("r"), !null() }).Drop("w", "r")
	if tab.Err() != nil {
		t.Fatal(tab.Err())
	}
	return tab
}
