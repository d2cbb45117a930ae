package table_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"locuslab/locuskit/table"
)

func TestStreamsAgreeWithTables(t *testing.T) {
	tab := largeTable()
	dir := t.TempDir()
	csv, parquet := filepath.Join(dir, "t.csv"), filepath.Join(dir, "t.parquet")
	if err := tab.SaveCSV(t.Context(), csv); err != nil {
		t.Fatal(err)
	}
	if err := tab.SaveParquet(t.Context(), parquet); err != nil {
		t.Fatal(err)
	}
	pages := func(yield func(table.Table, error) bool) {
		for from := 0; from < tab.Rows() && yield(tab.Slice(from, from+9999), nil); from += 9999 {
		}
	}
	aggregates := []table.Aggregate{table.Sum("number"), table.Sum("real"), table.Mean("real"), table.Count("real"),
		table.Min("key"), table.Max("real"), table.Std("real"), table.Std("number")}
	for _, keys := range [][]string{{"key"}, {"flag", "few"}, {"few", "key"}} {
		want := tab.GroupBy(keys...).Agg(aggregates...)
		if want.Err() != nil {
			t.Fatal(want.Err())
		}
		for name, s := range map[string]table.Stream{"CSV": table.ScanCSV(csv), "Parquet": table.ScanParquet(parquet), "pages": table.ScanPages("pages", pages)} {
			t.Run(fmt.Sprint(name, keys), func(t *testing.T) {
				got, err := s.GroupBy(keys...).Agg(t.Context(), aggregates...)
				if err != nil {
					t.Fatal(err)
				}
				parallel, err := s.Parallel(table.Workers(4)).GroupBy(keys...).AggParallel(t.Context(), aggregates...)
				if err != nil {
					t.Fatal(err)
				}
				if sameText(got) != sameText(parallel) {
					t.Error("the parallel form gives another result")
				}
				sameTables(t, got, want)
			})
		}
	}
}

// sameTables compares values, floats up to rounding.
func sameTables(t *testing.T, got, want table.Table) {
	t.Helper()
	if fmt.Sprint(got.Columns()) != fmt.Sprint(want.Columns()) || got.Rows() != want.Rows() {
		t.Fatalf("%d rows of %v, want %d of %v", got.Rows(), got.Columns(), want.Rows(), want.Columns())
	}
	wanted := records(want)
	for i, g := range records(got) {
		for name, v := range g {
			if !sameFigure(v, wanted[i][name]) {
				t.Fatalf("row %d, %s: %v, want %v", i, name, v, wanted[i][name])
			}
		}
	}
}

func TestStreamsSayWhatTheyCannotDo(t *testing.T) {
	path := filepath.Join(t.TempDir(), "t.csv")
	if err := largeTable().Head(10).SaveCSV(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	for want, f := range map[string]func() error{
		"needs all values of a group": func() error {
			_, err := table.ScanCSV(path).GroupBy("key").Agg(t.Context(), table.Median("real"))
			return err
		},
		`no column "visits"`: func() error {
			_, err := table.ScanCSV(path).GroupSum(t.Context(), "key", "visits")
			return err
		},
		"no such file": func() error {
			_, err := table.ScanParquet(path+".no").GroupSum(t.Context(), "key", "number")
			return err
		},
	} {
		if err := f(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

func TestStreamsSurviveAFailureInAnyPart(t *testing.T) {
	var b strings.Builder
	b.WriteString("key,number\n")
	for i := range 600_000 {
		fmt.Fprintf(&b, "K%d,%d\n", i%7, i)
	}
	whole := b.String()
	write := func(text string) string {
		path := filepath.Join(t.TempDir(), "t.csv")
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	if _, err := table.ScanCSV(write(whole+"K1,2,3\n"+whole[11:])).GroupSumParallel(t.Context(), "key", "number", table.Workers(8)); err == nil || !strings.Contains(err.Error(), "row 600001: the row has 3 fields") {
		t.Errorf("a ragged row in the middle: %v", err)
	}
	got, err := table.ScanCSV(write(whole+"K1,0.5\n")).GroupSumParallel(t.Context(), "key", "number", table.Workers(8))
	if err != nil || got.Rows() != 7 {
		t.Errorf("a column that widens at the end: %v %v", got, err)
	}
	_, err = table.ScanPages("pages", func(yield func(table.Table, error) bool) {
		for range 40 {
			if !yield(largeTable().Head(100), nil) {
				return
			}
		}
		yield(table.Table{}, errors.New("connection lost"))
	}).GroupSumParallel(t.Context(), "key", "number", table.Workers(8))
	if err == nil || !strings.Contains(err.Error(), "page 41 of pages: connection lost") {
		t.Errorf("a page that fails: %v", err)
	}
}

// TestRoundingOfStreamsIsThatOfTheirRows has sums of floats by a key of which each worker sees other values, and in
// another order, than its neighbour.
func TestRoundingOfStreamsIsThatOfTheirRows(t *testing.T) {
	path := filepath.Join(t.TempDir(), "t.csv")
	tab := largeTable().FillNull("real", 0.1).Select("key", "real")
	if err := tab.SaveCSV(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	want := ""
	for _, workers := range []table.Workers{1, 2, 3, 7, 64} {
		got, err := table.ScanCSV(path, table.Kinds{"key": table.String, "real": table.Float}).Parallel(workers).GroupBy("key").Agg(t.Context(), table.Sum("real"), table.Std("real"))
		if err != nil {
			t.Fatal(err)
		}
		if text := sameText(got); want == "" {
			want = text
		} else if text != want {
			t.Errorf("%d workers give another sum than one", workers)
		}
	}
}

// TestStreamsKnowNoColumnBeforeItsFirstValue has a column without values for as long as a part of the file, or for ever.
func TestStreamsKnowNoColumnBeforeItsFirstValue(t *testing.T) {
	path := filepath.Join(t.TempDir(), "t.csv")
	for _, last := range []string{"5", "0.5", "text", "18446744073709551615", `""`, ""} {
		if err := os.WriteFile(path, []byte("k,v\n"+strings.Repeat("a key that makes the rows long enough,\n", 40_000)+"b,"+last+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		tab, err := table.ReadCSV(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		for _, aggregate := range []table.Aggregate{table.Sum("v"), table.Max("v")} {
			want := tab.GroupBy("k").Agg(aggregate)
			for _, workers := range []table.Workers{1, 3} {
				got, err := table.ScanCSV(path).Parallel(workers).GroupBy("k").Agg(t.Context(), aggregate)
				if (err == nil) != (want.Err() == nil) || err == nil && sameText(got) != sameText(want) {
					t.Errorf("%q last, %d workers: %v\n%v\nthe table gives\n%v", last, workers, err, got, want)
				}
			}
		}
	}
}

// TestPartsOfOtherKindsAreNotPutTogether says what is wrong in the words of who asked: numbers beyond int64 make a column
// of a part text.
func TestPartsOfOtherKindsAreNotPutTogether(t *testing.T) {
	page := func(column any) table.Table {
		tab, err := table.New([]string{"k", "v"}, []int64{1, 1}, column)
		if err != nil {
			t.Fatal(err)
		}
		return tab
	}
	const mixed = `column "v" holds int values in one part and string values in another`
	for _, c := range []struct {
		name  string
		pages []table.Table
		want  string
	}{
		{"numbers, then text", []table.Table{page([]int64{1, 2}), page([]string{"18446744073709551615", "18446744073709551614"})}, mixed},
		{"text, then numbers", []table.Table{page([]string{"18446744073709551615", "3"}), page([]int64{1, 2})}, mixed},
		{"floats", []table.Table{page([]int64{9007199254740993, 2}), page([]float64{9007199254740992, 2})}, `column "v" holds int values in one part and float values in another`},
	} {
		stream := table.ScanPages(c.name, func(yield func(table.Table, error) bool) {
			for _, p := range c.pages {
				if !yield(p, nil) {
					return
				}
			}
		})
		for _, workers := range []table.Workers{1, 3} {
			s := stream.Parallel(workers)
			if got, err := s.GroupBy("k").Agg(t.Context(), table.Max("v")); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s: the largest is %v, %v", c.name, got, err)
			}
			if got, err := s.GroupBy("v").Agg(t.Context(), table.Count("k")); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s: by value: %v, %v", c.name, got, err)
			}
			if got, err := s.GroupBy("k").Agg(t.Context(), table.Count("v").As("n")); err != nil || sameText(got) != "[k n] <nil>\n1 4 \n" {
				t.Errorf("%s: the count is %q, %v", c.name, sameText(got), err)
			}
			_, err := s.GroupBy("k").Agg(t.Context(), table.Sum("v"))
			if err == nil || strings.Contains(err.Error(), "\x00") || !strings.Contains(err.Error(), `column "v" holds`) {
				t.Errorf("%s: the error of a sum is %q", c.name, err)
			}
		}
	}
}
