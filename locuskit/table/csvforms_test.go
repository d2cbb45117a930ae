package table_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"locuslab/locuskit/table"
)

func TestCSVFormsOfOthers(t *testing.T) {
	for name, c := range map[string]struct {
		input string
		opts  []table.Option
		want  string
		notes int
	}{
		"names twice":    {"a,a,a_1,b,a\n1,2,3,4,5\n", nil, "[a a_2 a_1 b a_3] <nil>\n1 2 3 4 5 \n", 2},
		"no name":        {",a,\"\"\nx,1,2\n", nil, "[column_1 a column_3] <nil>\n\"x\" 1 2 \n", 2},
		"blank lines":    {"\n\r\n\na,b\n1,2\n", nil, "[a b] <nil>\n1 2 \n", 0},
		"order mark":     {"\xef\xbb\xbf\na,b\n1,2\n", nil, "[a b] <nil>\n1 2 \n", 0},
		"words for null": {"a,b,c\nNA,NA,1\n1,\"NA\",-\n-,x,2\n", []table.Option{table.Nulls("NA", "-")}, "[a b c] <nil>\n<nil> <nil> 1 \n1 <nil> <nil> \n<nil> \"x\" 2 \n", 0},
		"numbers for null": {"a,b,c,d,e\n1,1.5,x,-999,0\n-999,-999,-999, -999,-999\n-9990,-999.5, 0,\"-999\",7\n 0,0,0,-999 ,\n", []table.Option{table.Nulls("-999", "0")},
			"[a b c d e] <nil>\n1 3ff8000000000000 \"x\" <nil> <nil> \n<nil> <nil> <nil> <nil> <nil> \n-9990 c08f3c0000000000 \" 0\" <nil> 7 \n<nil> <nil> <nil> <nil> <nil> \n", 0},
		"numbers for null asked": {"a,b\n007,1\n-999,-999\n", []table.Option{table.Nulls("-999"), table.Kinds{"a": table.Int, "b": table.Float}}, "[a b] <nil>\n7 3ff0000000000000 \n<nil> <nil> \n", 0},
		"comments":               {"# one\na,b\n#two\n1,\"x\n#no\"\n#three,\"\n2,#\n", []table.Option{table.Comment("#")}, "[a b] <nil>\n1 \"x\\n#no\" \n2 \"#\" \n", 0},
		"lines to skip":          {"a report\nof \"1\nkey;v\nx;1\n", []table.Option{table.SkipLines(2), table.Separator(';')}, "[key v] <nil>\n\"x\" 1 \n", 0},
		"Latin-1":                {"k\xe9y\ncaf\xe9\n", []table.Option{table.Encoding("ISO-8859-1")}, "[kéy] <nil>\n\"café\" \n", 0},
		"UTF-16":                 {"\xff\xfea\x00\n\x00\xe9\x00\n\x00", nil, "[a] <nil>\n\"é\" \n", 0},
		"UTF-16, the other":      {"\xfe\xff\x00a\x00\n\x00\xe9\x00\n", nil, "[a] <nil>\n\"é\" \n", 0},
		"UTF-16 without mark":    {"a\x00\n\x007\x00\n\x00", []table.Option{table.Encoding("UTF-16LE")}, "[a] <nil>\n7 \n", 0},
		"some columns":           {"a,b,c\n1,x,2\n3,\"y\n\",4\n", []table.Option{table.Only("c", "a")}, "[c a] <nil>\n2 1 \n4 3 \n", 0},
		"but one":                {"a,b,c\n1,x,2\n", []table.Option{table.Except("b")}, "[a c] <nil>\n1 2 \n", 0},
		"nulls alone":            {"a,b\n,1\n,2\n", nil, "[a b] <nil>\n<nil> 1 \n<nil> 2 \n", 0},
		"empty strings alone":    {"a,b\n\"\",1\n,2\n", nil, "[a b] <nil>\n\"\" 1 \n<nil> 2 \n", 0},
		"an empty number":        {"a,b\n\"\",1\n7,2\n", nil, "[a b] <nil>\n<nil> 1 \n7 2 \n", 0},
		"empty means null":       {"a,b\n\"\",1\n,2\n", []table.Option{table.Nulls("")}, "[a b] <nil>\n<nil> 1 \n<nil> 2 \n", 0},
	} {
		t.Run(name, func(t *testing.T) {
			for _, r := range []interface{ Read([]byte) (int, error) }{strings.NewReader(c.input), bytes.NewBufferString(c.input)} {
				tab, err := table.ParseCSV(t.Context(), r, "x.csv", c.opts...)
				if err != nil {
					t.Fatal(err)
				}
				if got := sameText(tab); got != c.want {
					t.Errorf("read as\n%swant\n%s", got, c.want)
				}
				if notes := tab.Notes(); len(notes) != c.notes || len(notes) > 0 && (!strings.Contains(tab.String(), notes[0]) || strings.Contains(tab.Head(1).String(), notes[0])) {
					t.Errorf("notes %q of\n%v", notes, tab)
				}
			}
		})
	}
	for want, opts := range map[string][]table.Option{
		"exclude each other":               {table.Only("a"), table.Except("b")},
		`no column "x": the file has a, b`: {table.Only("x")},
		`no column "y"`:                    {table.Except("y")},
		"which Table.Cast makes times":     {table.Kinds{"a": table.Timestamp}},
		"there is no kind":                 {table.Kinds{"a": 77}},
		`"a" is named twice`:               {table.Only("a", "a")},
		`"Klingon" is not known`:           {table.Encoding("Klingon")},
		"ends within the 9 lines":          {table.SkipLines(9)},
	} {
		if _, err := table.ParseCSV(t.Context(), strings.NewReader("a,b\n1,2\n"), "x.csv", opts...); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
	path := filepath.Join(t.TempDir(), "x.parquet")
	tab, err := table.New([]string{"a"}, []int64{1})
	if err != nil {
		t.Fatal(err)
	}
	if err := tab.SaveParquet(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	for _, o := range []table.Option{table.Separator(';'), table.Nulls("NA"), table.Kinds{"a": table.String}, table.Comment("#"), table.SkipLines(1), table.Encoding("UTF-8")} {
		if _, err := table.ReadParquet(t.Context(), path, o); err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("an option of CSV for Parquet: %v", err)
		}
	}
}

// countingFile counts how often its text is begun anew.
type countingFile struct {
	*strings.Reader
	begun int
}

func (c *countingFile) Seek(offset int64, whence int) (int64, error) {
	if whence == 0 {
		c.begun++
	}
	return c.Reader.Seek(offset, whence)
}

// TestColumnsThatChangeLate has forty columns that all turn out to be something else at the end, each at a place of
// its own, read from where the reader stands.
// TestEmptyStringsAloneAreNoNulls reads a column of "" and nulls whose file is longer than a block, as a table and as a stream.
func TestEmptyStringsAloneAreNoNulls(t *testing.T) {
	const rows = 200_000
	text := "n,note\n" + strings.Repeat("12345678,\n87654321,\"\"\n", rows/2)
	path := filepath.Join(t.TempDir(), "notes.csv")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, read := range []func(context.Context, string, ...table.Option) (table.Table, error){table.ReadCSV, table.ReadCSVParallel} {
		tab, err := read(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		if nulls, empty := tab.WhereNull("note").Rows(), tab.Where("note", "==", "").Rows(); nulls != rows/2 || empty != rows/2 {
			t.Errorf("%d nulls and %d empty strings of %d rows", nulls, empty, rows)
		}
	}
	for _, s := range []table.Stream{table.ScanCSV(path), table.ScanCSV(path).Parallel(table.Workers(3))} {
		counts, err := s.GroupBy("note").Agg(t.Context(), table.Count("n"))
		if err != nil {
			t.Fatal(err)
		}
		if want := fmt.Sprintf("[note n_count] <nil>\n\"\" %d \n<nil> %d \n", rows/2, rows/2); sameText(counts) != want {
			t.Errorf("stream: %s want %s", sameText(counts), want)
		}
	}
	// A number behind them makes the column one of numbers, in which "" is no value.
	if err := os.WriteFile(path, []byte(text+"1,7\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	tab, err := table.ReadCSVParallel(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if kind, err := tab.Kind("note"); kind != table.Int || err != nil || tab.WhereNull("note").Rows() != rows {
		t.Errorf("a number at the end: %v, %d nulls, %v", kind, tab.WhereNull("note").Rows(), err)
	}
}

func TestColumnsThatChangeLate(t *testing.T) {
	const columns, rows = 40, 30_000
	last := []string{"x", "0.5", "007", "18446744073709551615", "true"}
	var text strings.Builder
	text.WriteString("old,names\n")
	for c := range columns {
		fmt.Fprintf(&text, "c%d,", c)
	}
	text.WriteString("n,empty\n")
	for row := range rows {
		for c := range columns {
			if row == rows-1-c*3 {
				text.WriteString(last[c%len(last)])
			} else {
				text.WriteString("1")
			}
			text.WriteByte(',')
		}
		fmt.Fprintf(&text, "%d,", row)
		if row == rows-1 {
			text.WriteString("12")
		}
		text.WriteByte('\n')
	}
	for _, workers := range []int{1, 4} {
		file := &countingFile{Reader: strings.NewReader(text.String())}
		if _, err := file.Reader.Seek(int64(len("old,names\n")), 0); err != nil {
			t.Fatal(err)
		}
		tab, err := table.ParseCSV(t.Context(), file, "x.csv", table.Workers(workers))
		if err != nil {
			t.Fatal(err)
		}
		if tab.Rows() != rows || len(tab.Columns()) != columns+2 || file.begun != 1 {
			t.Errorf("%d rows, columns %v, read again %d times", tab.Rows(), tab.Columns(), file.begun)
		}
		for c := range columns {
			name := fmt.Sprintf("c%d", c)
			want := []table.Kind{table.String, table.Float, table.String, table.String, table.String}[c%len(last)]
			at := rows - 1 - c*3
			if k := kindOf(tab, name); k != want {
				t.Errorf("%s is %v, want %v", name, k, want)
			}
			if got := strings.Trim(valuesOf(tab.Slice(at, at+1), name), `[]"`); got != last[c%len(last)] {
				t.Errorf("%s, row %d: %s", name, at, got)
			}
		}
		if sum, err := tab.Sum("n"); err != nil || sum != rows*(rows-1)/2 || kindOf(tab, "empty") != table.Int {
			t.Errorf("sum %v %v, %v", sum, err, kindOf(tab, "empty"))
		}
	}
	path := filepath.Join(t.TempDir(), "late.csv")
	if err := os.WriteFile(path, []byte(strings.TrimPrefix(text.String(), "old,names\n")), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, workers := range []int{1, 4} {
		sums, err := table.ScanCSV(path).Parallel(table.Workers(workers)).GroupBy("c0", "c2").Agg(t.Context(), table.Sum("n"), table.Max("empty"))
		if err != nil || sums.Rows() != 3 {
			t.Errorf("as a stream: %v %v", sums, err)
		}
	}
	if _, err := table.ParseCSV(t.Context(), bytes.NewBufferString(strings.TrimPrefix(text.String(), "old,names\n")), "x.csv"); err == nil || !strings.Contains(err.Error(), "table.Kinds sets it") {
		t.Errorf("from a stream that cannot be read again: %v", err)
	}
}
