package table_test

import (
	"math"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"locuslab/locuskit/table"
	"locuslab/locuskit/table/gotatable"
)

func made(t *testing.T, names []string, columns ...any) table.Table {
	t.Helper()
	got, err := table.New(names, columns...)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// TestCastIsExactOrAnError casts values that the other kind has, and those that it has not.
func TestCastIsExactOrAnError(t *testing.T) {
	for _, c := range []struct {
		values any
		to     table.Kind
		want   string // of the first value; empty: an error that has the row
	}{
		{[]int64{1<<53 + 2}, table.Float, "9.007199254740994e+15"}, {[]int64{1<<53 + 1}, table.Float, ""},
		{[]int64{math.MaxInt64}, table.Float, ""}, {[]int64{math.MinInt64}, table.Float, "-9.223372036854776e+18"},
		{[]float64{-3}, table.Int, "-3"}, {[]float64{1.5}, table.Int, ""}, {[]float64{1 << 63}, table.Int, ""}, {[]float64{-1 << 63}, table.Int, "-9223372036854775808"},
		{[]float64{math.NaN()}, table.Int, ""}, {[]float64{math.Inf(1)}, table.Int, ""},
		{[]bool{true}, table.Int, "1"}, {[]int64{1}, table.Bool, "true"}, {[]int64{2}, table.Bool, ""}, {[]float64{0.5}, table.Bool, ""},
		{[]string{"007"}, table.Int, "7"}, {[]string{"+5"}, table.Int, "5"}, {[]string{" 5"}, table.Int, ""}, {[]string{"5.0"}, table.Int, ""},
		{[]string{"18446744073709551615"}, table.Int, ""}, {[]string{""}, table.Int, ""},
		{[]string{"1e3"}, table.Float, "1000"}, {[]string{"1e999"}, table.Float, ""}, {[]string{"0x10"}, table.Float, ""}, {[]string{"1_0"}, table.Float, ""},
		{[]string{"NaN"}, table.Float, "NaN"}, {[]string{"-Inf"}, table.Float, "-Inf"},
		{[]string{"true"}, table.Bool, "true"}, {[]string{"yes"}, table.Bool, ""},
		{[]string{"2020-02-29"}, table.Timestamp, "2020-02-29T00:00:00+00:00"}, {[]string{"2021-02-29"}, table.Timestamp, ""},
		{[]string{"2020-01-06T00:30:00.25+01:00"}, table.Timestamp, "2020-01-05T23:30:00.25+00:00"}, {[]string{"2020-01-06 01:02:03"}, table.Timestamp, "2020-01-06T01:02:03+00:00"},
		{[]string{"2020-01-06T00:00:00.000000001Z"}, table.Timestamp, ""}, {[]string{"06/01/2020"}, table.Timestamp, ""},
		{[]int64{5}, table.Timestamp, ""}, {[]bool{true}, table.Timestamp, ""}, {[]int64{5}, table.Kind(99), ""},
		{[]float64{math.Copysign(0, -1)}, table.String, "-0"}, {[]float64{0.1}, table.String, "0.1"},
		{[]time.Time{time.UnixMicro(-1)}, table.String, "1969-12-31T23:59:59.999999+00:00"}, {[]time.Time{time.Unix(0, 0)}, table.Int, ""},
	} {
		for _, tab := range []table.Table{made(t, []string{"a"}, c.values), made(t, []string{"a"}, c.values).Parallel()} {
			got := tab.Cast("a", c.to)
			switch {
			case c.want == "" && got.Err() == nil:
				t.Errorf("%v as %v: no error", c.values, c.to)
			case c.want == "" && !strings.Contains(got.Err().Error(), `column "a"`) && !strings.Contains(got.Err().Error(), "no kind"):
				t.Errorf("%v as %v: %v", c.values, c.to, got.Err())
			case c.want != "" && got.Cast("a", table.String).Err() != nil:
				t.Errorf("%v as %v: %v", c.values, c.to, got.Err())
			case c.want != "":
				if text, err := got.Cast("a", table.String).Strings("a"); err != nil || text[0] != c.want {
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
	tab := made(t, []string{"a"}, values)
	for _, workers := range []table.Workers{1, 2, 8} {
		if err := tab.Parallel(workers).Cast("a", table.Int).Err(); err == nil || !strings.Contains(err.Error(), "row 140002:") {
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
	tab := made(t, []string{"when", "n"}, when, []int{1, 2, 3, 4})
	assertRows := func(what string, got table.Table, want ...int64) {
		t.Helper()
		rows, _, err := got.Ints("n")
		if err != nil || !reflect.DeepEqual(append([]int64{}, rows...), append([]int64{}, want...)) {
			t.Errorf("%s: rows %v, want %v; error %v", what, rows, want, err)
		}
	}
	assertRows("sorted", tab.Sort("when"), 2, 1, 3, 4)
	assertRows("sorted down", tab.Sort("-when"), 4, 1, 3, 2)
	assertRows("equal", tab.Where("when", "==", when[0]), 1, 3)
	assertRows("after", tab.Where("when", ">", when[0].Add(-time.Nanosecond)), 1, 3, 4)
	assertRows("before", tab.Where("when", "<", when[0].Add(time.Nanosecond)), 1, 2, 3)
	assertRows("finer than any", tab.Where("when", "==", when[0].Add(time.Nanosecond)))
	assertRows("other", tab.Where("when", "!=", when[0].Add(time.Nanosecond)), 1, 2, 3, 4)
	assertRows("by method", tab.Filter(func(r table.Row) bool { return r.Time("when").Year() == 1969 }), 2)
	assertRows("joined", tab.Join(tab.Head(1).Select("when"), "when"), 1, 3)
	assertRows("concatenated", func() table.Table {
		all, err := table.Concat(tab, tab.Tail(1))
		if err != nil {
			t.Fatal(err)
		}
		return all
	}().Sort("when"), 2, 1, 3, 4, 4)
	for what, got := range map[string]table.Table{
		"group": tab.GroupSum("when", "n"), "two keys": tab.GroupBy("n", "when").Agg(table.Count("n")), "extremes": tab.GroupBy("n").Agg(table.Max("when").As("when")),
		"unique": tab.Unique("when"), "filled": tab.LeftJoin(tab.Head(1).Rename("when", "other"), "n").FillNull("other", when[1]).Select("other").Rename("other", "when"),
		"counts": tab.ValueCounts("when"), "slice": tab.Slice(1, 3), "last": tab.GroupBy("n").Last(1), "outer": tab.Head(2).OuterJoin(tab.Tail(3), "when"),
		"far apart": tab.With("when", func(r table.Row) time.Time { return when[0].AddDate(int(r.Int("n"))*1000, 0, 0) }).GroupBy("when").Agg(table.Count("n")),
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
		"sum": tab.GroupBy("n").Agg(table.Sum("when")).Err(), "mean": tab.GroupBy("n").Agg(table.Mean("when")).Err(), "median": tab.GroupBy("n").Agg(table.Median("when")).Err(),
		"number": tab.Where("when", ">", 5).Err(), "join": tab.Join(tab.Rename("when", "x").Rename("n", "when"), "when").Err(),
		"truncate a number": tab.Truncate("n", table.Week, "w").Err(), "no unit": tab.Truncate("when", "fortnight", "w").Err(),
	} {
		if err == nil || !strings.Contains(err.Error(), "when") && !strings.Contains(err.Error(), `"n"`) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, err := table.Concat(tab.Select("when"), tab.Select("n").Rename("n", "when")); err == nil {
		t.Error("times below ints")
	}
	if _, err := table.New([]string{"a"}, []time.Time{time.Unix(0, 1)}); err == nil || !strings.Contains(err.Error(), "row 1") {
		t.Errorf("a nanosecond: %v", err)
	}
}

// TestTimesHaveOneTextInEveryFormat writes times and reads them, as texts or times.
func TestTimesHaveOneTextInEveryFormat(t *testing.T) {
	tab := made(t, []string{"when"}, []time.Time{time.UnixMicro(1_577_836_800_123_450), time.Unix(0, 0), time.Date(9999, 12, 31, 23, 59, 59, 999999000, time.UTC)})
	want := sameText(tab)
	dir := t.TempDir()
	kinds := table.Kinds{"when": table.String}
	for format, read := range map[string]func(path string) (table.Table, error){
		"csv": func(path string) (table.Table, error) {
			if err := tab.SaveCSV(t.Context(), path); err != nil {
				return tab, err
			}
			return table.ReadCSV(t.Context(), path, kinds)
		},
		"json": func(path string) (table.Table, error) {
			if err := tab.SaveJSON(t.Context(), path); err != nil {
				return tab, err
			}
			return table.ReadJSON(t.Context(), path)
		},
		"parquet": func(path string) (table.Table, error) {
			if err := tab.SaveParquet(t.Context(), path); err != nil {
				return tab, err
			}
			return table.ReadParquet(t.Context(), path)
		},
		"arrow": func(path string) (table.Table, error) {
			if err := tab.SaveIPC(t.Context(), path); err != nil {
				return tab, err
			}
			return table.ReadIPC(t.Context(), path)
		},
	} {
		got, err := read(filepath.Join(dir, "t."+format))
		if err != nil {
			t.Errorf("%s: %v", format, err)
			continue
		}
		texts, err := got.Cast("when", table.String).Strings("when")
		own, err2 := tab.Cast("when", table.String).Strings("when")
		if err != nil || err2 != nil || !reflect.DeepEqual(texts, own) {
			t.Errorf("%s: %q, want %q; errors %v, %v", format, texts, own, err, err2)
		}
		if back := got.Cast("when", table.Timestamp); sameText(back) != want {
			t.Errorf("%s: %v, want %v", format, back, tab)
		}
	}
	frame := gotatable.DataFrame(t.Context(), tab)
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
	tab, err := table.FromStructs(rows)
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"geo_id", "Town", "When", "nights", "price", "Rank"}; !reflect.DeepEqual(tab.Columns(), want) {
		t.Errorf("columns %v, want %v", tab.Columns(), want)
	}
	rows[0].note = 0
	back, err := table.Structs[stay](tab.With("more", func(table.Row) int { return 1 }))
	if err != nil || !reflect.DeepEqual(back, rows) {
		t.Errorf("%+v, want %+v; error %v", back, rows, err)
	}
	if none, err := table.FromStructs([]stay(nil)); err != nil || none.Rows() != 0 || len(none.Columns()) != 6 {
		t.Errorf("no rows: %v, error %v", none, err)
	}
}

// Region and hidden are embedded by pointers, one of which Go lets nobody set.
type Region struct{ Province string }

type hidden struct{ Secret string }

func TestEmbeddedPointers(t *testing.T) {
	type at struct {
		*Region
		N int
	}
	type apart struct {
		N       int
		*Region `table:"-"`
	}
	type closed struct {
		*hidden
		N int
	}
	rows := []at{{&Region{"Ontario"}, 1}, {&Region{"Quebec"}, 2}}
	tab, err := table.FromStructs(rows)
	if err != nil || !reflect.DeepEqual(tab.Columns(), []string{"Province", "N"}) {
		t.Fatalf("columns of %v, error %v", tab, err)
	}
	if back, err := table.Structs[at](tab); err != nil || !reflect.DeepEqual(back, rows) {
		t.Errorf("%+v, want %+v; error %v", back, rows, err)
	}
	some, err := table.FromStructs([]at{{nil, 1}})
	if err != nil || some.WhereNull("Province").Rows() != 1 {
		t.Errorf("a nil pointer: %v, error %v", some, err)
	}
	if left, err := table.FromStructs([]apart{{1, &Region{"Ontario"}}}); err != nil || !reflect.DeepEqual(left.Columns(), []string{"N"}) {
		t.Errorf("what is left out: %v, error %v", left, err)
	}
	if _, err := table.Structs[closed](tab.Rename("Province", "Secret")); err == nil || !strings.Contains(err.Error(), "export its name") {
		t.Errorf("an embedded pointer that cannot be set: error %v", err)
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
		"300 is not exactly a int8":      errOf(table.Structs[small](ints)),
		"-1 is not exactly a uint64":     errOf(table.Structs[unsigned](made(t, []string{"N"}, []int64{-1}))),
		"0.1 is not exactly a float32":   errOf(table.Structs[narrow](made(t, []string{"N"}, []float64{0.1}))),
		"holds int values":               errOf(table.Structs[text](ints)),
		`no column "N"`:                  errOf(table.Structs[text](ints.Rename("N", "M"))),
		"make the field a *int8":         errOf(table.Structs[small](nulls)),
		"leave it out":                   errOf(table.Structs[odd](ints)),
		"is no struct":                   errOf(table.Structs[int](ints)),
		"18446744073709551615 is beyond": errOf(table.FromStructs([]bigger{{1}, {math.MaxUint64}})),
		"is not UTF-8":                   errOf(table.FromStructs([]text{{"\xff"}})),
		"has no exported fields":         errOf(table.FromStructs([]struct{ n int }{{1}})),
		"finer than the microseconds":    errOf(table.FromStructs([]struct{ T time.Time }{{time.Unix(0, 1)}})),
		`cannot have two columns named "N`: errOf(table.FromStructs([]struct {
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
	tab := made(t, []string{"k", "n", "real"}, []string{"a", "b"}, []int{1, 2}, []float64{1, 2})
	var none func(table.Row) int64
	for complaint, got := range map[string]table.Table{
		"computes no column":                      tab.With("x", func(int) int { return 1 }),
		"<nil> computes no column":                tab.With("x", nil),
		`no column "nn"`:                          tab.With("x", func(r table.Row) int64 { return r.Int("nn") }),
		`column "n" holds int values, not time`:   tab.With("x", func(r table.Row) time.Time { return r.Time("n") }),
		"the function is nil":                     tab.With("x", none),
		`no column "x"`:                           tab.FillNull("x", 1),
		`column "n" holds int values: 0.5`:        tab.FillNull("n", 0.5),
		`column "k" holds string values: 1 (int)`: tab.FillNull("k", 1),
		"must not be negative":                    tab.GroupBy("k").First(-1),
		"name at least one column to order by":    tab.GroupBy("k").Top(1),
		"name at least one column to group by":    tab.GroupBy().Top(1, "n"),
		"rename the column":                       tab.Rename("n", "count").ValueCounts("count"),
		"name at least one column to join on":     tab.Join(tab),
		`right table: no column "m"`:              tab.SemiJoin(tab, "n=m"),
		"a column is named twice":                 tab.Join(tab, "k", "k"),
		"holds int values in the left table":      tab.AntiJoin(tab, "n=k"),
		"right table: select: no column":          tab.OuterJoin(tab.Select("nothing"), "n"),
	} {
		if err := got.Err(); err == nil || !strings.Contains(err.Error(), complaint) {
			t.Errorf("got %v, want %q", err, complaint)
		}
	}
	if _, err := table.ConcatByName(tab, tab.Cast("n", table.String)); err == nil || !strings.Contains(err.Error(), "cast one of them") {
		t.Errorf("two kinds: %v", err)
	}
	if got := tab.With("k", func(r table.Row) float64 { return r.Float("real") / 2 }); strings.Join(got.Columns(), " ") != "k n real" || got.Err() != nil {
		t.Errorf("in the place of a column: %v", got)
	}
	if got := tab.Rename("n", "a=b").Join(tab.Rename("n", "a=b"), "a=b"); got.Err() != nil || got.Rows() != 2 {
		t.Errorf("a name with = in it: %v", got)
	}
	empty := tab.Head(0)
	for _, got := range []table.Table{empty.With("x", func(table.Row) string { return "" }), empty.GroupBy("k").Top(2, "n"), empty.ValueCounts("k"), empty.OuterJoin(empty, "k", "n"), empty.Cast("n", table.String), empty.DropNulls()} {
		if got.Err() != nil || got.Rows() != 0 {
			t.Errorf("of no rows: %v", got)
		}
	}
}
