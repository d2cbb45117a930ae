package table_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"regexp"
	"strings"
	"sync"
	"testing"

	"locuslab/locuskit/table"
)

// largeTable is large enough for the parallel forms to use several goroutines
// and several chunks.
var largeTable = sync.OnceValue(func() table.Table {
	r := rand.New(rand.NewPCG(7, 7))
	var b bytes.Buffer
	b.WriteString("key,number,real,flag,few\n")
	for i := range 400_000 {
		real := fmt.Sprintf("%.3f", r.NormFloat64()*1e6)
		if i%1000 == 0 {
			real = ""
		}
		fmt.Fprintf(&b, "K%d,%d,%s,%v,%d\n", int(r.ExpFloat64()*2000), r.Int64N(1<<40), real, i%3 == 0, r.IntN(9))
	}
	t, err := table.ParseCSV(context.Background(), &b, "large.csv")
	if err != nil {
		panic(err)
	}
	return t
})

// operations is every operation of a table, as text that tells all values apart.
var operations = map[string]func(t table.Table) string{
	"GroupSum": func(t table.Table) string { return sameText(t.GroupSum("key", "real")) },
	"Agg": func(t table.Table) string {
		return sameText(t.GroupBy("few", "key").Agg(table.Sum("real"), table.Mean("real"), table.Std("real"), table.Std("number"),
			table.Min("real"), table.Max("key"), table.Median("real"), table.NUnique("number"), table.Count("real")))
	},
	"Agg of many groups": func(t table.Table) string {
		return sameText(t.GroupBy("number", "key").Agg(table.Sum("real")))
	},
	"Sort":  func(t table.Table) string { return sameText(t.Sort("few", "-real", "key")) },
	"Where": func(t table.Table) string { return sameText(t.Where("real", ">", 0.5)) },
	"Filter": func(t table.Table) string {
		return sameText(t.Filter(func(r table.Row) bool { return r.Bool("flag") }))
	},
	"Unique":   func(t table.Table) string { return sameText(t.Unique("key")) + sameText(t.Unique("number")) },
	"Describe": func(t table.Table) string { return sameText(t.Describe()) + sameText(t.Means()) },
	"Join": func(t table.Table) string {
		return sameText(t.LeftJoin(t.GroupSum("key", "number").Where("number", ">", 1<<41), "key"))
	},
	"Quantile": func(t table.Table) string {
		a, err := t.Quantile("real", 0.995)
		b, err2 := t.Quantile("number", 0.1)
		n, err3 := t.NUnique("number")
		return fmt.Sprint(a, b, n, err, err2, err3)
	},
}

func TestParallelFormsEqualSequentialOnesToTheLastBit(t *testing.T) {
	for name, f := range operations {
		t.Run(name, func(t *testing.T) {
			want := f(largeTable())
			for _, workers := range []table.Workers{1, 2, 3, 8} {
				if f(largeTable().Parallel(workers)) != want {
					t.Errorf("%d workers give another result than the sequential form", workers)
				}
			}
		})
	}
}

func TestCancelledOperationsSaySo(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	stop := errors.New("the learner pressed stop")
	cancel(stop)
	for _, tab := range []table.Table{largeTable().Parallel(table.Context(ctx)), largeTable().Sequential(table.Context(ctx))} {
		for name, got := range map[string]table.Table{
			"group by": tab.GroupSum("key", "real"), "sort": tab.Sort("key"), "where": tab.Where("few", "==", 1),
			"unique": tab.Unique("key"), "join": tab.Join(largeTable().Unique("key"), "key"), "describe": tab.Describe(),
		} {
			if err := got.Err(); !errors.Is(err, stop) || !strings.Contains(fmt.Sprint(err), name) {
				t.Errorf("%s cancelled: %v", name, err)
			}
		}
		if _, err := tab.Quantile("real", 0.5); !errors.Is(err, stop) {
			t.Errorf("quantile cancelled: %v", err)
		}
	}
}

func TestExplainSaysWhatRanHow(t *testing.T) {
	large, small := largeTable(), largeTable().Head(1000)
	for want, got := range map[string]table.Table{
		"parallel: 400000 rows in 4 chunks of 131072 on 2 goroutines": large.GroupSumParallel("few", "number", table.Workers(2)),
		"sequential: 400000 rows":                                     large.GroupSum("few", "number"),
		"sequential: 1000 rows are fewer than the 65536":              small.GroupSumParallel("few", "number", table.Workers(2)),
	} {
		if !strings.Contains(got.Explain(), want) {
			t.Errorf("Explain says %q, want %q", got.Explain(), want)
		}
	}
}

func TestFailuresStayInTheTable(t *testing.T) {
	tab := largeTable()
	for want, got := range map[string]table.Table{
		`no column "visits": the table has key, number`:            tab.Sort("visits").Head(3).GroupSum("key", "number"),
		`group by key: real_sum: column "key" holds string values`: tab.GroupBy("key").Agg(table.Sum("key").As("real_sum")),
		`a quantile is between 0 and 1, not 2`:                     tab.GroupBy("key").Agg(table.Quantile("real", 2)),
		`no comparison "~"`:                                        tab.Where("real", "~", 1),
		`cannot be compared to x (string)`:                         tab.Where("real", ">", "x"),
		`two columns named "key"`:                                  tab.Rename("number", "key"),
		`column "key" is named twice`:                              tab.Select("key", "key"),
		`holds string values in the left table and int`:            tab.Join(tab.Drop("key").Rename("number", "key"), "key"),
	} {
		if err := got.Err(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
		if !strings.Contains(got.String(), "failed") || !strings.Contains(got.HTML(), "<t") {
			t.Errorf("a failed table shows as %q", got.String())
		}
	}
}

func TestSumsBeyondInt64AreErrorsNotWrongNumbers(t *testing.T) {
	const big = int64(1) << 62
	tab, err := table.New([]string{"k", "v"}, []string{"a", "a", "b", "b"}, []int64{big, big, big, -big})
	if err != nil {
		t.Fatal(err)
	}
	if err := tab.GroupSum("k", "v").Err(); err == nil || !strings.Contains(err.Error(), "beyond int64") {
		t.Errorf("sum of 2^63: %v", err)
	}
	if got := tab.Where("k", "==", "b").GroupSum("k", "v"); got.Err() != nil || sameText(got) != "[k v] <nil>\n\"b\" 0 \n" {
		t.Errorf("sums that meet in range: %v", got)
	}
	if got := tab.GroupBy("k").Agg(table.Mean("v").As("m")); sameText(got) == "" || got.Err() != nil {
		t.Errorf("means: %v", got)
	}
}

// TestSumsOfLargeIntegersAreExact has integers that floats do not hold, whose sum is small.
func TestSumsOfLargeIntegersAreExact(t *testing.T) {
	const rows = 200_000 // of several chunks
	values := make([]int64, rows)
	for i := range values {
		values[i] = math.MaxInt64 - int64(i/2) // and what is above it, negative
		if i%2 == 1 {
			values[i] = 1 - values[i-1]
		}
	}
	tab, err := table.New([]string{"v"}, values)
	if err != nil {
		t.Fatal(err)
	}
	valid := tab.With("n", func(r table.Row) (int64, bool) { return r.Int("v"), r.Index()%4 < 2 })
	for _, tab := range []table.Table{valid, valid.Parallel(table.Workers(3))} {
		if sum, err := tab.Sum("v"); err != nil || sum != rows/2 {
			t.Errorf("the sum is %v, %v, want %d", sum, err, rows/2)
		}
		if mean, err := tab.Mean("v"); err != nil || mean != 0.5 {
			t.Errorf("the mean is %v, %v, want 0.5", mean, err)
		}
		if sum, err := tab.Sum("n"); err != nil || sum != rows/4 {
			t.Errorf("the sum of those that are not null is %v, %v, want %d", sum, err, rows/4)
		}
		if got := tab.Where("v", ">", 0).GroupBy("v").Agg(table.Sum("v").As("s")); got.Err() != nil || got.Rows() != rows/2 {
			t.Errorf("groups: %v", got)
		}
	}
	if large, err := tab.Where("v", ">", 0).Sum("v"); err != nil || math.Abs(large-rows/2*math.MaxInt64) > 1e10*rows {
		t.Errorf("a sum beyond int64 is %v, %v", large, err)
	}
	if below, err := tab.Where("v", "<", 0).Sum("v"); err != nil || math.Abs(below+rows/2*math.MaxInt64) > 1e10*rows {
		t.Errorf("a sum below int64 is %v, %v", below, err)
	}
}

// outOfFew matches the panic of any row: of rows that panic at once on several goroutines, either's is told.
var outOfFew = regexp.MustCompile(`index out of range \[\d+\] with length 3`)

func TestPanicOfACallbackReachesTheCaller(t *testing.T) {
	for name, tab := range map[string]table.Table{"sequential": largeTable(), "parallel": largeTable().Parallel(table.Workers(3))} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				err, _ := recover().(error)
				var index interface{ RuntimeError() }
				if !errors.As(err, &index) || !outOfFew.MatchString(err.Error()) {
					t.Errorf("recovered %v", err)
				}
				if name == "parallel" && !strings.Contains(err.Error(), "(at parallel_test.go:") {
					t.Errorf("%v does not say where", err)
				}
			}()
			few := make([]int, 3)
			tab.Filter(func(r table.Row) bool { return few[r.Int("few")] == 0 })
			t.Error("Filter returned")
		})
	}
}
