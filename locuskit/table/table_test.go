package table_test

import (
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"locuslab/locuskit/table"
)

var (
	sizes      = []int{0, 1, 2, 100, 3000}
	tablesEach = flag.Uint64("tables", 4, "random tables of each size that operations are tried on")
	firstSeed  = flag.Uint64("seed", 0, "seed of the first random table; 0 for others every day")
)

// seeds yields the seeds of n random tables.
func seeds(n uint64) func(yield func(uint64) bool) {
	first := *firstSeed
	if first == 0 {
		first = uint64(time.Now().Unix()/(24*60*60)) * n
	}
	return func(yield func(uint64) bool) {
		for seed := first; seed < first+n && yield(seed); seed++ {
		}
	}
}

// each runs f on random tables of several sizes and shapes.
func each(t *testing.T, f func(t *testing.T, r *rand.Rand, tab table.Table)) {
	for _, rows := range sizes {
		for seed := range seeds(*tablesEach) {
			t.Run(fmt.Sprintf("%d rows seed %d", rows, seed), func(t *testing.T) {
				r := rand.New(rand.NewPCG(seed, uint64(rows)))
				f(t, r, randomTable(t, r, rows))
			})
		}
	}
}

func TestAggregatesAgreeWithPlainLoops(t *testing.T) {
	keySets := [][]string{{"key"}, {"number"}, {"real"}, {"flag"}, {"key", "small"}, {"number", "key", "real"}, {"small", "flag", "key"}}
	each(t, func(t *testing.T, r *rand.Rand, tab table.Table) {
		keys := keySets[r.IntN(len(keySets))]
		q := r.Float64()
		got := tab.GroupBy(keys...).Agg(
			table.Sum("small").As("sum"), table.Sum("real").As("rsum"), table.Mean("number").As("mean"),
			table.Count("real").As("count"), table.Min("key").As("min"), table.Max("real").As("max"),
			table.Std("small").As("std"), table.Median("number").As("median"),
			table.Quantile("small", q).As("q"), table.NUnique("key").As("distinct"))
		if err := got.Err(); err != nil {
			t.Fatal(err)
		}
		want := naiveGroups(records(tab), keys)
		if got.Rows() != len(want) {
			t.Fatalf("grouped by %v: %d groups, want %d", keys, got.Rows(), len(want))
		}
		for i, g := range records(got) {
			for _, k := range keys {
				if compareValues(g[k], want[i][0][k]) != 0 {
					t.Fatalf("group %d: key %s is %v, want %v", i, k, g[k], want[i][0][k])
				}
			}
			for name, w := range naiveFigures(want[i], q) {
				if !sameFigure(g[name], w) {
					t.Errorf("group %d of %v: %s is %v, want %v", i, keys, name, g[name], w)
				}
			}
		}
	})
}

func naiveFigures(g []record, q float64) record {
	small, number, real := toFloats(present(g, "small")), toFloats(present(g, "number")), toFloats(present(g, "real"))
	total := func(v []float64) (s float64) {
		for _, x := range v {
			s += x
		}
		return s
	}
	out := record{"sum": int64(total(small)), "count": int64(len(real)), "rsum": nil, "mean": nil, "min": nil, "max": nil, "std": nil, "median": nil}
	if len(real) > 0 {
		out["rsum"] = total(real)
		out["max"] = slices.MaxFunc(real, func(a, b float64) int { return compareValues(a, b) })
	}
	if len(number) > 0 {
		out["mean"] = total(number) / float64(len(number))
		out["median"] = naiveQuantile(number, 0.5)
	}
	if n := float64(len(small)); n > 1 {
		var squares float64
		for _, v := range small {
			squares += (v - total(small)/n) * (v - total(small)/n)
		}
		out["std"] = math.Sqrt(squares / (n - 1))
	}
	out["q"] = naiveQuantile(small, q)
	keys := present(g, "key")
	distinct := make(map[any]bool)
	for _, k := range keys {
		distinct[k] = true
	}
	out["distinct"] = int64(len(distinct))
	if len(keys) > 0 {
		out["min"] = slices.MinFunc(keys, compareValues)
	}
	return out
}

func sameFigure(a, b any) bool {
	x, ok := a.(float64)
	y, ok2 := b.(float64)
	if ok && ok2 {
		return near(x, y)
	}
	return a == b
}

func TestSortIsStableAndComplete(t *testing.T) {
	orders := [][]string{{"key"}, {"-number", "key"}, {"real"}, {"-real", "-key"}, {"flag", "-small", "number"}, {"number", "real", "key"}}
	each(t, func(t *testing.T, r *rand.Rand, tab table.Table) {
		keys := orders[r.IntN(len(orders))]
		want := records(tab.WithIndex("row"))
		slices.SortStableFunc(want, func(a, b record) int {
			for _, k := range keys {
				down := k[0] == '-'
				name := k
				if down {
					name = k[1:]
				}
				x, y := a[name], b[name]
				c := compareValues(x, y)
				if nan := isNaN(x) || isNaN(y); down && x != nil && y != nil && !nan {
					c = -c
				}
				if c != 0 {
					return c
				}
			}
			return 0
		})
		got := tab.WithIndex("row").Sort(keys...)
		if got.Err() != nil {
			t.Fatal(got.Err())
		}
		for i, g := range records(got) {
			if g["row"] != want[i]["row"] {
				t.Fatalf("sorted by %v: place %d has row %v, want %v", keys, i, g["row"], want[i]["row"])
			}
		}
	})
}

func isNaN(v any) bool {
	f, ok := v.(float64)
	return ok && math.IsNaN(f)
}

func TestWhereUniqueQuantileAgreeWithPlainLoops(t *testing.T) {
	each(t, func(t *testing.T, r *rand.Rand, tab table.Table) {
		rows := records(tab)
		limit := r.NormFloat64() * 100
		var want int
		for _, x := range rows {
			if f, ok := x["real"].(float64); ok && f > limit {
				want++
			}
		}
		if got := tab.Where("real", ">", limit); got.Err() != nil || got.Rows() != want {
			t.Errorf("real > %v: %d rows, want %d (%v)", limit, got.Rows(), want, got.Err())
		}
		whole := 0
		for _, x := range rows {
			if v, ok := x["number"].(int64); ok && float64(v) <= limit {
				whole++
			}
		}
		if got := tab.Where("number", "<=", limit); got.Rows() != whole {
			t.Errorf("number <= %v: %d rows, want %d", limit, got.Rows(), whole)
		}
		if got := tab.Filter(func(r table.Row) bool { return r.Int("number") <= 0 && !r.IsNull("key") }); got.Err() != nil {
			t.Error(got.Err())
		}
		for _, name := range tab.Columns() {
			groups := naiveGroups(rows, []string{name})
			if got := tab.Unique(name); got.Rows() != len(groups) {
				t.Errorf("unique %s: %d, want %d", name, got.Rows(), len(groups))
			}
			distinct := len(groups)
			if len(present(rows, name)) < len(rows) {
				distinct--
			}
			if got, err := tab.NUnique(name); err != nil || got != distinct {
				t.Errorf("distinct %s: %d, want %d (%v)", name, got, distinct, err)
			}
		}
		for _, name := range []string{"number", "real"} {
			values := toFloats(present(rows, name))
			got, err := tab.Quantile(name, 0.3)
			if len(values) == 0 {
				if err == nil {
					t.Errorf("quantile of no values of %s gives no error", name)
				}
				continue
			}
			if w := naiveQuantile(values, 0.3); err != nil || !near(got, w) {
				t.Errorf("quantile of %s is %v, want %v (%v)", name, got, w, err)
			}
		}
	})
}

func TestJoinAgreesWithPlainLoops(t *testing.T) {
	each(t, func(t *testing.T, r *rand.Rand, left table.Table) {
		right := randomTable(t, r, min(left.Rows(), 200))
		key := []string{"key", "number", "real", "small"}[r.IntN(4)]
		left, right = left.Head(300), right.Select(key, "flag")
		var inner, outer []string
		for i, a := range records(left) {
			found := false
			for k, b := range records(right) {
				if a[key] != nil && b[key] != nil && compareValues(a[key], b[key]) == 0 {
					inner = append(inner, fmt.Sprint(i, k))
					outer = append(outer, fmt.Sprint(i, k))
					found = true
				}
			}
			if !found {
				outer = append(outer, fmt.Sprint(i, nil))
			}
		}
		for _, form := range []struct {
			got  table.Table
			want []string
		}{
			{left.WithIndex("l").Join(right.WithIndex("r"), key), inner},
			{left.WithIndex("l").LeftJoin(right.WithIndex("r"), key), outer},
		} {
			var got []string
			for _, x := range records(form.got) {
				got = append(got, fmt.Sprint(x["l"], x["r"]))
			}
			if form.got.Err() != nil || !slices.Equal(got, form.want) {
				t.Errorf("joined on %s: %d rows, want %d (%v)", key, len(got), len(form.want), form.got.Err())
			}
		}
	})
}

func TestDescribeHasTheMeanOfInfinities(t *testing.T) {
	values := make([]float64, 300_000) // several chunks, each with an infinity
	for i := range values {
		if values[i] = 1; i%50_000 == 0 {
			values[i] = math.Inf(1)
		}
	}
	tab, err := table.New([]string{"x"}, values)
	if err != nil {
		t.Fatal(err)
	}
	if mean := records(tab.Describe())[0]["mean"]; mean != math.Inf(1) {
		t.Errorf("mean %v", mean)
	}
}

func TestTextsThatAreNotUTF8AreRefused(t *testing.T) {
	if _, err := table.New([]string{"k"}, []string{"a", "caf\xe9"}); err == nil || !strings.Contains(err.Error(), `column "k", row 2: "caf\xe9" is not UTF-8`) {
		t.Errorf("error %v", err)
	}
}
