package table_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow/ipc"

	"locuslab/locuskit/table"
	"locuslab/locuskit/table/gotatable"
)

var tableKinds = table.Kinds{"key": table.String, "number": table.Int, "real": table.Float, "flag": table.Bool, "small": table.Int}

func TestTablesComeBackFromEveryFormat(t *testing.T) {
	ctx := t.Context()
	formats := map[string]func(t table.Table, path string) (table.Table, error){
		"CSV": func(t table.Table, path string) (table.Table, error) {
			if err := t.SaveCSV(ctx, path); err != nil {
				return t, err
			}
			return table.ReadCSV(ctx, path, tableKinds)
		},
		"CSV parallel": func(t table.Table, path string) (table.Table, error) {
			if err := t.SaveCSV(ctx, path); err != nil {
				return t, err
			}
			return table.ReadCSVParallel(ctx, path, tableKinds, table.Workers(3))
		},
		"Parquet": func(t table.Table, path string) (table.Table, error) {
			if err := t.SaveParquet(ctx, path); err != nil {
				return t, err
			}
			return table.ReadParquet(ctx, path)
		},
		"Parquet parallel": func(t table.Table, path string) (table.Table, error) {
			if err := t.SaveParquet(ctx, path); err != nil {
				return t, err
			}
			return table.ReadParquetParallel(ctx, path, table.Workers(3))
		},
		"Arrow IPC": func(t table.Table, path string) (table.Table, error) {
			if err := t.SaveIPC(ctx, path); err != nil {
				return t, err
			}
			return table.ReadIPC(ctx, path)
		},
		"gota": func(t table.Table, _ string) (table.Table, error) {
			return gotatable.Table(ctx, gotatable.DataFrame(ctx, t))
		},
	}
	for name, f := range formats {
		t.Run(name, func(t *testing.T) {
			for _, rows := range []int{0, 1, 9, 2000} {
				for seed := range uint64(5) {
					r := rand.New(rand.NewPCG(seed, 3))
					want := randomTable(t, r, rows)
					if name == "gota" { // it has no null floats
						want = want.Drop("real")
						if rows == 0 {
							continue // nor tables without rows
						}
					}
					for _, want := range []table.Table{want, want.Where("small", ">", 2), want.Slice(3, 800)} {
						if name == "gota" && want.Rows() == 0 {
							continue
						}
						got, err := f(want, filepath.Join(t.TempDir(), "file"))
						if err != nil {
							t.Fatal(err)
						}
						if a, b := sameText(got), sameText(want); a != b {
							t.Fatalf("%d rows, seed %d: came back as\n%.2000s\nwant\n%.2000s", rows, seed, a, b)
						}
					}
				}
			}
		})
	}
}

func TestJSONComesBack(t *testing.T) {
	tab, err := table.ParseJSON(t.Context(), strings.NewReader(`[{"a":1,"b":"x","c":true,"d":{"e":[1, 2]}},{"a":null,"b":"ю\n","a2":-0.5},{"a":2.5}]`), "some.json")
	if err != nil {
		t.Fatal(err)
	}
	want := "[a b c d a2] <nil>\n3ff0000000000000 \"x\" true \"{\\\"e\\\":[1, 2]}\" <nil> \n<nil> \"ю\\n\" <nil> <nil> bfe0000000000000 \n4004000000000000 <nil> <nil> <nil> <nil> \n"
	if got := sameText(tab); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	var b bytes.Buffer
	if err := tab.WriteJSON(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	again, err := table.ParseJSON(t.Context(), &b, "written.json")
	if err != nil || sameText(again) != want {
		t.Errorf("written and read: %v %v", again, err)
	}
	zero, err := table.New([]string{"a"}, []float64{math.Copysign(0, -1)})
	if err != nil {
		t.Fatal(err)
	}
	b.Reset()
	if err := zero.WriteJSON(t.Context(), &b); err != nil || b.String() != "[{\"a\":-0.0}]\n" {
		t.Errorf("a negative zero is written as %q, %v", b.String(), err)
	}
	nulls, err := table.ParseJSON(t.Context(), strings.NewReader(`[{"a":null,"b":null},{"a":null,"b":2}]`), "nulls.json")
	if err != nil || sameText(nulls) != "[a b] <nil>\n<nil> <nil> \n<nil> 2 \n" {
		t.Errorf("a column of nulls: %v %v", nulls, err)
	}
	lines, err := table.ParseJSON(t.Context(), strings.NewReader("{\"a\":1}\n{\"a\":2}\n"), "lines.json")
	if err != nil || sameText(lines) != "[a] <nil>\n1 \n2 \n" {
		t.Errorf("JSON lines: %v %v", lines, err)
	}
}

// TestReadersNameThePlace has a case a file: input, and what the error says.
func TestReadersNameThePlace(t *testing.T) {
	for _, c := range []struct{ name, input, want string }{
		{"x.csv", "", "read CSV x.csv: the file is empty"},
		{"x.csv", "a,b\n1,2\n3\n", "read CSV x.csv: row 2: the row has 1 fields and the header 2"},
		{"x.csv", "a,b\n1,2\n3,4,5\n", "row 2: the row has 3 fields and the header 2"},
		{"x.csv", "a,b\n1,\"x\"y\n", `row 1, column "b": text follows the closing quote`},
		{"x.csv", "a,b\n1,\"2\n3,4\n", `row 1, column "b": a quote is opened and not closed`},
		{"x.csv", "\xef\xbb\xbf", "read CSV x.csv: the file is empty"},
		{"x.csv", "\n\r\n\n", "read CSV x.csv: the file is empty"},
		{"x.csv", "a,b\r1,2\r", "a carriage return stands alone"},
		{"x.csv", "number\n1\r2\r", `row 1, column "number": a carriage return stands alone`},
		{"x.csv", "key\nx\n1\r2\n", `row 2, column "key": a carriage return stands alone`},
		{"x.csv", "a,key,b\n1,x,2\n3,y\rz,4\n", `row 2, column "key": a carriage return stands alone`},
		{"x.csv", "\xff\xfea\x00\x00\xd8", "no character of UTF-16"},
		{"x.csv", "a\xe9,b\n1,2\n", "is not UTF-8"},
		{"x.csv", "a,key\n1,caf\xc3\xa9\n2,\n3,caf\xe9\n", `row 3, column "key": "caf\xe9" is not UTF-8`},
		{"x.csv", "number,b\n1,2\nx,3\n", `row 2, column "number": "x" is not an int`},
		{"x.json", "", "read JSON x.json: it is empty"},
		{"x.json", "7", "it starts with 7"},
		{"x.json", `[{"a":1},{"a":"x"}]`, `row 2, column "a": "x" is not an int`},
		{"x.json", `[{"a":1},{"a":2`, "row 2"},
		{"x.json", `[{"a":1}] 5`, "more behind the list's end"},
		{"x.json", `[{"a":null,"a":2}]`, `row 1, column "a": the object has it twice`},
		{"x.json", `[{"a":1,"a":2}]`, `row 1, column "a": the object has it twice`},
	} {
		t.Run(c.want, func(t *testing.T) {
			var err error
			if strings.HasSuffix(c.name, "csv") {
				kinds := make(table.Kinds)
				for name, k := range tableKinds {
					if header, _, _ := strings.Cut(c.input, "\n"); strings.Contains(header, name) {
						kinds[name] = k
					}
				}
				_, err = table.ParseCSV(t.Context(), strings.NewReader(c.input), c.name, kinds)
			} else {
				_, err = table.ParseJSON(t.Context(), strings.NewReader(c.input), c.name)
			}
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
	if _, err := table.ReadParquet(t.Context(), filepath.Join("no", "such.parquet")); err == nil || !strings.Contains(err.Error(), "such.parquet") {
		t.Errorf("a missing file: %v", err)
	}
}

func TestCSVWidensColumns(t *testing.T) {
	for _, c := range []struct{ last, want string }{{"0.5", "float"}, {"x", "string"}, {"99999999999999999999", "string"}, {"0123", "string"}, {"-0", "float"}, {"+7", "string"}} {
		path := filepath.Join(t.TempDir(), "wide.csv")
		if err := os.WriteFile(path, []byte("a,b\n"+strings.Repeat("1,2\n", 400_000)+c.last+",2\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		got, err := table.ReadCSVParallel(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		row := got.Tail(1)
		switch v := records(row)[0]["a"].(type) {
		case float64:
			if c.want != "float" || v != map[string]float64{"0.5": 0.5, "-0": 0}[c.last] {
				t.Errorf("%s was read as %v", c.last, v)
			}
		case string:
			if c.want != "string" || v != c.last {
				t.Errorf("%s was read as %q", c.last, v)
			}
		default:
			t.Errorf("%s was read as %T", c.last, v)
		}
	}
}

func TestCSVForms(t *testing.T) {
	for input, want := range map[string]string{
		"a,b\r\n1,x\r\n,\"\"\r\n":                            "[a b] <nil>\n1 \"x\" \n<nil> \"\" \n",
		"\xef\xbb\xbfa,\"b\"\"c\"\n1,\"x\ny\"\n\n2,\"\"\"\"": "[a b\"c] <nil>\n1 \"x\\ny\" \n2 \"\\\"\" \n",
		"a\n1\n\n3\n": "[a] <nil>\n1 \n<nil> \n3 \n",
		"a,b\n-9223372036854775808,1e300\n9223372036854775807,-0\n": "[a b] <nil>\n-9223372036854775808 7e37e43c8800759c \n9223372036854775807 8000000000000000 \n",
		"key,b\nabcdefgh,12345678\nabcdefghi,1\nabcdefg,2\n":        "[key b] <nil>\n\"abcdefgh\" 12345678 \n\"abcdefghi\" 1 \n\"abcdefg\" 2 \n",
		"a,b\n":                     "[a b] <nil>\n",
		"a,b":                       "[a b] <nil>\n",
		"a,b\n\"1\",x\n\"\",\"\"\n": "[a b] <nil>\n1 \"x\" \n<nil> \"\" \n", // "" is no number
		"n\n123456789012345678\n-1234567\n12345\n12345678\n":         "[n] <nil>\n123456789012345678 \n-1234567 \n12345 \n12345678 \n",
		"k,a b\n\"x, y\",O'Neil & Co. (1)\nz z z z z z z z,\"\n\"\n": "[k a b] <nil>\n\"x, y\" \"O'Neil & Co. (1)\" \n\"z z z z z z z z\" \"\\n\" \n",
		"d,x\n2020-01-31,1.5\n2020-02-01,-2.25e3\n":                  "[d x] <nil>\n\"2020-01-31\" 3ff8000000000000 \n\"2020-02-01\" c0a1940000000000 \n",
		"a,b\n,\n":                        "[a b] <nil>\n<nil> <nil> \n",
		"\xef\xbb\xbf\"a,\"\"\",b\n1,2\n": "[a,\" b] <nil>\n1 2 \n", // the first name is quoted, behind a byte order mark
		"a\n-nan\nInfinity\n":             "[a] <nil>\n7ff8000000000001 \n7ff0000000000000 \n",
	} {
		got, err := table.ParseCSV(t.Context(), strings.NewReader(input), "forms.csv")
		if err != nil || sameText(got) != want {
			t.Errorf("%q was read as\n%s%v, want\n%s", input, sameText(got), err, want)
		}
	}
}

func TestCompressedCSV(t *testing.T) {
	tab := largeTable().Head(150_000)
	var text, packed bytes.Buffer
	if err := tab.WriteCSV(t.Context(), &text); err != nil {
		t.Fatal(err)
	}
	text.WriteString("K1,0.5,1,true,x\n") // for which it is read again from its start
	z := gzip.NewWriter(&packed)
	z.Write(text.Bytes())
	z.Close()
	path := filepath.Join(t.TempDir(), "t.csv.gz")
	if err := os.WriteFile(path, packed.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	want, err := table.ParseCSV(t.Context(), bytes.NewReader(text.Bytes()), "plain.csv")
	if err != nil {
		t.Fatal(err)
	}
	got, err := table.ReadCSVParallel(t.Context(), path, table.Workers(3))
	if err != nil || digest(t, got) != digest(t, want) {
		t.Errorf("read as %v %v", got, err)
	}
	sums, err := table.ScanCSV(path).GroupSum(t.Context(), "few", "number")
	if err != nil || digest(t, sums.Select("few")) != digest(t, want.GroupSum("few", "number").Select("few")) {
		t.Errorf("streamed as %v %v", sums, err)
	}
	if err := os.WriteFile(path, packed.Bytes()[:packed.Len()-9], 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := table.ReadCSV(t.Context(), path); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("cut short: %v", err)
	}
}

func TestCSVOfOtherSeparators(t *testing.T) {
	for _, sep := range []table.Separator{';', '\t', '|'} {
		text := strings.ReplaceAll("key~number~real\nK,1~1~0.5\n\"a\"\"~b\"~~\nlonger than eight bytes~-7~2,5\n", "~", string(rune(sep)))
		got, err := table.ParseCSV(t.Context(), strings.NewReader(text), "x.csv", sep)
		want := strings.ReplaceAll("[key number real] <nil>\n\"K,1\" 1 \"0.5\" \n\"a\\\"~b\" <nil> <nil> \n\"longer than eight bytes\" -7 \"2,5\" \n", "~", strings.Trim(strconv.Quote(string(rune(sep))), "\""))
		if err != nil || sameText(got) != want {
			t.Errorf("%q: read as\n%s%v, want\n%s", sep, sameText(got), err, want)
		}
	}
	if _, err := table.ParseCSV(t.Context(), strings.NewReader("a"), "x.csv", table.Separator('"')); err == nil {
		t.Error("a quote as separator gives no error")
	}
}

func FuzzCSV(f *testing.F) {
	for _, seed := range []string{"a,b\n1,x\n", "a\n\"x\"\"y\"\n", "a,b\r\n,\r\n", "\"", "a,b\n1,\"x\n2,3", "k\n" + strings.Repeat("9", 30)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		tab, err := table.ParseCSV(t.Context(), strings.NewReader(text), "fuzz.csv")
		if err != nil {
			if !strings.Contains(err.Error(), "fuzz.csv") {
				t.Errorf("the error does not name the source: %v", err)
			}
			return
		}
		var b bytes.Buffer
		if err := tab.WriteCSV(t.Context(), &b); err != nil {
			t.Fatal(err)
		}
		kinds := make(table.Kinds)
		for _, name := range tab.Columns() {
			kinds[name] = kindOf(tab, name)
		}
		again, err := table.ParseCSV(t.Context(), &b, "again.csv", kinds)
		if err != nil || sameText(again) != sameText(tab) {
			t.Errorf("written and read again: %v\n%s\nwant\n%s", err, sameText(again), sameText(tab))
		}
	})
}

func kindOf(t table.Table, name string) table.Kind {
	if _, _, err := t.Ints(name); err == nil {
		return table.Int
	}
	if _, _, err := t.Floats(name); err == nil {
		return table.Float
	}
	if _, err := t.Strings(name); err == nil {
		return table.String
	}
	return table.Bool
}

func FuzzJSON(f *testing.F) {
	for _, seed := range []string{`[{"a":1}]`, `{"a":1}`, `[{"a":{"b":[1]}},{"a":"x"}]`, `[`, `[{"a":1e999}]`, `[{"":"\ud800"}]`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		tab, err := table.ParseJSON(t.Context(), strings.NewReader(text), "fuzz.json")
		if err != nil {
			if !strings.Contains(err.Error(), "fuzz.json") {
				t.Errorf("the error does not name the source: %v", err)
			}
			return
		}
		if err := tab.WriteJSON(t.Context(), io.Discard); err != nil {
			if !strings.Contains(err.Error(), "unsupported value: ") { // 1e999 is infinite, and JSON has no word for that
				t.Errorf("what was read cannot be written: %v", err)
			}
		}
	})
}

// fuzzFile reads changed files. One small file is written over for each: to make a new one takes several times as long as to read it. What
// more makes a fuzzer slow is that Go makes each input that reaches something new shorter, for a minute unless -fuzzminimizetime says less,
// and does little else then; see CONTRIBUTING.md.
func fuzzFile(f *testing.F, save func(t table.Table, path string) error, read func(ctx context.Context, path string) (table.Table, error)) {
	tab, err := table.New([]string{"k", "v", "x"}, []string{"a", "b", "a"}, []int64{1, 2, 3}, []float64{0.5, math.NaN(), math.Inf(1)})
	if err != nil {
		f.Fatal(err)
	}
	path := filepath.Join(f.TempDir(), "seed")
	if err := save(tab, path); err != nil {
		f.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add(data[:len(data)/2])
	file, err := os.CreateTemp(f.TempDir(), "fuzz")
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { file.Close() })
	f.Fuzz(func(t *testing.T, data []byte) {
		if _, err := file.WriteAt(data, 0); err != nil {
			t.Fatal(err)
		}
		if err := file.Truncate(int64(len(data))); err != nil {
			t.Fatal(err)
		}
		tab, err := read(t.Context(), file.Name())
		if err != nil {
			if !strings.Contains(err.Error(), file.Name()) {
				t.Errorf("the error does not name the file: %v", err)
			}
			return
		}
		_ = tab.String()
	})
}

func FuzzParquet(f *testing.F) {
	fuzzFile(f, func(t table.Table, path string) error { return t.SaveParquet(context.Background(), path) },
		func(ctx context.Context, path string) (table.Table, error) { return table.ReadParquet(ctx, path) })
}

func FuzzIPC(f *testing.F) {
	fuzzFile(f, func(t table.Table, path string) error { return t.SaveIPC(context.Background(), path) }, readIPC)
}

// FuzzIPCFile begins with the form that has an index at its end.
func FuzzIPCFile(f *testing.F) {
	fuzzFile(f, func(t table.Table, path string) error {
		batch, err := t.Record()
		if err != nil {
			return err
		}
		file, err := os.Create(path)
		if err != nil {
			return err
		}
		defer file.Close()
		w, err := ipc.NewFileWriter(file, ipc.WithSchema(batch.Schema()), ipc.WithZstd())
		if err != nil {
			return err
		}
		return errors.Join(w.Write(batch), w.Close())
	}, readIPC)
}

func readIPC(ctx context.Context, path string) (table.Table, error) {
	return table.ReadIPC(ctx, path)
}
