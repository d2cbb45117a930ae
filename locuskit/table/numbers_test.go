package table_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"

	"locuslab/locuskit/table"
)

func TestNumbersThatDoNotFitAreNeverMadeEqual(t *testing.T) {
	for input, want := range map[string]string{
		"id\n18446744073709551615\n18446744073709551614\n":  `["18446744073709551615" "18446744073709551614"]`,
		"id\n1\n18446744073709551614\n":                     `["1" "18446744073709551614"]`,
		"id\n0.5\n9007199254740993\n":                       `["0.5" "9007199254740993"]`,
		"id\n9007199254740993\n9007199254740992\n0.5\n":     `["9007199254740993" "9007199254740992" "0.5"]`,
		"id\n9007199254740993\n9007199254740992\n":          `[9007199254740993 9007199254740992]`,
		"zip\n02116\n94107\n":                               `["02116" "94107"]`,
		"zip\n94107\n\"02116\"\n":                           `["94107" "02116"]`,
		"phone\n+14165550100\n4165550100\n":                 `["+14165550100" "4165550100"]`,
		"t\n-0\n5\n":                                        `[-0 5]`,
		"x\n0\n-1\n00\n":                                    `["0" "-1" "00"]`,
		"x\n 1\n2 \n":                                       `[1 2]`,
		"x\n 0.50\n1e999\n":                                 `[0.5 +Inf]`,
		"x\n 1\nx\n":                                        `[" 1" "x"]`,
		"x,y\n1, 2\n3,\t4\n":                                `[1 3]`,
		"x\n12345678901234567890123\n":                      `["12345678901234567890123"]`,
		"x\n1000000000000000000000\n1.5\n":                  `[1e+21 1.5]`,
		"x\n000000000000000001\n000000000000000002\n":       `["000000000000000001" "000000000000000002"]`,
		"x\n0000000000000000000000000000000001\n1\n":        `["0000000000000000000000000000000001" "1"]`,
		"x\n-00000001\n1\n":                                 `["-00000001" "1"]`,
		"x\n1234567890123456789\n1234567890123456788\n0.25": `["1234567890123456789" "1234567890123456788" "0.25"]`,
		"x\n\"\"\n00501\n":                                  `["" "00501"]`,
	} {
		tab, err := table.ParseCSV(t.Context(), strings.NewReader(input), "x.csv")
		if err != nil {
			t.Errorf("%q: %v", input, err)
			continue
		}
		if got := valuesOf(tab, tab.Columns()[0]); got != want {
			t.Errorf("%q was read as %s, want %s", input, got, want)
		}
		// Late in a file, the same.
		name, rest, _ := strings.Cut(input, "\n")
		if strings.Contains(name, ",") {
			continue
		}
		if rest[len(rest)-1] != '\n' {
			rest += "\n"
		}
		late := name + ",n\n" + strings.Repeat("7,1\n", 300_000) + strings.ReplaceAll(rest, "\n", ",1\n")
		tab, err = table.ParseCSV(t.Context(), strings.NewReader(late), "late.csv")
		if err != nil {
			t.Errorf("%q, late: %v", input, err)
			continue
		}
		if got := valuesOf(tab.Slice(300_000, tab.Rows()), tab.Columns()[0]); got != want {
			t.Errorf("%q, late in a file, was read as %s, want %s", input, got, want)
		}
	}
	tab, err := table.ParseCSV(t.Context(), strings.NewReader("zip,id,big\n02116,18446744073709551615,18446744073709551615\n"), "x.csv", table.Kinds{"zip": table.Int, "big": table.Float})
	if err != nil || valuesOf(tab, "zip") != "[2116]" || valuesOf(tab, "big") != "[1.8446744073709552e+19]" {
		t.Errorf("numbers that the caller says are numbers: %v %v", tab, err)
	}
	if notes := tab.Notes(); len(notes) != 1 || !strings.Contains(notes[0], `"id" is text`) || !strings.Contains(notes[0], "18446744073709551615") {
		t.Errorf("notes %q", notes)
	}
}

// valuesOf returns the values of a column as Go writes them, strings quoted.
func valuesOf(t table.Table, name string) string {
	var list []string
	for _, row := range t.All() {
		switch v := row.Value(name).(type) {
		case string:
			list = append(list, fmt.Sprintf("%q", v))
		default:
			list = append(list, fmt.Sprint(v))
		}
	}
	return "[" + strings.Join(list, " ") + "]"
}

func TestNumbersOfArrowThatDoNotFitAreText(t *testing.T) {
	schema := arrow.NewSchema([]arrow.Field{{Name: "u", Type: arrow.PrimitiveTypes.Uint64, Nullable: true}, {Name: "d", Type: &arrow.Decimal128Type{Precision: 30, Scale: 2}, Nullable: true}}, nil)
	batch := func(u []uint64, valid []bool, d ...string) arrow.RecordBatch {
		us := array.NewUint64Builder(memory.DefaultAllocator)
		us.AppendValues(u, valid)
		ds := array.NewDecimal128Builder(memory.DefaultAllocator, schema.Field(1).Type.(*arrow.Decimal128Type))
		for _, text := range d {
			if err := ds.AppendValueFromString(text); err != nil {
				t.Fatal(err)
			}
		}
		return array.NewRecordBatch(schema, []arrow.Array{us.NewArray(), ds.NewArray()}, int64(len(u)))
	}
	small, large := batch([]uint64{1, 1 << 63}, []bool{true, false}, "1.50", "12345678901234.56"), batch([]uint64{1<<64 - 1, 1<<64 - 2}, nil, "1234567890123456789012.34", "1234567890123456789012.35")
	for want, batches := range map[string][]arrow.RecordBatch{
		`[1 <nil>] [1.5 1.234567890123456e+13]`: {small},
		`["1" <nil> "18446744073709551615" "18446744073709551614"] ["1.50" "12345678901234.56" "1234567890123456789012.34" "1234567890123456789012.35"]`: {small, large},
	} {
		arrows, pq := filepath.Join(t.TempDir(), "x.arrow"), filepath.Join(t.TempDir(), "x.parquet")
		saveIPC(t, arrows, batches...)
		var groups bytes.Buffer
		w, err := pqarrow.NewFileWriter(schema, &groups, nil, pqarrow.DefaultWriterProps())
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range batches {
			if err := w.Write(b); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(pq, groups.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		for how, read := range map[string]func() (table.Table, error){
			"IPC": func() (table.Table, error) { return table.ReadIPC(t.Context(), arrows) },
			"Parquet": func() (table.Table, error) {
				return table.ReadParquetParallel(t.Context(), pq, table.Workers(2))
			},
		} {
			tab, err := read()
			if err != nil {
				t.Errorf("%s: %v", how, err)
			} else if got := valuesOf(tab, "u") + " " + valuesOf(tab, "d"); got != want {
				t.Errorf("%s: %s, want %s", how, got, want)
			}
		}
	}
}

func TestJSONOfEveryKindOfNumber(t *testing.T) {
	for input, want := range map[string]string{
		`[{"a":18446744073709551615},{"a":18446744073709551614}]`: `["18446744073709551615" "18446744073709551614"]`,
		`[{"a":1},{},{"a":18446744073709551614}]`:                 `["1" <nil> "18446744073709551614"]`,
		`[{"a":9007199254740993},{"a":0.5}]`:                      `["9007199254740993" "0.5"]`,
		`[{"a":1},{"a":0.5},{"a":-0}]`:                            `[1 0.5 -0]`,
		`[{"a":0.5},{"a":1e999}]`:                                 `[0.5 +Inf]`,
		"\xef\xbb\xbf" + `[{"a":1}]`:                              `[1]`,
		"\xff\xfe[\x00{\x00\"\x00a\x00\"\x00:\x001\x00}\x00]\x00": `[1]`,
		`[{"a":0.5},{"a":18446744073709551614}]`:                  `error: row 2, column "a": 18446744073709551614 is not a number that a column of floats holds`,
		`[{"a":18446744073709551614},{"a":"x"}]`:                  `error: row 2, column "a": "x" is not a number`,
		`[{"a":"x"},{"a":18446744073709551614}]`:                  `error: row 2, column "a": 18446744073709551614 is not a string`,
		`[{"a":true},{"a":1}]`:                                    `error: row 2, column "a": 1 is not a bool`,
		`[{"a":1},{"a":true}]`:                                    `error: row 2, column "a": true is not an int`,
	} {
		tab, err := table.ParseJSON(t.Context(), strings.NewReader(input), "x.json")
		if message, wrong := strings.CutPrefix(want, "error: "); wrong {
			if err == nil || !strings.Contains(err.Error(), message) {
				t.Errorf("%s: %v %v, want error %s", input, tab, err, message)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", input, err)
		} else if got := valuesOf(tab, "a"); got != want {
			t.Errorf("%s was read as %s, want %s", input, got, want)
		}
	}
	tab, err := table.ParseJSON(t.Context(), strings.NewReader(`[{"zip":2116,"id":"007","x":1,"y":[1]},{"zip":"02116","id":8}]`), "x.json",
		table.Kinds{"zip": table.String, "id": table.Int}, table.Except("y"))
	if err != nil || sameText(tab) != "[zip id x] <nil>\n\"2116\" 7 1 \n\"02116\" 8 <nil> \n" {
		t.Errorf("with kinds: %v %v", tab, err)
	}
	if _, err := table.ParseJSON(t.Context(), strings.NewReader(`[{"a":1}]`), "x.json", table.Kinds{"b": table.Int}); err == nil || !strings.Contains(err.Error(), `no column "b", which table.Kinds names`) {
		t.Errorf("a kind of a column that is not there: %v", err)
	}
}
