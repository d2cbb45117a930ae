package table_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"locuslab/locuskit/table"
	"locuslab/locuskit/table/gotatable"
)

// longOperations returns all that can take long, on tables of so many rows: few keys and as many
// as rows, numbers and texts.
func longOperations(t testing.TB, rows int) map[string]func(ctx context.Context) error {
	t.Helper()
	dir := t.TempDir()
	r := rand.New(rand.NewPCG(1, 2))
	ids, few, reals, flags, names, keys := make([]int64, rows), make([]int64, rows), make([]float64, rows), make([]bool, rows), make([]string, rows), make([]string, rows)
	for i, p := range r.Perm(rows) {
		ids[i], few[i], reals[i], flags[i] = int64(p)<<20, r.Int64N(1000), r.NormFloat64(), p%3 == 0
		names[i], keys[i] = fmt.Sprintf("the name of row %d", p), fmt.Sprint("K", r.IntN(20_000))
	}
	tab := func(names []string, columns ...any) table.Table {
		got, err := table.New(names, columns...)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	whole := tab([]string{"id", "few", "real", "flag", "name", "key"}, ids, few, reals, flags, names, keys)
	whole = whole.LeftJoin(tab([]string{"few", "twice"}, few[:100], ids[:100]).GroupBy("few").Agg(table.Sum("twice").As("twice")), "few") // a column with nulls
	path := func(name string) string { return filepath.Join(dir, name) }
	must := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	must(whole.SaveCSV(t.Context(), path("csv")))
	must(whole.SaveParquet(t.Context(), path("parquet")))
	must(whole.SaveIPC(t.Context(), path("arrow")))
	must(whole.Drop("name").Head(rows/4).SaveJSON(t.Context(), path("json")))
	batch, err := whole.Record()
	must(err)
	narrow := narrowBatch(rows)
	frame := gotatable.DataFrame(t.Context(), whole.Select("id", "real", "flag", "key").Head(rows/4))
	must(frame.Err)
	right := whole.Select("id", "real", "name").Rename("real", "other")
	half := right.Sort("name").Head(rows / 2)
	pages := func(ctx context.Context) table.Stream {
		return table.ScanPages("pages", func(yield func(table.Table, error) bool) {
			for from := 0; from < rows && yield(whole.Slice(from, from+rows/8), nil); from += rows / 8 {
			}
		})
	}
	result := func(f func(table.Table) table.Table) func(context.Context) error {
		return func(ctx context.Context) error { return f(whole.Parallel(table.Context(ctx))).Err() }
	}
	group := func(aggregates []table.Aggregate, keys ...string) func(context.Context) error {
		return result(func(t table.Table) table.Table { return t.GroupBy(keys...).Agg(aggregates...) })
	}
	streamed := []table.Aggregate{table.Sum("real"), table.Mean("id"), table.Std("real"), table.Min("name").As("low"), table.Count("twice")}
	all := append(slices.Clone(streamed), table.Median("real"), table.NUnique("name"))
	return map[string]func(context.Context) error{
		"Where":      result(func(t table.Table) table.Table { return t.Where("real", ">", 0.1) }),
		"Where text": result(func(t table.Table) table.Table { return t.Where("name", ">", "the name of row 5") }),
		"WhereIn":    result(func(t table.Table) table.Table { return t.WhereIn("name", names[:1000]...) }),
		"Filter": result(func(t table.Table) table.Table {
			return t.Filter(func(r table.Row) bool { return r.Float("real") > 0.1 })
		}),
		"Sort":          result(func(t table.Table) table.Table { return t.Sort("-real") }),
		"Sort texts":    result(func(t table.Table) table.Table { return t.Sort("key", "-name", "twice") }),
		"Unique":        result(func(t table.Table) table.Table { return t.Unique("id") }),
		"Unique texts":  result(func(t table.Table) table.Table { return t.Unique("name") }),
		"GroupBy few":   group(all, "few"),
		"GroupBy texts": group(all, "name"),
		"GroupBy many":  group(all, "id", "key"),
		"GroupBy three": group(all, "flag", "twice", "real"),
		"Describe":      result(func(t table.Table) table.Table { return t.Describe() }),
		"Means":         result(func(t table.Table) table.Table { return t.Means() }),
		"Join one":      result(func(t table.Table) table.Table { return t.Join(right, "id") }),
		"Join texts":    result(func(t table.Table) table.Table { return t.LeftJoin(half, "name") }),
		"Join two": result(func(t table.Table) table.Table {
			return t.Join(right.WithIndex("row").Rename("row", "few"), "id", "name")
		}),
		"OuterJoin": result(func(t table.Table) table.Table { return t.OuterJoin(half, "name") }),
		"SemiJoin":  result(func(t table.Table) table.Table { return t.SemiJoin(half, "name", "id") }),
		"Cast":      result(func(t table.Table) table.Table { return t.Cast("real", table.String) }),
		"Cast texts": result(func(t table.Table) table.Table {
			return t.With("id", func(r table.Row) string { return strconv.FormatInt(r.Int("id"), 10) }).Cast("id", table.Int)
		}),
		"Top":         result(func(t table.Table) table.Table { return t.GroupBy("key").Top(3, "-real") }),
		"Last":        result(func(t table.Table) table.Table { return t.GroupBy("id", "name").Last(1) }),
		"ValueCounts": result(func(t table.Table) table.Table { return t.ValueCounts("name") }),
		"DropNulls":   result(func(t table.Table) table.Table { return t.DropNulls() }),
		"FillNull":    result(func(t table.Table) table.Table { return t.FillNull("twice", 0) }),
		"Structs": func(ctx context.Context) error {
			_, err := table.Structs[struct {
				ID   int64  `table:"id"`
				Name string `table:"name"`
			}](whole.Parallel(table.Context(ctx)))
			return err
		},
		"Join many": result(func(t table.Table) table.Table { return t.LeftJoin(t.Head(4000).Select("few", "name"), "few") }),
		"WithIndex": result(func(t table.Table) table.Table { return t.WithIndex("row") }),
		"NUnique": func(ctx context.Context) error {
			_, err := whole.Parallel(table.Context(ctx)).UniqueCounts("id", "name", "real")
			return err
		},
		"Quantile": func(ctx context.Context) error {
			_, err := whole.Parallel(table.Context(ctx)).Quantile("id", 0.3)
			return err
		},
		"Concat": func(ctx context.Context) error {
			_, err := table.Concat(whole.Parallel(table.Context(ctx)), whole, whole.Tail(rows/2))
			return err
		},
		"Strings": func(ctx context.Context) error {
			_, err := whole.Parallel(table.Context(ctx)).Strings("name")
			return err
		},
		"Floats": func(ctx context.Context) error {
			_, _, err := whole.Parallel(table.Context(ctx)).Floats("twice")
			return err
		},
		"Record": func(ctx context.Context) error {
			_, err := whole.Parallel(table.Context(ctx)).Record()
			return err
		},
		"FromRecord": func(ctx context.Context) error {
			_, err := table.FromRecord(batch, table.Context(ctx))
			return err
		},
		"FromRecord narrow": func(ctx context.Context) error {
			_, err := table.FromRecord(narrow, table.Context(ctx))
			return err
		},
		"DataFrame": func(ctx context.Context) error {
			return gotatable.DataFrame(ctx, whole.Head(rows/4)).Err
		},
		"FromDataFrame": func(ctx context.Context) error {
			_, err := gotatable.Table(ctx, frame)
			return err
		},
		"WriteCSV":     func(ctx context.Context) error { return whole.WriteCSV(ctx, io.Discard) },
		"WriteParquet": func(ctx context.Context) error { return whole.WriteParquet(ctx, io.Discard) },
		"WriteIPC":     func(ctx context.Context) error { return whole.WriteIPC(ctx, io.Discard) },
		"WriteJSON":    func(ctx context.Context) error { return whole.WriteJSON(ctx, io.Discard) },
		"SaveIPC":      func(ctx context.Context) error { return whole.SaveIPC(ctx, path("saved")) },
		"ReadCSV": func(ctx context.Context) error {
			_, err := table.ReadCSVParallel(ctx, path("csv"))
			return err
		},
		"ReadParquet": func(ctx context.Context) error {
			_, err := table.ReadParquetParallel(ctx, path("parquet"))
			return err
		},
		"ReadIPC": func(ctx context.Context) error {
			_, err := table.ReadIPC(ctx, path("arrow"))
			return err
		},
		"ReadJSON": func(ctx context.Context) error {
			_, err := table.ReadJSON(ctx, path("json"))
			return err
		},
		"ScanCSV": func(ctx context.Context) error {
			_, err := table.ScanCSV(path("csv")).GroupBy("name").AggParallel(ctx, streamed...)
			return err
		},
		"ScanParquet": func(ctx context.Context) error {
			_, err := table.ScanParquet(path("parquet")).GroupBy("id").AggParallel(ctx, streamed...)
			return err
		},
		"ScanPages": func(ctx context.Context) error {
			_, err := pages(ctx).GroupBy("few", "key").AggParallel(ctx, streamed...)
			return err
		},
	}
}

// narrowBatch has columns that a table must convert.
func narrowBatch(rows int) arrow.RecordBatch {
	schema := arrow.NewSchema([]arrow.Field{{Name: "i", Type: arrow.PrimitiveTypes.Int16}, {Name: "u", Type: arrow.PrimitiveTypes.Uint64}, {Name: "f", Type: arrow.PrimitiveTypes.Float32},
		{Name: "b", Type: arrow.FixedWidthTypes.Boolean}, {Name: "s", Type: arrow.BinaryTypes.LargeString}, {Name: "d", Type: arrow.FixedWidthTypes.Date32}}, nil)
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	for i := range rows {
		b.Field(0).(*array.Int16Builder).Append(int16(i))
		b.Field(1).(*array.Uint64Builder).Append(uint64(i))
		b.Field(2).(*array.Float32Builder).Append(float32(i))
		b.Field(3).(*array.BooleanBuilder).Append(i%3 == 0)
		b.Field(4).(*array.LargeStringBuilder).Append(fmt.Sprint("text ", i))
		b.Field(5).(*array.Date32Builder).Append(arrow.Date32(i % 20_000))
	}
	return b.NewRecordBatch()
}

// countdown is a context that ends by itself when it was looked at so many times.
type countdown struct {
	context.Context
	cancel context.CancelCauseFunc
	left   atomic.Int64
}

var errPressedStop = errors.New("the learner pressed stop")

func newCountdown(parent context.Context, looks int64) *countdown {
	c := new(countdown)
	c.Context, c.cancel = context.WithCancelCause(parent)
	c.left.Store(looks)
	return c
}

func (c *countdown) look() {
	if c.left.Add(-1) == 0 {
		c.cancel(errPressedStop)
	}
}

func (c *countdown) Err() error            { c.look(); return c.Context.Err() }
func (c *countdown) Value(key any) any     { c.look(); return c.Context.Value(key) }
func (c *countdown) Done() <-chan struct{} { c.look(); return c.Context.Done() }

// TestCancelledInTheMiddle ends each operation's context after half of the looks that it takes. That no goroutine
// is left is seen by TestMain.
func TestCancelledInTheMiddle(t *testing.T) {
	const rows = 160_000
	for name, operation := range longOperations(t, rows) {
		t.Run(name, func(t *testing.T) {
			if err := operation(t.Context()); err != nil { // what is found once and kept is found
				t.Fatal(err)
			}
			const enough = 1 << 40
			whole := newCountdown(t.Context(), enough)
			defer whole.cancel(nil)
			if err := operation(whole); err != nil {
				t.Fatal(err)
			}
			looks := enough - whole.left.Load()
			if looks < rows/(1<<17) {
				t.Fatalf("the context was looked at %d times in %d rows", looks, rows)
			}
			ended := newCountdown(t.Context(), max(1, looks/2))
			defer ended.cancel(nil)
			if err := operation(ended); !errors.Is(err, errPressedStop) {
				t.Errorf("error %v, want that of the context", err)
			}
		})
	}
}

// BenchmarkCancel measures how long each operation goes on after its context has ended, at moments all over its
// course: worst-ms is the longest of them.
func BenchmarkCancel(b *testing.B) {
	operations := longOperations(b, 2_000_000)
	for _, name := range slices.Sorted(maps.Keys(operations)) {
		operation := operations[name]
		start := time.Now()
		if err := operation(b.Context()); err != nil {
			b.Fatal(err)
		}
		takes := time.Since(start)
		b.Run(name, func(b *testing.B) {
			var worst time.Duration
			const moments = 10
			for b.Loop() {
				for k := range moments {
					var ended atomic.Int64
					ctx, cancel := context.WithCancel(b.Context())
					timer := time.AfterFunc(takes*time.Duration(k)/moments, func() { ended.Store(time.Now().UnixNano()); cancel() })
					err := operation(ctx)
					if at := ended.Load(); at != 0 && err != nil {
						worst = max(worst, time.Duration(time.Now().UnixNano()-at))
					}
					timer.Stop()
					cancel()
				}
			}
			b.ReportMetric(float64(worst.Microseconds())/1000, "worst-ms")
			b.ReportMetric(float64(takes.Milliseconds()), "whole-ms")
		})
	}
}
