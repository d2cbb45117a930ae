package locuskit_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"locuslab/locuskit"
)

// largeTable is large enough for the parallel forms to use several goroutines
// and several chunks.
var largeTable = sync.OnceValue(func() locuskit.Table {
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
	t, err := locuskit.ParseCSV(context.Background(), &b, "large.csv")
	if err != nil {
		panic(err)
	}
	return t
})

// operations is every operation of a table, as text that tells all values apart.
var operations = map[string]func(t locuskit.Table) string{
	"GroupSum": func(t locuskit.Table) string { return sameText(t.GroupSum("key", "real")) },
	"Agg": func(t locuskit.Table) string {
		return sameText(t.GroupBy("few", "key").Agg(locuskit.Sum("real"), locuskit.Mean("real"), locuskit.Std("real"), locuskit.Std("number"),
			locuskit.Min("real"), locuskit.Max("key"), locuskit.Median("real"), locuskit.NUnique("number"), locuskit.Count("real")))
	},
	"Agg of many groups": func(t locuskit.Table) string {
		return sameText(t.GroupBy("number", "key").Agg(locuskit.Sum("real")))
	},
	"Sort":  func(t locuskit.Table) string { return sameText(t.Sort("few", "-real", "key")) },
	"Where": func(t locuskit.Table) string { return sameText(t.Where("real", ">", 0.5)) },
	"Filter": func(t locuskit.Table) string {
		return sameText(t.Filter(func(r locuskit.Row) bool { return r.Bool("flag") }))
	},
	"Unique":   func(t locuskit.Table) string { return sameText(t.Unique("key")) + sameText(t.Unique("number")) },
	"Describe": func(t locuskit.Table) string { return sameText(t.Describe()) + sameText(t.Means()) },
	"Join": func(t locuskit.Table) string {
		return sameText(t.LeftJoin(t.GroupSum("key", "number").Where("number", ">", 1<<41), "key"))
	},
	"Quantile": func(t locuskit.Table) string {
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
			for _, workers := range []locuskit.Workers{1, 2, 3, 8} {
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
	for _, table := range []locuskit.Table{largeTable().Parallel(locuskit.Context(ctx)), largeTable().Sequential(locuskit.Context(ctx))} {
		for name, got := range map[string]locuskit.Table{
			"group by": table.GroupSum("key", "real"), "sort": table.Sort("key"), "where": table.Where("few", "==", 1),
			"unique": table.Unique("key"), "join": table.Join(largeTable().Unique("key"), "key"), "describe": table.Describe(),
		} {
			if err := got.Err(); !errors.Is(err, stop) || !strings.Contains(fmt.Sprint(err), name) {
				t.Errorf("%s cancelled: %v", name, err)
			}
		}
		if _, err := table.Quantile("real", 0.5); !errors.Is(err, stop) {
			t.Errorf("quantile cancelled: %v", err)
		}
	}
}

func TestExplainSaysWhatRanHow(t *testing.T) {
	large, small := largeTable(), largeTable().Head(1000)
	for want, got := range map[string]locuskit.Table{
		"parallel: 400000 rows in 4 chunks of 131072 on 2 goroutines": large.GroupSumParallel("few", "number", locuskit.Workers(2)),
		"sequential: 400000 rows":                                     large.GroupSum("few", "number"),
		"sequential: 1000 rows are fewer than the 65536":              small.GroupSumParallel("few", "number", locuskit.Workers(2)),
	} {
		if !strings.Contains(got.Explain(), want) {
			t.Errorf("Explain says %q, want %q", got.Explain(), want)
		}
	}
}

func TestFailuresStayInTheTable(t *testing.T) {
	table := largeTable()
	for want, got := range map[string]locuskit.Table{
		`no column "visits": the table has key, number`:            table.Sort("visits").Head(3).GroupSum("key", "number"),
		`group by key: real_sum: column "key" holds string values`: table.GroupBy("key").Agg(locuskit.Sum("key").As("real_sum")),
		`a quantile is between 0 and 1, not 2`:                     table.GroupBy("key").Agg(locuskit.Quantile("real", 2)),
		`no comparison "~"`:                                        table.Where("real", "~", 1),
		`cannot be compared to x (string)`:                         table.Where("real", ">", "x"),
		`two columns named "key"`:                                  table.Rename("number", "key"),
		`column "key" is named twice`:                              table.Select("key", "key"),
		`holds string values in the left table and int`:            table.Join(table.Drop("key").Rename("number", "key"), "key"),
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
	table, err := locuskit.NewTable([]string{"k", "v"}, []string{"a", "a", "b", "b"}, []int64{big, big, big, -big})
	if err != nil {
		t.Fatal(err)
	}
	if err := table.GroupSum("k", "v").Err(); err == nil || !strings.Contains(err.Error(), "beyond int64") {
		t.Errorf("sum of 2^63: %v", err)
	}
	if got := table.Where("k", "==", "b").GroupSum("k", "v"); got.Err() != nil || sameText(got) != "[k v] <nil>\n\"b\" 0 \n" {
		t.Errorf("sums that meet in range: %v", got)
	}
	if got := table.GroupBy("k").Agg(locuskit.Mean("v").As("m")); sameText(got) == "" || got.Err() != nil {
		t.Errorf("means: %v", got)
	}
}

func TestPanicOfACallbackReachesTheCaller(t *testing.T) {
	for name, table := range map[string]locuskit.Table{"sequential": largeTable(), "parallel": largeTable().Parallel(locuskit.Workers(3))} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				err, _ := recover().(error)
				var index interface{ RuntimeError() }
				if !errors.As(err, &index) || !strings.Contains(err.Error(), "index out of range [3]") {
					t.Errorf("recovered %v", err)
				}
				if name == "parallel" && !strings.Contains(err.Error(), "(at parallel_test.go:") {
					t.Errorf("%v does not say where", err)
				}
			}()
			few := make([]int, 3)
			table.Filter(func(r locuskit.Row) bool { return few[r.Int("few")] == 0 })
			t.Error("Filter returned")
		})
	}
}
