package spark_test

import (
	"flag"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"locuslab/locuskit/spark"
	"locuslab/locuskit/table"
)

// Names as no SQL would take them.
var names = []string{"key", "a.b", "back`tick", `quo"te'd`, "c0", "o0", "*", "a; drop table x --", "Ключ", "KEY", "_v0", "-minus", " ", "_metadata.row_index", "${x}"}

// randomTable has integers, floats, strings and bools, under odd names, with nulls, NaNs, infinities and zeros of both signs.
func randomTable(t testing.TB, r *rand.Rand, rows int) (tab table.Table, ints, floats, texts, flags string) {
	t.Helper()
	picked := r.Perm(len(names))
	ints, floats, texts, flags = names[picked[0]], names[picked[1]], names[picked[2]], names[picked[3]]
	b := table.NewBuilder()
	i, f, s, y := b.Ints(ints), b.Floats(floats), b.Strings(texts), b.Bools(flags)
	nulls := []float64{0, 0.1, 0.9}[r.IntN(3)]
	span := []int64{3, 1000, 1 << 40, 1 << 62}[r.IntN(4)]
	odd := r.IntN(2) == 0
	for range rows {
		if r.Float64() < nulls {
			i.AppendNull()
		} else {
			i.Append(r.Int64N(span) - r.Int64N(span))
		}
		v := math.Round(r.NormFloat64()*1e3) / 8
		switch n := r.IntN(30); {
		case odd && n == 0:
			v = math.NaN()
		case odd && n == 1:
			v = math.Inf(1)
		case odd && n == 2:
			v = math.Inf(-1)
		case n == 3:
			v = math.Copysign(0, -1)
		case n == 4:
			v = 0
		}
		if r.Float64() < nulls {
			f.AppendNull()
		} else {
			f.Append(v)
		}
		if r.Float64() < nulls {
			s.AppendNull()
		} else {
			s.Append([]string{"", "K", "ключ", "'; --", "日本", "a much longer key than eight bytes"}[r.IntN(6)] + strings.Repeat("x", r.IntN(3)))
		}
		if r.Float64() < nulls {
			y.AppendNull()
		} else {
			y.Append(r.IntN(2) == 0)
		}
	}
	tab, err := b.Table()
	if err != nil {
		t.Fatal(err)
	}
	return tab, ints, floats, texts, flags
}

// TestEqualToTable holds random queries to what package table answers.
func TestEqualToTable(t *testing.T) {
	c := connect(t)
	ctx := t.Context()
	for seed := firstSeed(); seed < firstSeed()+*rounds; seed++ {
		r := rand.New(rand.NewPCG(seed, 16))
		rows := []int{2000, 0, 40, 1}[seed%4]
		tab, ints, floats, texts, flags := randomTable(t, r, rows)
		path := filepath.Join(t.TempDir(), "a [b] {c} *?.parquet")
		if err := tab.SaveParquet(ctx, path); err != nil {
			t.Fatal(err)
		}
		for source, f := range map[string]spark.Frame{"file": c.ScanParquet(path), "memory": c.FromTable(tab)} {
			if source == "memory" && seed%4 == 0 { // of many rows the file is enough
				continue
			}
			what := func(query string) string {
				return fmt.Sprintf("seed %d, %s, %s of %q %q %q %q", seed, source, query, ints, floats, texts, flags)
			}
			for _, keys := range some(r, 1, [][]string{{texts}, {flags, ints}, {floats}}) {
				q := []float64{0, 0.5, 0.995, 1, r.Float64()}[r.IntN(5)]
				aggregates := []table.Aggregate{
					table.Count(floats).As("count"), table.Min(floats).As("min"), table.Max(floats).As("max"), table.Mean(ints).As("mean of ints"),
					table.Min(texts).As("first text"), table.Max(flags).As("last flag"), table.Min(ints).As("least"), table.Max(ints).As("most"),
					table.NUnique(floats).As("distinct floats"), table.NUnique(texts).As("distinct texts"), table.NUnique(ints).As("distinct ints"),
					table.Sum(floats).As("sum"), table.Mean(floats).As("mean"), table.Std(floats).As("std"), table.Quantile(floats, q).As("quantile"),
					table.Quantile(ints, q).As("quantile of ints"), table.Std(ints).As("std of ints"),
				}
				want := tab.GroupBy(keys...).Agg(aggregates...)
				got, err := f.GroupBy(keys...).Agg(ctx, aggregates...)
				compare(t, what("group by "+strings.Join(keys, ", ")), got, err, want)
			}
			want := tab.GroupBy(texts).Agg(table.Sum(ints))
			got, err := f.GroupBy(texts).Agg(ctx, table.Sum(ints))
			compare(t, what("sum of ints"), got, err, want)

			for _, cond := range some(r, 3, conditions(r, ints, floats, texts, flags)) {
				want := tab.Where(cond.name, cond.op, cond.value)
				got, err := f.Where(cond.name, cond.op, cond.value).Table(ctx)
				compare(t, what(fmt.Sprintf("where %q %s %v", cond.name, cond.op, cond.value)), got, err, want)
			}
			want = tab.WhereIn(texts, "K", "'; --", "ключx").WhereNotNull(floats).Select(floats, texts)
			got, err = f.WhereIn(texts, "K", "'; --", "ключx").WhereNotNull(floats).Select(floats, texts).Table(ctx)
			compare(t, what("where in"), got, err, want)

			for _, keys := range some(r, 1, [][]string{{"-" + floats}, {texts, "-" + ints}, {flags, floats}}) {
				if slices.ContainsFunc(keys, func(k string) bool { return slices.Contains(tab.Columns(), k) && strings.HasPrefix(k, "-") }) {
					continue
				}
				n := r.IntN(20)
				want := tab.Sort(keys...).Head(n)
				got, err := f.Sort(keys...).Head(n).Table(ctx)
				compare(t, what(fmt.Sprintf("sort by %q, head %d", keys, n)), got, err, want)
			}
			want = tab.Sort(floats).Where(ints, ">=", 0)
			got, err = f.Sort(floats).Where(ints, ">=", 0).Table(ctx)
			compare(t, what("sort"), got, err, want)
			compare(t, what("head"), must(t)(f.Head(5).Table(ctx)), nil, tab.Head(5))

			for _, name := range []string{ints, floats} {
				q := r.Float64()
				want, wantErr := tab.Quantile(name, q)
				got, err := f.Quantile(ctx, name, q)
				if (err == nil) != (wantErr == nil) || err == nil && !near(got, want, math.Abs(want)*0x1p-50) {
					t.Errorf("%s: %v, %v; want %v, %v", what(fmt.Sprintf("quantile %v of %q", q, name)), got, err, want, wantErr)
				}
			}
			if n, err := f.NUnique(ctx, floats); err != nil || n != mustInt(t)(tab.NUnique(floats)) {
				t.Errorf("%s: %d, %v", what("distinct"), n, err)
			}
			if n, err := f.Rows(ctx); err != nil || n != tab.Rows() {
				t.Errorf("%s: %d rows, %v; want %d", what("rows"), n, err, tab.Rows())
			}
		}
	}
}

// Each table costs some ten queries.
var (
	rounds    = flag.Uint64("rounds", 2, "random tables that queries are tried on")
	seedGiven = flag.Uint64("seed", 0, "seed of the first random table; 0 for large and small ones by turns, by the day")
)

// firstSeed returns the seed of the first table.
func firstSeed() uint64 {
	if *seedGiven != 0 {
		return *seedGiven
	}
	return uint64(time.Now().YearDay()) % 2 * *rounds
}

// some returns n of a list, at random.
func some[T any](r *rand.Rand, n int, list []T) []T {
	r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	return list[:n]
}

func must(t *testing.T) func(table.Table, error) table.Table {
	return func(tab table.Table, err error) table.Table {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return tab
	}
}

func mustInt(t *testing.T) func(int, error) int {
	return func(n int, err error) int {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
}

type condition struct {
	name, op string
	value    any
}

// conditions are some of all that could be asked.
func conditions(r *rand.Rand, ints, floats, texts, flags string) []condition {
	ops := []string{"==", "!=", "<", "<=", ">", ">="}
	op := func() string { return ops[r.IntN(len(ops))] }
	return []condition{
		{ints, op(), r.IntN(5) - 2}, {ints, op(), r.Float64()*4 - 2}, {ints, op(), []float64{math.NaN(), math.Inf(1), 1e300, -1e300, 0x1p63, -0x1p63}[r.IntN(6)]},
		{floats, op(), 0.0}, {floats, op(), int64(1)}, {floats, op(), []float64{math.NaN(), math.Inf(1), math.Inf(-1)}[r.IntN(3)]},
		{texts, op(), []string{"", "K", "'; --", "ключ", "日"}[r.IntN(5)]}, {flags, ops[r.IntN(2)], r.IntN(2) == 0},
	}
}

// TestJoinsEqualToTable holds joins to what package table answers.
func TestJoinsEqualToTable(t *testing.T) {
	c := connect(t)
	ctx := t.Context()
	for seed := firstSeed(); seed < firstSeed()+*rounds/2; seed++ {
		r := rand.New(rand.NewPCG(seed, 17))
		left, ints, floats, texts, flags := randomTable(t, r, 60)
		right := left.Slice(20, 60).Sort("-"+texts).Rename(ints, "other").Select(texts, "other", floats, flags)
		path := filepath.Join(t.TempDir(), "left.parquet")
		if err := left.SaveParquet(ctx, path); err != nil {
			t.Fatal(err)
		}
		f, g := c.ScanParquet(path), c.FromTable(right)
		for _, keys := range [][]string{{texts}, {floats}, {texts, flags}, {ints + "=other"}} {
			joins := map[string]func() (spark.Frame, table.Table){
				"join":       func() (spark.Frame, table.Table) { return f.Join(g, keys...), left.Join(right, keys...) },
				"left join":  func() (spark.Frame, table.Table) { return f.LeftJoin(g, keys...), left.LeftJoin(right, keys...) },
				"outer join": func() (spark.Frame, table.Table) { return f.OuterJoin(g, keys...), left.OuterJoin(right, keys...) },
				"semi join":  func() (spark.Frame, table.Table) { return f.SemiJoin(g, keys...), left.SemiJoin(right, keys...) },
				"anti join":  func() (spark.Frame, table.Table) { return f.AntiJoin(g, keys...), left.AntiJoin(right, keys...) },
			}
			for _, name := range some(r, 2, slices.Sorted(maps.Keys(joins))) {
				frame, want := joins[name]()
				got, err := frame.Table(ctx)
				compare(t, fmt.Sprintf("seed %d, %s on %q", seed, name, keys), got, err, want)
			}
		}
		// A source joined with itself, twice, and what is computed of that.
		one := f.Select(texts)
		self := one.Join(one, texts).Join(one, texts).GroupBy(texts).Agg
		got, err := self(ctx, table.Count(texts).As("n"))
		lefts := left.Select(texts)
		compare(t, "self join", got, err, lefts.Join(lefts, texts).Join(lefts, texts).GroupBy(texts).Agg(table.Count(texts).As("n")))
	}
}

// compare holds a result to what package table computes: names, kinds, rows and their order, null for null, and floats
// within the bound that spark.Groups.Agg states, or equal where they are no figure of it.
func compare(t *testing.T, what string, got table.Table, err error, want table.Table) {
	t.Helper()
	if (err == nil) != (want.Err() == nil) {
		t.Errorf("%s: %v; package table says %v", what, err, want.Err())
		return
	}
	if err != nil {
		return
	}
	if got.Rows() != want.Rows() || !slices.Equal(got.Columns(), want.Columns()) {
		t.Errorf("%s: %d rows of %q, want %d of %q", what, got.Rows(), got.Columns(), want.Rows(), want.Columns())
		return
	}
	for _, name := range want.Columns() {
		kind, _ := got.Kind(name)
		if wanted, _ := want.Kind(name); kind != wanted {
			t.Errorf("%s: column %q holds %s values, want %s", what, name, kind, wanted)
			return
		}
	}
	others := make([]table.Row, 0, want.Rows())
	for _, row := range want.All() {
		others = append(others, row)
	}
	for i, row := range got.All() {
		for _, name := range want.Columns() {
			a, b := row.Value(name), others[i].Value(name)
			x, isFloat := a.(float64)
			y, both := b.(float64)
			if isFloat && both && near(x, y, tolerance(name, others[i])) {
				continue
			}
			if a != b {
				t.Errorf("%s: row %d, column %q: %v, want %v", what, i, name, a, b)
				return
			}
		}
	}
}

// tolerance is the bound of a figure of a group, of the aggregates that TestEqualToTable asks for.
func tolerance(name string, row table.Row) float64 {
	largest := func(columns ...string) float64 {
		v := 0.0
		for _, c := range columns {
			if !row.IsNull(c) {
				v = max(v, math.Abs(row.Float(c)))
			}
		}
		return v
	}
	const most = 3000 // values
	switch name {
	case "sum":
		n := float64(row.Int("count"))
		return n * 0x1p-52 * n * largest("min", "max")
	case "mean":
		return float64(row.Int("count")) * 0x1p-52 * largest("min", "max")
	case "std":
		return float64(row.Int("count")) * 0x1p-50 * largest("min", "max")
	case "quantile":
		return 0x1p-51 * largest("min", "max")
	case "std of ints":
		return most * 0x1p-50 * largest("least", "most")
	case "quantile of ints":
		return 0x1p-51 * largest("least", "most")
	}
	return 0
}

func near(a, b, within float64) bool {
	return a == b || math.IsNaN(a) && math.IsNaN(b) || math.Abs(a-b) <= within
}
