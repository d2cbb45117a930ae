package table_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"locuslab/kernel/lab/python"
	"locuslab/locuskit/table"
)

// answerSQL answers a query a line with a line of JSON: rows of values, floats in
// hexadecimal so that no digit, NaN or infinity is lost.
const answerSQL = `
import sys, json, duckdb
duckdb.sql("set enable_progress_bar = false")  # of a slow query it would be drawn between the answers
def text(v):
    if v is None: return None
    if isinstance(v, bool): return "true" if v else "false"
    return v.hex() if isinstance(v, float) else str(v)
for line in sys.stdin:
    print(json.dumps([[text(v) for v in row] for row in duckdb.sql(json.loads(line)).fetchall()]), flush=True)
`

// duckDB starts an independent engine and gives a function that asks it. It ends
// with its standard input, so at the latest with this process.
func duckDB(t *testing.T) func(query string) [][]*string {
	t.Helper()
	interpreter, err := python.Environment(t.Context(), os.Stderr, python.DuckDB...)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(interpreter, "-c", answerSQL)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		in.Close()
		if err := cmd.Wait(); err != nil {
			t.Errorf("DuckDB: %v", err)
		}
	})
	ask, answers := json.NewEncoder(in), json.NewDecoder(bufio.NewReader(out))
	return func(query string) (rows [][]*string) {
		t.Helper()
		if err := ask.Encode(strings.Join(strings.Fields(query), " ")); err != nil {
			t.Fatal(err)
		}
		if err := answers.Decode(&rows); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		return rows
	}
}

func sameAsDuckDB(t *testing.T, what string, got table.Table, want [][]*string) {
	t.Helper()
	if got.Err() != nil {
		t.Fatalf("%s: %v", what, got.Err())
	}
	if got.Rows() != len(want) {
		t.Fatalf("%s: %d rows, DuckDB has %d", what, got.Rows(), len(want))
	}
	names := got.Columns()
	for i, row := range got.All() {
		for k, name := range names {
			v, w := row.Value(name), want[i][k]
			same := v == nil && w == nil
			if v != nil && w != nil {
				if f, ok := v.(float64); ok {
					x, err := strconv.ParseFloat(*w, 64)
					same = err == nil && near(f, x)
				} else {
					same = fmt.Sprint(v) == *w
				}
			}
			if !same {
				shown := "null"
				if w != nil {
					shown = *w
				}
				t.Fatalf("%s: row %d, %s is %v, DuckDB has %s", what, i, name, v, shown)
			}
		}
	}
}

func TestTablesAgreeWithDuckDB(t *testing.T) {
	ask := duckDB(t)
	keySets := [][]string{{"key"}, {"number"}, {"real"}, {"flag"}, {"key", "small"}, {"flag", "number"}}
	each(t, func(t *testing.T, r *rand.Rand, tab table.Table) {
		if r.IntN(2) == 0 {
			tab = tab.Parallel()
		}
		path := filepath.Join(t.TempDir(), "t.parquet")
		if err := tab.SaveParquet(t.Context(), path); err != nil {
			t.Fatal(err)
		}
		keys := keySets[r.IntN(len(keySets))]
		list := strings.Join(keys, ", ")
		order := strings.Join(keys, " nulls last, ") + " nulls last"
		got := tab.GroupBy(keys...).Agg(table.Sum("small"), table.Sum("real"), table.Mean("number"), table.Std("small"),
			table.Count("real"), table.Min("key").As("low"), table.Max("real"), table.Min("number"), table.Median("number"),
			table.Quantile("small", 0.3), table.NUnique("key").As("keys"), table.NUnique("real"))
		sameAsDuckDB(t, "group by "+list, got, ask(fmt.Sprintf(`
			select %s, sum(small)::bigint, sum(real), avg(number), stddev_samp(small), count(real), min(key), max(real), min(number),
			quantile_cont(number::double, 0.5), quantile_cont(small::double, 0.3), count(distinct key), count(distinct real)
			from '%s' group by %s order by %s`, list, path, list, order)))
		sameAsDuckDB(t, "sort", tab.WithIndex("row").Sort("-small", "real", "key", "row").Select("row"), ask(fmt.Sprintf(`
			select row from (select row_number() over () - 1 row, * from '%s') order by small desc, real nulls last, key nulls last, row`, path)))
		sameAsDuckDB(t, "where", tab.Where("real", ">=", 12.5).Where("number", "<", 7), ask(fmt.Sprintf(`
			select * from '%s' where real >= 12.5 and not isnan(real) and number < 7`, path)))
		sameAsDuckDB(t, "extremes", tab.GroupBy(keys...).Agg(table.Min("flag").As("no"), table.Max("flag").As("yes"), table.Max("key").As("last"), table.Min("real"),
			table.Count("flag"), table.NUnique("flag").As("flags"), table.Max("number"), table.Sum("number"), table.Quantile("real", 0.25)), ask(fmt.Sprintf(`
			select %s, min(flag), max(flag), max(key), min(real), count(flag), count(distinct flag), max(number), sum(number)::bigint, quantile_cont(real, 0.25)
			from '%s' group by %s order by %s`, list, path, list, order)))
		for _, on := range []string{"number", "flag", "real"} {
			few := tab.Select(on, "key").Head(30).Rename("key", "other")
			sameAsDuckDB(t, "join on "+on, tab.Select(on, "small").Head(200).Join(few, on), ask(fmt.Sprintf(`
				with t as (select row_number() over () row, * from (select %[1]s, small from '%[2]s' limit 200)),
				s as (select row_number() over () place, * from (select %[1]s, key other from '%[2]s' limit 30))
				select t.%[1]s, small, other from t join s on t.%[1]s = s.%[1]s order by row, place`, on, path)))
		}
		sums := tab.GroupSum("key", "small").Rename("small", "total")
		sameAsDuckDB(t, "join", tab.Select("key", "small").LeftJoin(sums, "key"), ask(fmt.Sprintf(`
			with t as (select row_number() over () row, key, small from '%[1]s'), s as (select key, sum(small)::bigint total from '%[1]s' group by key)
			select t.key, small, total from t left join s on t.key = s.key order by row`, path)))
	})
}

func TestFilesOfDuckDBAreRead(t *testing.T) {
	ask := duckDB(t)
	dir := t.TempDir()
	csv, parquet := filepath.Join(dir, "t.csv"), filepath.Join(dir, "t.parquet")
	const data = `(select case when i % 10 = 0 then null else 'ключ ' || (i * 7919 % 1000) || case when i % 3 = 0 then '"' || chr(10) || ',' else '' end end k,
		case when i % 7 = 0 then null else i * 1000003 end v, i / 7.0 :: double x, i % 2 = 0 b, i::integer small, date '2020-01-01' + (i %% 30)::integer d from range(200000) r(i))`
	query := strings.ReplaceAll(data, "%%", "%")
	for _, to := range []string{csv, parquet} {
		ask(fmt.Sprintf("copy (from %s) to '%s'", query, to))
	}
	want := ask(fmt.Sprintf("select k, sum(v)::bigint, avg(x), count(*) filter (b), max(d::varchar) from '%s' group by k order by k nulls last", parquet))
	for _, path := range []string{csv, parquet} {
		read := func() (table.Table, error) { return table.ReadCSVParallel(t.Context(), path) }
		if path == parquet {
			read = func() (table.Table, error) { return table.ReadParquetParallel(t.Context(), path) }
		}
		tab, err := read()
		if err != nil {
			t.Fatal(err)
		}
		yes := tab.Where("b", "==", true).GroupBy("k").Agg(table.Count("small").As("yes"))
		got := tab.GroupBy("k").Agg(table.Sum("v"), table.Mean("x"), table.Max("d"))
		checked := 0
		counts := make(map[any]any)
		for _, row := range yes.All() {
			counts[row.Value("k")] = row.Value("yes")
		}
		for i, row := range got.All() {
			w := want[i]
			x, err := strconv.ParseFloat(*w[2], 64)
			if row.IsNull("k") != (w[0] == nil) || w[0] != nil && row.String("k") != *w[0] || fmt.Sprint(row.Int("v_sum")) != *w[1] ||
				err != nil || !near(row.Float("x_mean"), x) || row.String("d_max") != *w[4] {
				t.Fatalf("%s: row %d is %v %v %v %v", path, i, row.Value("k"), row.Value("v_sum"), row.Value("x_mean"), row.Value("d_max"))
			}
			checked++
		}
		if checked != len(want) || len(counts) == 0 {
			t.Errorf("%s: %d groups, want %d", path, checked, len(want))
		}
	}
}
