package table_test

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"locuslab/locuskit/table"
)

// TestOperationsAgreeWithDuckDB holds what tables do row by row, by group and side by side against an independent engine.
func TestOperationsAgreeWithDuckDB(t *testing.T) {
	ask := duckDB(t)
	keySets := [][]string{{"key"}, {"number"}, {"real"}, {"flag"}, {"key", "small"}, {"flag", "real", "number"}}
	each(t, func(t *testing.T, r *rand.Rand, tab table.Table) {
		tab = tab.WithIndex("row")
		if r.IntN(2) == 0 {
			tab = tab.Parallel()
		}
		dir := t.TempDir()
		path := filepath.Join(dir, "t.parquet")
		if err := tab.SaveParquet(t.Context(), path); err != nil {
			t.Fatal(err)
		}
		keys := keySets[r.IntN(len(keySets))]
		list := strings.Join(keys, ", ")
		order := strings.Join(keys, " nulls last, ") + " nulls last"
		sql := func(query string) [][]*string {
			t.Helper()
			return ask(strings.NewReplacer("$t", "'"+path+"'", "$keys", list, "$order", order).Replace(query))
		}

		computed := tab.With("twice", func(r table.Row) (int64, bool) { return 2*r.Int("number") + r.Int("small"), !r.IsNull("number") }).
			With("half", func(r table.Row) (float64, bool) { return float64(r.Int("number")) / 2, !r.IsNull("number") }).
			With("name", func(r table.Row) (string, bool) { return r.String("key") + "!", !r.IsNull("key") }).
			With("yes", func(r table.Row) bool { return r.Int("small") > 3 })
		sameAsDuckDB(t, "with", computed.Select("row", "twice", "half", "name", "yes"), sql(`
			select row, 2 * number + small, number / 2, key || '!', small > 3 from $t order by row`))
		casts := tab.Select("row", "number", "small", "flag").Cast("number", table.Float).Cast("small", table.String).Cast("flag", table.Int)
		sameAsDuckDB(t, "cast", casts, sql(`select row, number::double, small::varchar, flag::int from $t order by row`))
		back := casts.Cast("number", table.Int).Cast("small", table.Int).Cast("flag", table.Bool)
		if want := tab.Select("row", "number", "small", "flag"); sameText(back) != sameText(want) {
			t.Errorf("cast and back:\n%v\nwas\n%v", back, want)
		}

		sameAsDuckDB(t, "null", tab.WhereNull("real").Select("row"), sql(`select row from $t where real is null order by row`))
		sameAsDuckDB(t, "not null", tab.WhereNotNull("key").Select("row"), sql(`select row from $t where key is not null order by row`))
		sameAsDuckDB(t, "drop nulls", tab.DropNulls("key", "flag").Select("row"), sql(`select row from $t where key is not null and flag is not null order by row`))
		sameAsDuckDB(t, "drop all nulls", tab.DropNulls().Select("row"), sql(`
			select row from $t where key is not null and flag is not null and number is not null and real is not null order by row`))
		sameAsDuckDB(t, "fill", tab.FillNull("key", "none").FillNull("number", -7).FillNull("real", 0.5).FillNull("flag", true).GroupBy("key").Agg(
			table.Sum("number"), table.Count("real"), table.Count("flag"), table.Max("real")), sql(`
			select coalesce(key, 'none') k, sum(coalesce(number, -7))::bigint, count(*), count(*), max(coalesce(real, 0.5)) from $t group by k order by k`))

		n := r.IntN(4)
		sameAsDuckDB(t, "top of "+list, tab.GroupBy(keys...).Top(n, "-small", "key").Select("row"), sql(fmt.Sprintf(`
			select row from (select *, row_number() over (partition by $keys order by small desc, key nulls last, row) place from $t)
			where place <= %d order by $order, small desc, key nulls last, row`, n)))
		sameAsDuckDB(t, "first of "+list, tab.GroupBy(keys...).First(n).Select("row"), sql(fmt.Sprintf(`
			select row from (select *, row_number() over (partition by $keys order by row) place from $t) where place <= %d order by $order, row`, n)))
		sameAsDuckDB(t, "last of "+list, tab.GroupBy(keys...).Last(n).Select("row"), sql(fmt.Sprintf(`
			select row from (select *, row_number() over (partition by $keys order by row desc) place from $t) where place <= %d order by $order, row`, n)))
		for _, name := range keys {
			sameAsDuckDB(t, "value counts of "+name, tab.ValueCounts(name), sql(fmt.Sprintf(`
				select %[1]s, count(*) n from $t group by %[1]s order by n desc, %[1]s nulls last`, name)))
		}

		left := tab.Select("row", "key", "number", "real", "flag", "small").Head(150)
		right := tab.Sort("small", "-row").Head(60).Select("row", "key", "number", "real", "flag").Rename("row", "place").Rename("key", "name").Rename("flag", "state")
		const sides = `with l as (select * from $t where row < 150), r as (select row place, key name, number, real, flag state,
			row_number() over (order by small, row desc) spot from $t order by small, row desc limit 60) `
		joins := [][2]string{
			{"key=name number", "l.key = r.name and l.number = r.number"},
			{"real flag=state", "l.real = r.real and l.flag = r.state"},
			{"flag=state key=name number", "l.flag = r.state and l.key = r.name and l.number = r.number"},
			{"key=name", "l.key = r.name"},
		}
		for _, one := range []int{r.IntN(2), 2 + r.IntN(2)} {
			on, condition := strings.Fields(joins[one][0]), joins[one][1]
			pair := map[string]string{"join": "join", "left join": "left join", "outer join": "full outer join"}
			for name, join := range map[string]func(table.Table, ...string) table.Table{"join": left.Join, "left join": left.LeftJoin, "outer join": left.OuterJoin} {
				got := join(right, on...)
				sameAsDuckDB(t, fmt.Sprint(name, " on ", on), got.Select("row", "place"), sql(sides+fmt.Sprintf(`
					select l.row, r.place from l %s r on %s order by l.row nulls last, r.spot`, pair[name], condition)))
				if on[0] == "key=name" { // of a row without a left one the key is the right one's
					sameAsDuckDB(t, fmt.Sprint(name, " on ", on, ": keys"), got.Select("key"), sql(sides+fmt.Sprintf(`
						select coalesce(l.key, r.name) from l %s r on %s order by l.row nulls last, r.spot`, pair[name], condition)))
				}
			}
			sameAsDuckDB(t, fmt.Sprint("semi join on ", on), left.SemiJoin(right, on...).Select("row"), sql(sides+`
				select row from l where exists (select 1 from r where `+condition+`) order by row`))
			sameAsDuckDB(t, fmt.Sprint("anti join on ", on), left.AntiJoin(right, on...).Select("row"), sql(sides+`
				select row from l where not exists (select 1 from r where `+condition+`) order by row`))
		}

		together, err := table.ConcatByName(tab.Select("row", "key", "number"), tab.Select("real", "row"), tab.Select("flag", "key", "row"))
		if err != nil {
			t.Fatal(err)
		}
		sameAsDuckDB(t, "concat by name", together, sql(`
			select row, key, number, real, flag from (select 1 part, row, key, number from $t union all by name
			select 2 part, real, row from $t union all by name select 3 part, flag, key, row from $t) order by part, row`))

		seconds := tab.With("us", func(r table.Row) (int64, bool) {
			return 1_577_836_800_000_000 + r.Int("number")%1e9*3_600_000_000/1000 + r.Int("row")*7_654_321_987, !r.IsNull("number")
		})
		stamped := filepath.Join(dir, "times.parquet")
		if err := seconds.SaveParquet(t.Context(), stamped); err != nil {
			t.Fatal(err)
		}
		times := seconds.Select("row", "us").With("when", func(r table.Row) (time.Time, bool) { return time.UnixMicro(r.Int("us")), !r.IsNull("us") })
		units := []table.Unit{table.Second, table.Minute, table.Hour, table.Day, table.Quarter, table.Year}
		for _, unit := range []table.Unit{table.Week, table.Month, units[r.IntN(len(units))]} {
			sameAsDuckDB(t, "truncate to "+string(unit), times.Truncate("when", unit, "cut").Select("row", "cut").Cast("cut", table.String), ask(fmt.Sprintf(`
				select row, strftime(date_trunc('%s', make_timestamp(us)), '%%Y-%%m-%%dT%%H:%%M:%%S+00:00') from '%s' order by row`, unit, stamped)))
		}
		sameAsDuckDB(t, "times by week", times.Truncate("when", table.Week, "week").GroupBy("week").Agg(table.Count("row"), table.Max("when").As("last")).
			Cast("week", table.String).Cast("last", table.String), ask(fmt.Sprintf(`
			select strftime(date_trunc('week', make_timestamp(us)), '%%Y-%%m-%%dT%%H:%%M:%%S+00:00') w, count(*),
			rtrim(rtrim(strftime(make_timestamp(max(us)), '%%Y-%%m-%%dT%%H:%%M:%%S.%%f'), '0'), '.') || '+00:00'
			from '%s' group by date_trunc('week', make_timestamp(us)) order by date_trunc('week', make_timestamp(us)) nulls last`, stamped)))
	})
}
