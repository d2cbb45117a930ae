package locuskit_test

import (
	"math"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"locuslab/locuskit"
)

func made(t *testing.T, names []string, columns ...any) locuskit.Table {
	t.Helper()
	got, err := locuskit.NewTable(names, columns...)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// TestCastIsExactOrAnError casts values that the other kind has, and those that it has not.
func TestCastIsExactOrAnError(t *testing.T) {
	for _, c := range []struct {
		values any
		to     locuskit.Kind
		want   string // of the first value; empty: an error that has the row
	}{
		{[]int64{1<<53 + 2}, locuskit.Float, "9.007199254740994e+15"}, {[]int64{1<<53 + 1}, locuskit.Float, ""},
		{[]int64{math.MaxInt64}, locuskit.Float, ""}, {[]int64{math.MinInt64}, locuskit.Float, "-9.223372036854776e+18"},
		{[]float64{-3}, locuskit.Int, "-3"}, {[]float64{1.5}, locuskit.Int, ""}, {[]float64{1 << 63}, locuskit.Int, ""}, {[]float64{-1 << 63}, locuskit.Int, "-9223372036854775808"},
		{[]float64{math.NaN()}, locuskit.Int, ""}, {[]float64{math.Inf(1)}, locuskit.Int, ""},
		{[]bool{true}, locuskit.Int, "1"}, {[]int64{1}, locuskit.Bool, "true"}, {[]int64{2}, locuskit.Bool, ""}, {[]float64{0.5}, locuskit.Bool, ""},
		{[]string{"007"}, locuskit.Int, "7"}, {[]string{"+5"}, locuskit.Int, "5"}, {[]string{" 5"}, locuskit.Int, ""}, {[]string{"5.0"}, locuskit.Int, ""},
		{[]string{"18446744073709551615"}, locuskit.Int, ""}, {[]string{""}, locuskit.Int, ""},
		{[]string{"1e3"}, locuskit.Float, "1000"}, {[]string{"1e999"}, locuskit.Float, ""}, {[]string{"0x10"}, locuskit.Float, ""}, {[]string{"1_0"}, locuskit.Float, ""},
		{[]string{"NaN"}, locuskit.Float, "NaN"}, {[]string{"-Inf"}, locuskit.Float, "-Inf"},
		{[]string{"true"}, locuskit.Bool, "true"}, {[]string{"yes"}, locuskit.Bool, ""},
		{[]string{"2020-02-29"}, locuskit.Timestamp, "2020-02-29T00:00:00+00:00"}, {[]string{"2021-02-29"}, locuskit.Timestamp, ""},
		{[]string{"2020-01-06T00:30:00.25+01:00"}, locuskit.Timestamp, "2020-01-05T23:30:00.25+00:00"}, {[]string{"2020-01-06 01:02:03"}, locuskit.Timestamp, "2020-01-06T01:02:03+00:00"},
		{[]string{"2020-01-06T00:00:00.000000001Z"}, locuskit.Timestamp, ""}, {[]string{"06/01/2020"}, locuskit.Timestamp, ""},
		{[]int64{5}, locuskit.Timestamp, ""}, {[]bool{true}, locuskit.Timestamp, ""}, {[]int64{5}, locuskit.Kind(99), ""},
		{[]float64{math.Copysign(0, -1)}, locuskit.String, "-0"}, {[]float64{0.1}, locuskit.String, "0.1"},
		{[]time.Time{time.UnixMicro(-1)}, locuskit.String, "1969-12-31T23:59:59.999999+00:00"}, {[]time.Time{time.Unix(0, 0)}, locuskit.Int, ""},
	} {
		for _, table := range []locuskit.Table{made(t, []string{"a"}, c.values), made(t, []string{"a"}, c.values).Parallel()} {
			got := table.Cast("a", c.to)
			switch {
			case c.want == "" && got.Err() == nil:
				t.Errorf("%v as %v: no error", c.values, c.to)
			case c.want == "" && !strings.Contains(got.Err().Error(), `column "a"`) && !strings.Contains(got.Err().Error(), "no kind"):
				t.Errorf("%v as %v: %v", c.values, c.to, got.Err())
			case c.want != "" && got.Cast("a", locuskit.String).Err() != nil:
				t.Errorf("%v as %v: %v", c.values, c.to, got.Err())
			case c.want != "":
				if text, err := got.Cast("a", locuskit.String).Strings("a"); err != nil || text[0] != c.want {
					t.Errorf("%v as %v: %v, want %s", c.values, c.to, text, c.want)
				}
			}
		}
	}
}

// TestTheFirstBadRowIsNamed has bad values in several chunks.
func TestTheFirstBadRowIsNamed(t *testing.T) {
	values := make([]float64, 500_000)
	for _, row := range []int{140_001, 140_002, 300_000, 499_999} {
		values[row] = 0.5
	}
	table := made(t, []string{"a"}, values)
	for _, workers := range []locuskit.Workers{1, 2, 8} {
		if err := table.Parallel(workers).Cast("a", locuskit.Int).Err(); err == nil || !strings.Contains(err.Error(), "row 140002:") {
			t.Errorf("%d workers: %v", workers, err)
		}
	}
}

func TestTimesAreTimesEverywhere(t *testing.T) {
	at := func(text string) time.Time {
		v, err := time.Parse(time.RFC3339Nano, text)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	when := []time.Time{at("2020-03-08T12:00:00Z"), at("1969-12-31T23:59:59.5Z"), at("2020-03-08T08:00:00-04:00"), at("2020-03-09T00:00:00Z")}
	table := made(t, []string{"when", "n"}, when, []int{1, 2, 3, 4})
	assertRows := func(what string, got locuskit.Table, want ...int64) {
		t.Helper()
		rows, _, err := got.Ints("n")
		if err != nil || !reflect.DeepEqual(append([]int64{}, rows...), append([]int64{}, want...)) {
			t.Errorf("%s: rows %v, want %v; error %v", what, rows, want, err)
		}
	}
	assertRows("sorted", table.Sort("when"), 2, 1, 3, 4)
	assertRows("sorted down", table.Sort("-when"), 4, 1, 3, 2)
	assertRows("equal", table.Where("when", "==", when[0]), 1, 3)
	assertRows("after", table.Where("when", ">", when[0].Add(-time.Nanosecond)), 1, 3, 4)
	assertRows("before", table.Where("when", "<", when[0].Add(time.Nanosecond)), 1, 2, 3)
	assertRows("finer than any", table.Where("when", "==", when[0].Add(time.Nanosecond)))
	assertRows("other", table.Where("when", "!=", when[0].Add(time.Nanosecond)), 1, 2, 3, 4)
	assertRows("by method", table.Filter(func(r locuskit.Row) bool { return r.Time("when").Year() == 1969 }), 2)
	assertRows("joined", table.Join(table.Head(1).Select("when"), "when"), 1, 3)
	assertRows("concatenated", func() locuskit.Table {
		all, err := locuskit.Concat(table, table.Tail(1))
		if err != nil {
			t.Fatal(err)
		}
		return all
	}().Sort("when"), 2, 1, 3, 4, 4)
	for what, got := range map[string]locuskit.Table{
		"group": table.GroupSum("when", "n"), "two keys": table.GroupBy("n", "when").Agg(locuskit.Count("n")), "extremes": table.GroupBy("n").Agg(locuskit.Max("when").As("when")),
		"unique": table.Unique("when"), "filled": table.LeftJoin(table.Head(1).Rename("when", "other"), "n").FillNull("other", when[1]).Select("other").Rename("other", "when"),
		"counts": table.ValueCounts("when"), "slice": table.Slice(1, 3), "last": table.GroupBy("n").Last(1), "outer": table.Head(2).OuterJoin(table.Tail(3), "when"),
		"far apart": table.With("when", func(r locuskit.Row) time.Time { return when[0].AddDate(int(r.Int("n"))*1000, 0, 0) }).GroupBy("when").Agg(locuskit.Count("n")),
	} {
		if got.Err() != nil {
			t.Errorf("%s: %v", what, got.Err())
			continue
		}
		for _, row := range got.All() {
			if _, ok := row.Value("when").(time.Time); !ok {
				t.Errorf("%s: %v is no time", what, row.Value("when"))
			}
		}
	}
	for what, err := range map[string]error{
		"sum": table.GroupBy("n").Agg(locuskit.Sum("when")).Err(), "mean": table.GroupBy("n").Agg(locuskit.Mean("when")).Err(), "median": table.GroupBy("n").Agg(locuskit.Median("when")).Err(),
		"number": table.Where("when", ">", 5).Err(), "join": table.Join(table.Rename("when", "x").Rename("n", "when"), "when").Err(),
		"truncate a number": table.Truncate("n", locuskit.Week, "w").Err(), "no unit": table.Truncate("when", "fortnight", "w").Err(),
	} {
		if err == nil || !strings.Contains(err.Error(), "when") && !strings.Contains(err.Error(), `"n"`) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, err := locuskit.Concat(table.Select("when"), table.Select("n").Rename("n", "when")); err == nil {
		t.Error("times below ints")
	}
	if _, err := locuskit.NewTable([]string{"a"}, []time.Time{time.Unix(0, 1)}); err == nil || !strings.Contains(err.Error(), "row 1") {
		t.Errorf("a nanosecond: %v", err)
	}
}

// TestTimesHaveOneTextInEveryFormat writes times and reads them, as texts or times.
func TestTimesHaveOneTextInEveryFormat(t *testing.T) {
	table := made(t, []string{"when"}, []time.Time{time.UnixMicro(1_577_836_800_123_450), time.Unix(0, 0), time.Date(9999, 12, 31, 23, 59, 59, 999999000, time.UTC)})
	want := sameText(table)
	dir := t.TempDir()
	kinds := locuskit.Kinds{"when": locuskit.String}
	for format, read := range map[string]func(path string) (locuskit.Table, error){
		"csv": func(path string) (locuskit.Table, error) {
			if err := table.SaveCSV(t.Context(), path); err != nil {
				return table, err
			}
			return locuskit.ReadCSV(t.Context(), path, kinds)
		},
		"json": func(path string) (locuskit.Table, error) {
			if err := table.SaveJSON(t.Context(), path); err != nil {
				return table, err
			}
			return locuskit.ReadJSON(t.Context(), path)
		},
		"parquet": func(path string) (locuskit.Table, error) {
			if err := table.SaveParquet(t.Context(), path); err != nil {
				return table, err
			}
			return locuskit.ReadParquet(t.Context(), path)
		},
		"arrow": func(path string) (locuskit.Table, error) {
			if err := table.SaveIPC(t.Context(), path); err != nil {
				return table, err
			}
			return locuskit.ReadIPC(t.Context(), path)
		},
	} {
		got, err := read(filepath.Join(dir, "t."+format))
		if err != nil {
			t.Errorf("%s: %v", format, err)
			continue
		}
		texts, err := got.Cast("when", locuskit.String).Strings("when")
		own, err2 := table.Cast("when", locuskit.String).Strings("when")
		if err != nil || err2 != nil || !reflect.DeepEqual(texts, own) {
			t.Errorf("%s: %q, want %q; errors %v, %v", format, texts, own, err, err2)
		}
		if back := got.Cast("when", locuskit.Timestamp); sameText(back) != want {
			t.Errorf("%s: %v, want %v", format, back, table)
		}
	}
	frame := table.DataFrame()
	if frame.Err != nil || frame.Elem(0, 0).String() != "2020-01-01T00:00:00.12345+00:00" {
		t.Errorf("gota: %v %v", frame, frame.Err)
	}
}

type place struct {
	Code string `table:"geo_id"`
	Town *string
}

type stay struct {
	place
	When   time.Time
	Nights uint8    `table:"nights"`
	Price  *float32 `table:"price"`
	Rank   float64
	note   int
	Skip   chan int `table:"-"`
}

func TestStructsThereAndBack(t *testing.T) {
	town, price := "Brechin", float32(0.5)
	rows := []stay{
		{place: place{"L0K", &town}, When: time.UnixMicro(5).UTC(), Nights: 255, Price: &price, Rank: 1.5},
		{place: place{"M5V", nil}, When: time.UnixMicro(-5).UTC(), Rank: math.Inf(-1)},
	}
	table, err := locuskit.FromStructs(rows)
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"geo_id", "Town", "When", "nights", "price", "Rank"}; !reflect.DeepEqual(table.Columns(), want) {
		t.Errorf("columns %v, want %v", table.Columns(), want)
	}
	rows[0].note = 0
	back, err := locuskit.Structs[stay](table.With("more", func(locuskit.Row) int { return 1 }))
	if err != nil || !reflect.DeepEqual(back, rows) {
		t.Errorf("%+v, want %+v; error %v", back, rows, err)
	}
	if none, err := locuskit.FromStructs([]stay(nil)); err != nil || none.Rows() != 0 || len(none.Columns()) != 6 {
		t.Errorf("no rows: %v, error %v", none, err)
	}
}

func TestStructsThatDoNotFit(t *testing.T) {
	type small struct{ N int8 }
	type unsigned struct{ N uint64 }
	type narrow struct{ N float32 }
	type text struct{ N string }
	type odd struct{ N []byte }
	errOf := func(_ any, err error) error { return err }
	ints, nulls := made(t, []string{"N"}, []int64{1, 300}), made(t, []string{"N"}, []string{"a"}).LeftJoin(made(t, []string{"N", "M"}, []string{"b"}, []int{1}), "N").Select("M").Rename("M", "N")
	type bigger = unsigned
	for complaint, err := range map[string]error{
		"300 is not exactly a int8":      errOf(locuskit.Structs[small](ints)),
		"-1 is not exactly a uint64":     errOf(locuskit.Structs[unsigned](made(t, []string{"N"}, []int64{-1}))),
		"0.1 is not exactly a float32":   errOf(locuskit.Structs[narrow](made(t, []string{"N"}, []float64{0.1}))),
		"holds int values":               errOf(locuskit.Structs[text](ints)),
		`no column "N"`:                  errOf(locuskit.Structs[text](ints.Rename("N", "M"))),
		"make the field a *int8":         errOf(locuskit.Structs[small](nulls)),
		"leave it out":                   errOf(locuskit.Structs[odd](ints)),
		"is no struct":                   errOf(locuskit.Structs[int](ints)),
		"18446744073709551615 is beyond": errOf(locuskit.FromStructs([]bigger{{1}, {math.MaxUint64}})),
		"is not UTF-8":                   errOf(locuskit.FromStructs([]text{{"\xff"}})),
		"has no exported fields":         errOf(locuskit.FromStructs([]struct{ n int }{{1}})),
		"finer than the microseconds":    errOf(locuskit.FromStructs([]struct{ T time.Time }{{time.Unix(0, 1)}})),
		`cannot have two columns named "N`: errOf(locuskit.FromStructs([]struct {
			N int
			M int `table:"N"`
		}{{1, 2}})),
	} {
		if err == nil || !strings.Contains(err.Error(), complaint) {
			t.Errorf("got %v, want %q", err, complaint)
		}
	}
}

func TestOperationsThatCannotBe(t *testing.T) {
	table := made(t, []string{"k", "n", "real"}, []string{"a", "b"}, []int{1, 2}, []float64{1, 2})
	var none func(locuskit.Row) int64
	for complaint, got := range map[string]locuskit.Table{
		"computes no column":                      table.With("x", func(int) int { return 1 }),
		"<nil> computes no column":                table.With("x", nil),
		`no column "nn"`:                          table.With("x", func(r locuskit.Row) int64 { return r.Int("nn") }),
		`column "n" holds int values, not time`:   table.With("x", func(r locuskit.Row) time.Time { return r.Time("n") }),
		"the function is nil":                     table.With("x", none),
		`no column "x"`:                           table.FillNull("x", 1),
		`column "n" holds int values: 0.5`:        table.FillNull("n", 0.5),
		`column "k" holds string values: 1 (int)`: table.FillNull("k", 1),
		"must not be negative":                    table.GroupBy("k").First(-1),
		"name at least one column to order by":    table.GroupBy("k").Top(1),
		"name at least one column to group by":    table.GroupBy().Top(1, "n"),
		"rename the column":                       table.Rename("n", "count").ValueCounts("count"),
		"name at least one column to join on":     table.Join(table),
		`right table: no column "m"`:              table.SemiJoin(table, "n=m"),
		"a column is named twice":                 table.Join(table, "k", "k"),
		"holds int values in the left table":      table.AntiJoin(table, "n=k"),
		"right table: select: no column":          table.OuterJoin(table.Select("nothing"), "n"),
	} {
		if err := got.Err(); err == nil || !strings.Contains(err.Error(), complaint) {
			t.Errorf("got %v, want %q", err, complaint)
		}
	}
	if _, err := locuskit.ConcatByName(table, table.Cast("n", locuskit.String)); err == nil || !strings.Contains(err.Error(), "cast one of them") {
		t.Errorf("two kinds: %v", err)
	}
	if got := table.With("k", func(r locuskit.Row) float64 { return r.Float("real") / 2 }); strings.Join(got.Columns(), " ") != "k n real" || got.Err() != nil {
		t.Errorf("in the place of a column: %v", got)
	}
	if got := table.Rename("n", "a=b").Join(table.Rename("n", "a=b"), "a=b"); got.Err() != nil || got.Rows() != 2 {
		t.Errorf("a name with = in it: %v", got)
	}
	empty := table.Head(0)
	for _, got := range []locuskit.Table{empty.With("x", func(locuskit.Row) string { return "" }), empty.GroupBy("k").Top(2, "n"), empty.ValueCounts("k"), empty.OuterJoin(empty, "k", "n"), empty.Cast("n", locuskit.String), empty.DropNulls()} {
		if got.Err() != nil || got.Rows() != 0 {
			t.Errorf("of no rows: %v", got)
		}
	}
}
