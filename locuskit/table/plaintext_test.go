package table

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"locuslab/locuskit/table/internal/column"
)

// spelledTable returns t with its columns of strings as they are read where values hardly repeat: without dictionaries.
func spelledTable(t Table) Table {
	cols := make([]*column.Column, len(t.cols))
	for i, c := range t.cols {
		cols[i] = c
		if c.Kind == column.String {
			views := make([]uint64, c.N)
			text := c.SpelledOut(views, []byte("before"))
			cols[i] = column.OfViews(c.Name, views, &column.PlainText{Text: text}, c.Valid)
		}
	}
	t.cols = cols
	return t
}

func diverseTable(t *testing.T, rows, values int) Table {
	t.Helper()
	r := rand.New(rand.NewPCG(uint64(rows), uint64(values)))
	texts := make([]string, values)
	for i := range texts {
		switch i % 4 {
		case 0:
			texts[i] = fmt.Sprintf("%x", i)
		case 1:
			texts[i] = fmt.Sprintf("key %08d", i)
		case 2:
			texts[i] = fmt.Sprintf("https://example.org/a longer text than sixteen bytes/%d", i)
		default:
			texts[i] = strings.Repeat("é", i%40) + fmt.Sprint(i)
		}
	}
	key, other, number := make([]string, rows), make([]string, rows), make([]int64, rows)
	valid := column.FullBitmap(rows)
	for i := range rows {
		key[i], other[i], number[i] = texts[r.IntN(values)], texts[r.IntN(values)], r.Int64N(1000)
		if r.IntN(20) == 0 {
			column.ClearBit(valid, i)
		}
	}
	table, err := New([]string{"key", "other", "number"}, key, other, number)
	if err != nil {
		t.Fatal(err)
	}
	table.cols[1].Valid = valid
	return table
}

// TestStringsWithoutADictionaryAnswerAsThoseWithOne asks both forms of a table the same, of few values and of many, on
// one goroutine and on several.
func TestStringsWithoutADictionaryAnswerAsThoseWithOne(t *testing.T) {
	for _, size := range []struct{ rows, values int }{{0, 1}, {1, 1}, {500, 40}, {70_000, 30}, {300_000, 90_000}} {
		coded := diverseTable(t, size.rows, size.values)
		plain := spelledTable(coded)
		small := coded.Head(100).GroupBy("key").Agg(Sum("number").As("total"))
		for name, f := range map[string]func(t Table) Table{
			"itself": func(t Table) Table { return t },
			"slice":  func(t Table) Table { return t.Slice(size.rows/3, size.rows/2) },
			"group": func(t Table) Table {
				return t.GroupBy("key").Agg(Sum("number"), Min("other"), Max("other"), Count("other"))
			},
			"nulls":      func(t Table) Table { return t.GroupBy("other").Agg(Sum("number"), NUnique("key")) },
			"two keys":   func(t Table) Table { return t.Head(2000).GroupBy("other", "key").Agg(Count("number")) },
			"sort":       func(t Table) Table { return t.Sort("other", "-key") },
			"sort down":  func(t Table) Table { return t.Sort("-other", "number") },
			"unique":     func(t Table) Table { return t.Unique("other") },
			"where":      func(t Table) Table { return t.Where("number", ">", 500) },
			"where text": func(t Table) Table { return t.Where("other", "<", "key 00000100") },
			"where not":  func(t Table) Table { return t.Where("other", "!=", "0") },
			"in":         func(t Table) Table { return t.WhereIn("other", "0", "key 00000001") },
			"filter":     func(t Table) Table { return t.Filter(func(r Row) bool { return r.String("key") > r.String("other") }) },
			"join":       func(t Table) Table { return t.Join(small, "key") },
			"left join":  func(t Table) Table { return t.LeftJoin(small.Rename("key", "other"), "other") },
			"other join": func(t Table) Table { return small.LeftJoin(t.Head(1000), "key") },
			"outer join": func(t Table) Table {
				return t.Head(300).OuterJoin(t.Slice(200, 600).Drop("other").Unique("key"), "key")
			},
			"two-key join": func(t Table) Table {
				return t.Head(300).LeftJoin(small.WithIndex("n").Join(t.Head(50).Drop("number"), "key").Drop("total"), "key", "other")
			},
			"semi join":    func(t Table) Table { return t.SemiJoin(small, "key") },
			"anti join":    func(t Table) Table { return t.AntiJoin(t.Head(50), "other") },
			"fill nulls":   func(t Table) Table { return t.FillNull("other", "none") },
			"drop nulls":   func(t Table) Table { return t.DropNulls("other") },
			"value counts": func(t Table) Table { return t.ValueCounts("other") },
			"top rows":     func(t Table) Table { return t.GroupBy("other").Top(2, "-number", "key") },
			"cast":         func(t Table) Table { return t.Head(0).Cast("key", column.Int) },
			"computed": func(t Table) Table {
				return t.With("both", func(r Row) string { return r.String("key") + r.String("other") })
			},
			"renamed":      func(t Table) Table { return t.Rename("key", "k").GroupSum("k", "number") },
			"and again":    func(t Table) Table { t.GroupSum("key", "number"); return t.Rename("key", "k").Sort("k") },
			"concatenated": func(t Table) Table { return concatenated(t.Head(90), t.Tail(50)) },
			"with coded":   func(t Table) Table { return concatenated(coded.Head(90), t.Tail(50), coded.Slice(3, 8)) },
		} {
			for _, parallel := range []bool{false, true} {
				a, b := coded.Sequential(), plain.Sequential()
				if parallel {
					a, b = coded.Parallel(Workers(3)), plain.Parallel(Workers(3))
				}
				want, got := f(a), f(b)
				if want.Err() != nil || got.Err() != nil || !sameRows(want, got) {
					t.Errorf("%s of %v, parallel %v: %v %v\n%v\nwant\n%v", name, size, parallel, got.Err(), want.Err(), got, want)
				}
			}
		}
		n, err := plain.NUnique("other")
		if want, err2 := coded.NUnique("other"); err != nil || err2 != nil || n != want {
			t.Errorf("%v: %d distinct values, want %d; %v %v", size, n, want, err, err2)
		}
		var a, b bytes.Buffer
		if err := plain.WriteCSV(t.Context(), &a); err != nil {
			t.Fatal(err)
		}
		if err := coded.WriteCSV(t.Context(), &b); err != nil {
			t.Fatal(err)
		}
		if a.String() != b.String() {
			t.Errorf("%v: CSV differs", size)
		}
	}
}

func concatenated(tables ...Table) Table {
	t, err := Concat(tables...)
	if err != nil {
		return Table{err: err}
	}
	return t
}

func sameRows(a, b Table) bool {
	if len(a.cols) != len(b.cols) || a.rows != b.rows {
		return false
	}
	for k, c := range a.cols {
		if c.Name != b.cols[k].Name {
			return false
		}
		for i := range a.rows {
			if c.Value(i) != b.cols[k].Value(i) {
				return false
			}
		}
	}
	return true
}

// TestFilesOfDiverseStringsComeBack reads what has more values than a dictionary is kept for, of which some come early and
// some late, in every form.
func TestFilesOfDiverseStringsComeBack(t *testing.T) {
	few := diverseTable(t, 100_000, 50)
	many := diverseTable(t, 400_000, 300_000)
	table := concatenated(few, many, few)
	dir := t.TempDir()
	csv, quoted, parquet := filepath.Join(dir, "x.csv"), filepath.Join(dir, "quoted.csv"), filepath.Join(dir, "x.parquet")
	if err := table.SaveCSV(t.Context(), csv); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(csv)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	for i, line := range lines {
		lines[i] = `"` + strings.Replace(line, ",", `",`, 1)
	}
	if err := os.WriteFile(quoted, []byte(strings.Join(lines, "\r\n")), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := table.SaveParquet(t.Context(), parquet); err != nil {
		t.Fatal(err)
	}
	diverse := 0
	for how, read := range map[string]func() (Table, error){
		"CSV":              func() (Table, error) { return ReadCSV(t.Context(), csv) },
		"CSV parallel":     func() (Table, error) { return ReadCSVParallel(t.Context(), csv, Workers(3)) },
		"quoted CSV":       func() (Table, error) { return ReadCSVParallel(t.Context(), quoted, Workers(3)) },
		"Parquet":          func() (Table, error) { return ReadParquet(t.Context(), parquet) },
		"Parquet parallel": func() (Table, error) { return ReadParquetParallel(t.Context(), parquet, Workers(3)) },
	} {
		got, err := read()
		if err != nil || !sameRows(table, got) {
			t.Errorf("%s: %v, %v", how, got, err)
		}
		if got.cols[0].Plain != nil {
			diverse++
		}
	}
	if diverse < 4 {
		t.Errorf("only %d of the tables have a column without a dictionary", diverse)
	}
	nulls := strings.Repeat("n,key\n", 1) + strings.ReplaceAll(string(text[strings.IndexByte(string(text), '\n')+1:]), "\nkey ", "\nNA")
	want, err := ParseCSV(t.Context(), strings.NewReader("a,b,c\n"+nulls[6:]), "x.csv", Nulls("NA00000001", "5"))
	if err != nil {
		t.Fatal(err)
	}
	for i := range want.rows {
		if v, _ := want.cols[0].Value(i).(string); v == "NA00000001" || v == "5" {
			t.Fatalf("row %d is %q, which is a word for null", i, v)
		}
	}
	for _, path := range []string{csv, parquet} {
		stream := ScanCSV(path)
		if path == parquet {
			stream = ScanParquet(path)
		}
		sums, err := stream.GroupBy("key").AggParallel(t.Context(), Sum("number"), Max("other"))
		if w := table.GroupBy("key").Agg(Sum("number"), Max("other")); err != nil || !sameRows(sums, w) {
			t.Errorf("stream of %s: %v %v", path, sums, err)
		}
	}
	broken := append(bytes.Clone(text), "caf\xe9,x,1\n"...)
	if _, err := ParseCSV(t.Context(), bytes.NewReader(broken), "x.csv"); err == nil || !strings.Contains(err.Error(), `row 600001, column "key": "caf\xe9" is not UTF-8`) {
		t.Errorf("a text that is not UTF-8: %v", err)
	}
}
