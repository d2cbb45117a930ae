package table_test

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"locuslab/locuskit/table"
)

// extremeTable has the ends of all ranges: integers whose sums leave int64, floats that are not numbers,
// texts that are empty, long, alike in their first bytes or of other scripts.
func extremeTable(t *testing.T, r *rand.Rand, rows int) table.Table {
	t.Helper()
	pick := func(from ...string) string { return from[r.IntN(len(from))] }
	nulls := []float64{0, 0.2, 1}[r.IntN(3)]
	field := func(s string) string {
		if r.Float64() < nulls {
			return ""
		}
		return s
	}
	var b strings.Builder
	b.WriteString("id,big,other,real,text,flag\n")
	for i := range rows {
		text := pick("", "a", "a\x00", "a\x00\x00b", "abcdefgh", "abcdefgh\x00", "abcdefghi", "é", "e\u0301", "日本語のとても長い文字列", "\U0001F600", "NULL", "NaN", "0", "\"", "x,y", "l\nm", "r\r\ns", strings.Repeat("z", 70_000))
		fmt.Fprintf(&b, "%d,%s,%s,%s,\"%s\",%s\n", i,
			field(pick("-9223372036854775808", "9223372036854775807", "0", "-1", "9007199254740993", "-9007199254740993")),
			field(pick("-9223372036854775808", "9223372036854775806", "5")),
			field(pick("NaN", "-NaN", "Inf", "-Inf", "0", "-0", "5e-324", "-5e-324", "1e300", "-1e300", "0.1", "123456789.125")),
			strings.ReplaceAll(text, `"`, `""`), field(pick("true", "false")))
	}
	kinds := table.Kinds{"id": table.Int, "big": table.Int, "other": table.Int, "real": table.Float, "text": table.String, "flag": table.Bool}
	tab, err := table.ParseCSV(t.Context(), strings.NewReader(b.String()), "extremes.csv", kinds)
	if err != nil {
		t.Fatal(err)
	}
	return tab
}

// TestExtremesAgreeWithDuckDB runs every operation at the ends of the ranges; a sum that does not fit int64, which is
// DuckDB's HUGEINT, must be an error.
func TestExtremesAgreeWithDuckDB(t *testing.T) {
	ask := duckDB(t)
	for seed := range seeds(3 * *tablesEach) { // twelve: each size twice
		r := rand.New(rand.NewPCG(seed, 9))
		rows := []int{0, 1, 2, 7, 60, 300}[seed%6]
		tab := extremeTable(t, r, rows)
		if seed%2 == 0 {
			tab = tab.Parallel()
		}
		path := filepath.Join(t.TempDir(), "t.parquet")
		if err := tab.SaveParquet(t.Context(), path); err != nil {
			t.Fatal(err)
		}
		t.Run(fmt.Sprint(rows, " rows, seed ", seed), func(t *testing.T) {
			for _, keys := range [][]string{{"text"}, {"big"}, {"real"}, {"flag"}, {"big", "other"}, {"real", "text"}, {"other", "flag", "text"}} {
				list := strings.Join(keys, ", ")
				order := strings.Join(keys, " nulls last, ") + " nulls last"
				query := fmt.Sprintf(`select %s, count(big) c, min(big), max(big), avg(big), count(distinct big), median(big::double), min(real), max(real), count(distinct real),
					quantile_cont(real, 0.75), min(text), max(text), count(distinct text), min(flag), max(flag), count(flag), sum(id)::bigint from '%s' group by %[1]s order by %[3]s`, list, path, order)
				sameAsDuckDB(t, "group by "+list, tab.GroupBy(keys...).Agg(table.Count("big").As("c"), table.Min("big").As("a"), table.Max("big").As("b"), table.Mean("big").As("m"),
					table.NUnique("big").As("n"), table.Median("big").As("h"), table.Min("real").As("d"), table.Max("real").As("e"), table.NUnique("real").As("f"), table.Quantile("real", 0.75).As("g"),
					table.Min("text").As("i"), table.Max("text").As("j"), table.NUnique("text").As("k"), table.Min("flag").As("o"), table.Max("flag").As("p"), table.Count("flag").As("q"), table.Sum("id").As("s")), ask(query))
				sums := ask(fmt.Sprintf("select sum(big)::varchar, sum(big)::double from '%s' group by %s order by %s", path, list, order))
				fits := true
				for _, row := range sums {
					if row[0] != nil {
						v, _ := new(big.Int).SetString(*row[0], 10)
						fits = fits && v.IsInt64()
					}
				}
				got := tab.GroupBy(keys...).Agg(table.Sum("big").As("s")).Select("s")
				stream, err := table.ScanParquet(path).GroupBy(keys...).Agg(t.Context(), table.Sum("big").As("s"), table.Mean("big").As("m"), table.Min("flag"), table.Max("text"))
				if !fits {
					if got.Err() == nil || !strings.Contains(got.Err().Error(), "beyond int64") || err == nil || !strings.Contains(err.Error(), "beyond int64") {
						t.Errorf("sums by %s that do not fit: %v, as a stream %v", list, got.Err(), err)
					}
					continue
				}
				for i, row := range got.All() {
					if (row.Value("s") == nil) != (sums[i][0] == nil) || row.Value("s") != nil && fmt.Sprint(row.Value("s")) != *sums[i][0] {
						t.Errorf("sum by %s, row %d: %v, DuckDB has %v", list, i, row.Value("s"), *sums[i][0])
					}
				}
				want := tab.GroupBy(keys...).Agg(table.Sum("big").As("s"), table.Mean("big").As("m"), table.Min("flag"), table.Max("text"))
				if err != nil || sameText(stream) != sameText(want) {
					t.Errorf("as a stream by %s: %v\n%v\nthe table gives\n%v", list, err, stream, want)
				}
			}
			// In a table of its own: of Parquet files it believes the statistics, which say nothing of NaN.
			ask(fmt.Sprintf("create or replace table t as select * from '%s'", path))
			sameAsDuckDB(t, "sort", tab.Sort("-real", "text", "-big", "flag", "-other", "id").Select("id"), ask(`select id from t order by
				case when real is null then 2 when isnan(real) then 1 else 0 end, real desc, text, big desc nulls last, flag nulls last, other desc nulls last, id`))
			for _, c := range []struct {
				column, op string
				value      any
				sql        string
			}{
				{"big", "==", 9007199254740993, "9007199254740993::bigint"}, {"big", "<", 9007199254740992.0, "9007199254740992::bigint"}, {"big", ">=", int64(-1 << 63), "(-9223372036854775808)::bigint"},
				{"big", "!=", int64(1<<63 - 1), "9223372036854775807::bigint"}, {"text", ">", "abcdefgh", "'abcdefgh'"}, {"text", "==", "", "''"}, {"text", "<=", "é", "'é'"}, {"flag", "!=", true, "true"},
			} {
				sameAsDuckDB(t, fmt.Sprint("where ", c.column, c.op, c.value), tab.Where(c.column, c.op, c.value).Select("id"),
					ask(fmt.Sprintf("select id from '%s' where %s %s %s order by id", path, c.column, strings.Replace(c.op, "==", "=", 1), c.sql)))
			}
			for _, key := range []string{"text", "big", "real", "flag"} {
				right := tab.Sort("-id").Head(20).Select("id", key, "other").Rename("other", "big_right")
				for join, f := range map[string]func(table.Table, ...string) table.Table{"join": tab.Join, "left join": tab.LeftJoin} {
					got := f(right, key).Select("id", "id_right", "big_right")
					sameAsDuckDB(t, join+" on "+key, got, ask(fmt.Sprintf(`with s as (select row_number() over (order by id desc) place, * from '%[1]s' order by id desc limit 20)
						select t.id, s.id, s.other from '%[1]s' t %[2]s s on t.%[3]s = s.%[3]s order by t.id, place`, path, join, key)))
				}
			}
		})
	}
}
