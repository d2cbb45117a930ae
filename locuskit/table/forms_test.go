package table_test

import (
	"context"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"locuslab/locuskit/table"
)

// form is one function or method of the package.
type form struct{ parameters, results []string }

// exported returns the package's exported functions, methods as Type.Name.
func exported(t *testing.T) map[string]form {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	all := make(map[string]form)
	for _, path := range files {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, text, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || !f.Name.IsExported() {
				continue
			}
			name := f.Name.Name
			if f.Recv != nil {
				name = strings.TrimPrefix(types.ExprString(f.Recv.List[0].Type), "*") + "." + name
			}
			all[name] = form{listed(f.Type.Params), listed(f.Type.Results)}
		}
	}
	return all
}

// listed returns a name and type for each parameter.
func listed(fields *ast.FieldList) (list []string) {
	if fields == nil {
		return nil
	}
	for _, f := range fields.List {
		names := []string{""}
		for i, n := range f.Names {
			names = append(names[:i], n.Name+" ")
		}
		for _, n := range names {
			list = append(list, n+types.ExprString(f.Type))
		}
	}
	return list
}

// TestFormsReadAlike holds the rule of all pairs: the same arguments, options last. What ends in another list leaves its
// options to Parallel.
func TestFormsReadAlike(t *testing.T) {
	all := exported(t)
	pairs := 0
	for name, parallel := range all {
		sequential, isPair := strings.CutSuffix(name, "Parallel")
		if !isPair || strings.HasSuffix(sequential, ".") { // Table.Parallel is no form of anything
			continue
		}
		pairs++
		want, ok := all[sequential]
		if !ok {
			t.Errorf("%s has no sequential form", name)
			continue
		}
		if !slices.Equal(parallel.parameters, want.parameters) || !slices.Equal(parallel.results, want.results) {
			t.Errorf("%s takes %v and %s %v", sequential, want.parameters, name, parallel.parameters)
		}
		last := parallel.parameters[len(parallel.parameters)-1]
		if !strings.Contains(last, "...") {
			t.Errorf("%s takes no options", name)
		}
		for _, p := range parallel.parameters[:len(parallel.parameters)-1] {
			if strings.Contains(p, "Option") {
				t.Errorf("%s: %s is not last", name, p)
			}
		}
		if _, called := calls[name]; !called {
			t.Errorf("%s is called by no test here: add both forms to calls", name)
		}
	}
	if pairs < 25 {
		t.Errorf("%d pairs found", pairs)
	}
}

// pairOf are both forms of an operation on a table, as text that tells all values apart.
type pairOf struct {
	sequential, parallel func(t table.Table) (string, error)
}

func tables(sequential, parallel func(t table.Table) table.Table) pairOf {
	text := func(f func(t table.Table) table.Table) func(t table.Table) (string, error) {
		return func(t table.Table) (string, error) {
			got := f(t)
			if got.Err() != nil {
				return "", got.Err()
			}
			return sameText(got), nil
		}
	}
	return pairOf{text(sequential), text(parallel)}
}

func values[T any](sequential, parallel func(t table.Table) (T, error)) pairOf {
	text := func(f func(t table.Table) (T, error)) func(t table.Table) (string, error) {
		return func(t table.Table) (string, error) { v, err := f(t); return fmt.Sprint(v), err }
	}
	return pairOf{text(sequential), text(parallel)}
}

const three = table.Workers(3)

type line struct {
	Key  *string  `table:"key"`
	Real *float64 `table:"real"`
	Flag bool     `table:"flag"`
	Few  int8     `table:"few"`
}

func (l line) String() string {
	text := func(p any) string {
		switch p := p.(type) {
		case *string:
			if p != nil {
				return *p
			}
		case *float64:
			if p != nil {
				return fmt.Sprint(*p)
			}
		}
		return "nil"
	}
	return fmt.Sprint(text(l.Key), text(l.Real), l.Flag, l.Few)
}

// some returns a table to join with: a few of the keys, each twice or not at all.
func some(t table.Table) table.Table {
	return t.Select("key", "few", "number").Rename("number", "other").Rename("few", "some").Head(2000)
}

// day returns the time of a number.
func day(r table.Row) (time.Time, bool) {
	return time.UnixMicro(r.Int("number") * 977), !r.IsNull("real")
}

var ratio = func(r table.Row) (float64, bool) {
	return r.Float("real") / float64(r.Int("few")), r.Int("few") != 0
}

var calls = map[string]pairOf{
	"Table.GroupSumParallel": tables(func(t table.Table) table.Table { return t.GroupSum("key", "real") }, func(t table.Table) table.Table { return t.GroupSumParallel("key", "real", three) }),
	"Groups.AggParallel": tables(func(t table.Table) table.Table {
		return t.GroupBy("few", "key").Agg(table.Std("real"), table.Median("number"))
	},
		func(t table.Table) table.Table {
			return t.GroupBy("few", "key").AggParallel(table.Std("real"), table.Median("number"))
		}),
	"Groups.TopParallel":        tables(func(t table.Table) table.Table { return t.GroupBy("key").Top(2, "-real") }, func(t table.Table) table.Table { return t.GroupBy("key").TopParallel(2, "-real") }),
	"Groups.FirstParallel":      tables(func(t table.Table) table.Table { return t.GroupBy("key", "flag").First(1) }, func(t table.Table) table.Table { return t.GroupBy("key", "flag").FirstParallel(1, three) }),
	"Groups.LastParallel":       tables(func(t table.Table) table.Table { return t.GroupBy("few").Last(3) }, func(t table.Table) table.Table { return t.GroupBy("few").LastParallel(3, three) }),
	"Table.ValueCountsParallel": tables(func(t table.Table) table.Table { return t.ValueCounts("key") }, func(t table.Table) table.Table { return t.ValueCountsParallel("key", three) }),
	"Table.MeansParallel":       tables(func(t table.Table) table.Table { return t.Means() }, func(t table.Table) table.Table { return t.MeansParallel(three) }),
	"Table.DescribeParallel":    tables(func(t table.Table) table.Table { return t.Describe() }, func(t table.Table) table.Table { return t.DescribeParallel(three) }),
	"Table.FilterParallel": tables(func(t table.Table) table.Table { return t.Filter(func(r table.Row) bool { return r.Bool("flag") }) },
		func(t table.Table) table.Table {
			return t.FilterParallel(func(r table.Row) bool { return r.Bool("flag") }, three)
		}),
	"Table.WhereParallel":        tables(func(t table.Table) table.Table { return t.Where("real", ">", 1e5) }, func(t table.Table) table.Table { return t.WhereParallel("real", ">", 1e5, three) }),
	"Table.WhereNullParallel":    tables(func(t table.Table) table.Table { return t.WhereNull("real") }, func(t table.Table) table.Table { return t.WhereNullParallel("real", three) }),
	"Table.WhereNotNullParallel": tables(func(t table.Table) table.Table { return t.WhereNotNull("real") }, func(t table.Table) table.Table { return t.WhereNotNullParallel("real", three) }),
	"Table.DropNullsParallel":    tables(func(t table.Table) table.Table { return t.DropNulls() }, func(t table.Table) table.Table { return t.DropNullsParallel() }),
	"Table.FillNullParallel":     tables(func(t table.Table) table.Table { return t.FillNull("real", 0.25) }, func(t table.Table) table.Table { return t.FillNullParallel("real", 0.25, three) }),
	"Table.WithParallel": tables(func(t table.Table) table.Table { return t.With("ratio", ratio).With("when", day) }, func(t table.Table) table.Table {
		return t.WithParallel("ratio", ratio, three).WithParallel("when", day, three)
	}),
	"Table.CastParallel": tables(func(t table.Table) table.Table { return t.Cast("real", table.String).Cast("number", table.Float) },
		func(t table.Table) table.Table {
			return t.CastParallel("real", table.String, three).CastParallel("number", table.Float, three)
		}),
	"Table.TruncateParallel": tables(func(t table.Table) table.Table { return t.With("when", day).Truncate("when", table.Month, "month") },
		func(t table.Table) table.Table {
			return t.With("when", day).TruncateParallel("when", table.Month, "month", three)
		}),
	"Table.SortParallel":      tables(func(t table.Table) table.Table { return t.Sort("few", "-real") }, func(t table.Table) table.Table { return t.SortParallel("few", "-real") }),
	"Table.UniqueParallel":    tables(func(t table.Table) table.Table { return t.Unique("number") }, func(t table.Table) table.Table { return t.UniqueParallel("number", three) }),
	"Table.JoinParallel":      tables(func(t table.Table) table.Table { return t.Head(200_000).Join(some(t), "key", "few=some") }, func(t table.Table) table.Table { return t.Head(200_000).JoinParallel(some(t), "key", "few=some") }),
	"Table.LeftJoinParallel":  tables(func(t table.Table) table.Table { return t.Head(200_000).LeftJoin(some(t), "key", "few=some") }, func(t table.Table) table.Table { return t.Head(200_000).LeftJoinParallel(some(t), "key", "few=some") }),
	"Table.OuterJoinParallel": tables(func(t table.Table) table.Table { return t.Tail(200_000).OuterJoin(some(t), "key", "few=some") }, func(t table.Table) table.Table { return t.Tail(200_000).OuterJoinParallel(some(t), "key", "few=some") }),
	"Table.SemiJoinParallel":  tables(func(t table.Table) table.Table { return t.SemiJoin(some(t), "key") }, func(t table.Table) table.Table { return t.SemiJoinParallel(some(t), "key") }),
	"Table.AntiJoinParallel":  tables(func(t table.Table) table.Table { return t.AntiJoin(some(t), "key", "few=some") }, func(t table.Table) table.Table { return t.AntiJoinParallel(some(t), "key", "few=some") }),
	"Table.QuantileParallel": values(func(t table.Table) (float64, error) { return t.Quantile("real", 0.3) },
		func(t table.Table) (float64, error) { return t.QuantileParallel("real", 0.3, three) }),
	"Table.NUniqueParallel": values(func(t table.Table) (int, error) { return t.NUnique("number") }, func(t table.Table) (int, error) { return t.NUniqueParallel("number", three) }),
	"Table.UniqueCountsParallel": values(func(t table.Table) (map[string]int, error) { return t.UniqueCounts("number", "key") },
		func(t table.Table) (map[string]int, error) { return t.UniqueCountsParallel("number", "key") }),
	"StructsParallel": values(func(t table.Table) ([]line, error) { return table.Structs[line](t) }, func(t table.Table) ([]line, error) { return table.StructsParallel[line](t, three) }),
	"FromStructsParallel": values(func(t table.Table) (string, error) {
		rows, err := table.Structs[line](t)
		if err != nil {
			return "", err
		}
		again, err := table.FromStructs(rows)
		return sameText(again), err
	}, func(t table.Table) (string, error) {
		rows, err := table.Structs[line](t)
		if err != nil {
			return "", err
		}
		again, err := table.FromStructsParallel(rows, three)
		return sameText(again), err
	}),
	"ReadParquetParallel": read2("parquet", table.Table.SaveParquet, table.ReadParquet, table.ReadParquetParallel),
	"ReadCSVParallel":     read2("csv", table.Table.SaveCSV, table.ReadCSV, table.ReadCSVParallel),
	"Stream.GroupSumParallel": values(func(t table.Table) (table.Table, error) {
		return pagesOf(t).GroupSum(context.Background(), "key", "real")
	},
		func(t table.Table) (table.Table, error) {
			return pagesOf(t).GroupSumParallel(context.Background(), "key", "real", three)
		}),
	"StreamGroups.AggParallel": values(
		func(t table.Table) (string, error) {
			got, err := pagesOf(t.With("when", day)).GroupBy("few").Agg(context.Background(), table.Std("real"), table.Max("when"))
			return sameText(got), err
		},
		func(t table.Table) (string, error) {
			got, err := pagesOf(t.With("when", day)).GroupBy("few").AggParallel(context.Background(), table.Std("real"), table.Max("when"))
			return sameText(got), err
		}),
}

func pagesOf(t table.Table) table.Stream {
	return table.ScanPages("pages", func(yield func(table.Table, error) bool) {
		for from := 0; from < t.Rows() && yield(t.Slice(from, from+50_000), nil); from += 50_000 {
		}
	})
}

type reader = func(context.Context, string, ...table.Option) (table.Table, error)

func read2(ending string, save func(table.Table, context.Context, string) error, sequential, parallel reader) pairOf {
	text := func(read reader, opts ...table.Option) func(t table.Table) (string, error) {
		return func(t table.Table) (string, error) {
			dir, err := os.MkdirTemp("", "forms")
			if err != nil {
				return "", err
			}
			defer os.RemoveAll(dir)
			path := filepath.Join(dir, "t."+ending)
			if err := save(t, context.Background(), path); err != nil {
				return "", err
			}
			got, err := read(context.Background(), path, opts...)
			return sameText(got), err
		}
	}
	return pairOf{text(sequential), text(parallel, three)}
}

func TestBothFormsOfEachOperationAreEqual(t *testing.T) {
	for _, name := range slices.Sorted(maps.Keys(calls)) {
		t.Run(name, func(t *testing.T) {
			want, err := calls[name].sequential(largeTable())
			if err != nil {
				t.Fatal(err)
			}
			got, err := calls[name].parallel(largeTable())
			if err != nil || got != want {
				t.Errorf("the parallel form gives another result: %d bytes of text instead of %d, error %v", len(got), len(want), err)
			}
			again, err := calls[name].sequential(largeTable().Parallel(table.Workers(5)))
			if err != nil || again != want {
				t.Errorf("with 5 workers another result: %d bytes of text instead of %d, error %v", len(again), len(want), err)
			}
		})
	}
}
