package table_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/decimal128"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"

	"locuslab/locuskit/table"
)

// field is a column of a record batch and what each of its values is as Go sees it; nested columns have none.
type field struct {
	name   string
	column arrow.Array
	want   func(i int) any
}

// fieldsOf is columns of every kind that a table knows, flat, and among them nested ones.
func fieldsOf(t *testing.T, rows int) []field {
	build := func(dt arrow.DataType, add func(b array.Builder, i int)) arrow.Array {
		b := array.NewBuilder(memory.DefaultAllocator, dt)
		defer b.Release()
		for i := range rows {
			add(b, i)
		}
		return b.NewArray()
	}
	nested := func(dt arrow.DataType, text string) arrow.Array {
		return build(dt, func(b array.Builder, i int) {
			if i%7 == 3 {
				b.AppendNull()
			} else if err := b.AppendValueFromString(text); err != nil {
				t.Fatal(err)
			}
		})
	}
	i64 := arrow.PrimitiveTypes.Int64
	return []field{
		{"struct", nested(arrow.StructOf(arrow.Field{Name: "a", Type: i64, Nullable: true}, arrow.Field{Name: "b", Type: arrow.BinaryTypes.String, Nullable: true}), `{"a":1,"b":"x"}`), nil},
		{"list", nested(arrow.ListOf(arrow.BinaryTypes.String), `["x","y"]`), nil},
		{"map", nested(arrow.MapOf(arrow.BinaryTypes.String, i64), `[{"key":"k","value":1}]`), nil},
		{"deep", nested(arrow.ListOf(arrow.StructOf(arrow.Field{Name: "c", Type: arrow.ListOf(i64), Nullable: true})), `[{"c":[1,2]}]`), nil},
		{"int", build(i64, func(b array.Builder, i int) { b.(*array.Int64Builder).Append(int64(i)) }), func(i int) any { return int64(i) }},
		{"other int", build(i64, func(b array.Builder, i int) { b.(*array.Int64Builder).Append(int64(-i)) }), func(i int) any { return int64(-i) }},
		{"float", build(arrow.PrimitiveTypes.Float64, func(b array.Builder, i int) { b.(*array.Float64Builder).Append(float64(i) / 4) }), func(i int) any { return float64(i) / 4 }},
		{"text", build(arrow.BinaryTypes.String, func(b array.Builder, i int) { b.(*array.StringBuilder).Append(fmt.Sprint("t", i%5)) }), func(i int) any { return fmt.Sprint("t", i%5) }},
		{"other text", build(arrow.BinaryTypes.String, func(b array.Builder, i int) { b.(*array.StringBuilder).Append(fmt.Sprint("o", i%3)) }), func(i int) any { return fmt.Sprint("o", i%3) }},
		{"bool", build(arrow.FixedWidthTypes.Boolean, func(b array.Builder, i int) { b.(*array.BooleanBuilder).Append(i%3 == 0) }), func(i int) any { return i%3 == 0 }},
		{"other bool", build(arrow.FixedWidthTypes.Boolean, func(b array.Builder, i int) { b.(*array.BooleanBuilder).Append(i%2 == 0) }), func(i int) any { return i%2 == 0 }},
		{"date", build(arrow.FixedWidthTypes.Date32, func(b array.Builder, i int) { b.(*array.Date32Builder).Append(arrow.Date32(18000 + i%9)) }), func(i int) any { return fmt.Sprintf("2019-04-%02d", 14+i%9) }},
		{"other date", build(arrow.FixedWidthTypes.Date32, func(b array.Builder, i int) { b.(*array.Date32Builder).Append(arrow.Date32(i % 9)) }), func(i int) any { return fmt.Sprintf("1970-01-%02d", 1+i%9) }},
		{"decimal", build(&arrow.Decimal128Type{Precision: 9, Scale: 2}, func(b array.Builder, i int) { b.(*array.Decimal128Builder).Append(decimal128.FromI64(int64(i * 25))) }), func(i int) any { return float64(i*25) / 100 }},
		{"unsigned", build(arrow.PrimitiveTypes.Uint64, func(b array.Builder, i int) { b.(*array.Uint64Builder).Append(uint64(i + 7)) }), func(i int) any { return int64(i + 7) }},
	}
}

// TestAColumnIsItselfBesideNestedOnes reads each flat column by its name out of files in which nested columns stand
// before, between and behind flat ones, in every way of reading.
func TestAColumnIsItselfBesideNestedOnes(t *testing.T) {
	const rows = 40
	r := rand.New(rand.NewPCG(13, 1))
	for trial := range 12 {
		fields := fieldsOf(t, rows)
		r.Shuffle(len(fields), func(i, j int) { fields[i], fields[j] = fields[j], fields[i] })
		var types []arrow.Field
		var columns []arrow.Array
		for _, f := range fields {
			types = append(types, arrow.Field{Name: f.name, Type: f.column.DataType(), Nullable: true})
			columns = append(columns, f.column)
		}
		batch := array.NewRecordBatch(arrow.NewSchema(types, nil), columns, rows)
		path := filepath.Join(t.TempDir(), "mixed.parquet")
		saveParquet(t, path, batch, parquet.WithDictionaryDefault(trial%2 == 0), parquet.WithMaxRowGroupLength(int64(7+trial)))
		arrows := filepath.Join(t.TempDir(), "mixed.arrow")
		saveIPC(t, arrows, batch)
		var flat, nested []string
		for _, f := range fields {
			if f.want != nil {
				flat = append(flat, f.name)
			} else {
				nested = append(nested, f.name)
			}
		}
		reads := map[string]func(o table.Option) (table.Table, error){
			"Parquet": func(o table.Option) (table.Table, error) {
				return table.ReadParquet(t.Context(), path, o)
			},
			"Parquet parallel": func(o table.Option) (table.Table, error) {
				return table.ReadParquetParallel(t.Context(), path, o, table.Workers(3))
			},
			"IPC":    func(o table.Option) (table.Table, error) { return table.ReadIPC(t.Context(), arrows, o) },
			"record": func(o table.Option) (table.Table, error) { return table.FromRecord(batch, o) },
		}
		check := func(how string, tab table.Table, err error, names ...string) {
			t.Helper()
			if err != nil || !slices.Equal(tab.Columns(), names) || tab.Rows() != rows {
				t.Fatalf("%s of %q: %v, %v", how, names, tab, err)
			}
			for _, f := range fields {
				if !slices.Contains(names, f.name) {
					continue
				}
				for i, row := range tab.All() {
					if got := row.Value(f.name); got != f.want(i) {
						t.Fatalf("%s: column %q, row %d is %v, want %v", how, f.name, i, got, f.want(i))
					}
				}
			}
		}
		for how, read := range reads {
			for _, name := range flat {
				tab, err := read(table.Only(name))
				check(how, tab, err, name)
			}
			tab, err := read(table.Except(nested...))
			check(how, tab, err, flat...)
			backwards := slices.Clone(flat)
			slices.Reverse(backwards)
			tab, err = read(table.Only(backwards...))
			check(how, tab, err, backwards...)
			_, err = read(table.Except())
			for _, name := range nested[:1] {
				if err == nil || !strings.Contains(err.Error(), fmt.Sprintf("%q", name)) || !strings.Contains(err.Error(), "table.Except(") {
					t.Errorf("%s of all columns: error %v", how, err)
				}
			}
		}
		for _, f := range fields {
			if f.want == nil || f.name == "text" {
				continue
			}
			tab, err := table.ScanParquet(path).GroupBy("text").Agg(t.Context(), table.Max(f.name))
			if err != nil || tab.Rows() != 5 {
				t.Fatalf("stream of %q: %v, %v", f.name, tab, err)
			}
			whole, err := table.ReadParquet(t.Context(), path, table.Only("text", f.name))
			if want := whole.GroupBy("text").Agg(table.Max(f.name)); err != nil || sameText(tab) != sameText(want) {
				t.Errorf("stream of %q:\n%v\nwant\n%v", f.name, tab, want)
			}
		}
	}
}

func saveParquet(t *testing.T, path string, batch arrow.RecordBatch, options ...parquet.WriterProperty) {
	t.Helper()
	var out bytes.Buffer
	w, err := pqarrow.NewFileWriter(batch.Schema(), &out, parquet.NewWriterProperties(options...), pqarrow.NewArrowWriterProperties(pqarrow.WithStoreSchema()))
	if err == nil {
		err = w.Write(batch)
	}
	if err == nil {
		err = w.Close()
	}
	if err == nil {
		err = os.WriteFile(path, out.Bytes(), 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func saveIPC(t *testing.T, path string, batches ...arrow.RecordBatch) {
	t.Helper()
	var out bytes.Buffer
	w := ipc.NewWriter(&out, ipc.WithSchema(batches[0].Schema()))
	for _, b := range batches {
		if err := w.Write(b); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, out.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestFilesThatWereReadWrongly(t *testing.T) {
	ctx := t.Context()
	read := func(name string, opts ...table.Option) (table.Table, error) {
		path := filepath.Join("testdata", "files", name)
		if strings.HasSuffix(name, ".arrow") {
			return table.ReadIPC(ctx, path, opts...)
		}
		return table.ReadParquet(ctx, path, opts...)
	}
	opened, err := read("nested-then-flat.parquet", table.Only("opened"))
	if first := opened.Head(1); err != nil || records(first)[0]["opened"] != "2020-01-01" {
		t.Errorf("a column behind a nested one: %v %v", opened, err)
	}
	variant, err := read("variant.parquet", table.Except("var"))
	if err != nil || records(variant)[0]["id"] != int64(1) {
		t.Errorf("a column beside a variant: %v %v", variant, err)
	}
	if _, err := read("variant.parquet"); err == nil || !strings.Contains(err.Error(), `table.Except("var")`) || strings.Contains(err.Error(), "damaged") {
		t.Errorf("a variant: %v", err)
	}
	if _, err := read("decimal-beyond-precision.arrow"); err == nil || !strings.Contains(err.Error(), `column "d", row 1: 128.10 has 5 digits`) {
		t.Errorf("a decimal of more digits than its type has: %v", err)
	}
	for _, how := range []string{"tz.parquet", "tz.arrow"} {
		zones, err := read(how)
		if err != nil {
			t.Fatal(err)
		}
		for i, row := range zones.All() {
			if row.String("ny") != row.String("utc") || i > 0 && row.String("ny") <= records(zones)[i-1]["ny"].(string) {
				t.Errorf("%s, row %d: %s in New York, %s in UTC", how, i, row.String("ny"), row.String("utc"))
			}
		}
	}
	std, err := table.ScanParquet(filepath.Join("testdata", "files", "std-of-infinity.parquet")).GroupBy("k").Agg(ctx, table.Std("w"), table.Mean("w"))
	whole, err2 := read("std-of-infinity.parquet")
	if want := whole.GroupBy("k").Agg(table.Std("w"), table.Mean("w")); err != nil || err2 != nil || std.String() != want.String() || !strings.Contains(std.String(), "NaN") {
		t.Errorf("std beside an infinity, as a stream\n%v %v\nand of a table\n%v %v", std, err, want, err2)
	}
}

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

// valuesOf is the values of a column as Go writes them, strings quoted.
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

func TestNamesThatAreNotThere(t *testing.T) {
	tab, err := table.New([]string{"zip", "visits"}, []string{"02116", "94107"}, []int64{500, 3})
	if err != nil {
		t.Fatal(err)
	}
	for how, f := range map[string]func(r table.Row) bool{
		`no column "vists": the table has zip, visits`:  func(r table.Row) bool { return r.Int("vists") > 100 },
		`no column "vist": the table has zip, visits`:   func(r table.Row) bool { return r.IsNull("vist") },
		`no column "v": the table has zip, visits`:      func(r table.Row) bool { return r.Value("v") == nil },
		`column "zip" holds string values, not int`:     func(r table.Row) bool { return r.Int("zip") > 100 },
		`column "zip" holds string values, not numbers`: func(r table.Row) bool { return r.Float("zip") > 100 },
		`column "visits" holds int values, not string`:  func(r table.Row) bool { return r.String("visits") == "" },
		`column "visits" holds int values, not bool`:    func(r table.Row) bool { return r.Bool("visits") },
	} {
		for _, got := range []table.Table{tab.Filter(f), tab.FilterParallel(f, table.Workers(2))} {
			if err := got.Err(); err == nil || !strings.Contains(err.Error(), how) {
				t.Errorf("error %v, want %q", err, how)
			}
		}
		if p := panicOf(func() {
			for _, row := range tab.All() {
				f(row)
			}
		}); p == nil || !strings.Contains(p.Error(), how) {
			t.Errorf("in a loop: panic %v, want %q", p, how)
		}
	}
	if n := tab.Filter(func(r table.Row) bool { return r.Int("visits") > 100 && r.Float("visits") > 1 }).Rows(); n != 1 {
		t.Errorf("%d rows", n)
	}
	if p := panicOf(func() { tab.Filter(func(table.Row) bool { panic(fmt.Errorf("mine")) }) }); p == nil || p.Error() != "mine" {
		t.Errorf("a panic of the caller's own: %v", p)
	}
	if _, err := table.ParseCSV(t.Context(), strings.NewReader("zip,visits\n02116,500\n"), "x.csv", table.Kinds{"zipp": table.String}); err == nil || !strings.Contains(err.Error(), `no column "zipp", which table.Kinds names: the file has zip, visits`) {
		t.Errorf("Kinds: %v", err)
	}
}

// panicOf is what f panics with.
func panicOf(f func()) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = r.(error)
		}
	}()
	f()
	return nil
}

func TestNoNumberOfAFailedTable(t *testing.T) {
	tab, err := table.New([]string{"a"}, []int64{1})
	if err != nil {
		t.Fatal(err)
	}
	failed := tab.Where("b", ">", 0)
	for name, f := range map[string]func(){
		"Rows":    func() { failed.Rows() },
		"Columns": func() { failed.Columns() },
		"All":     func() { failed.Sort("a").All() },
		"Schema":  func() { failed.Schema() },
	} {
		if p := panicOf(f); p == nil || !strings.Contains(p.Error(), `no column "b"`) {
			t.Errorf("%s: panic %v", name, p)
		}
	}
	if s := failed.String() + failed.HTML() + failed.Explain(); strings.Count(s, `no column &#34;b&#34;`)+strings.Count(s, `no column "b"`) != 3 {
		t.Errorf("shown as %s", s)
	}
}

func TestCSVFormsOfOthers(t *testing.T) {
	for name, c := range map[string]struct {
		input string
		opts  []table.Option
		want  string
		notes int
	}{
		"names twice":         {"a,a,a_1,b,a\n1,2,3,4,5\n", nil, "[a a_2 a_1 b a_3] <nil>\n1 2 3 4 5 \n", 2},
		"no name":             {",a,\"\"\nx,1,2\n", nil, "[column_1 a column_3] <nil>\n\"x\" 1 2 \n", 2},
		"blank lines":         {"\n\r\n\na,b\n1,2\n", nil, "[a b] <nil>\n1 2 \n", 0},
		"order mark":          {"\xef\xbb\xbf\na,b\n1,2\n", nil, "[a b] <nil>\n1 2 \n", 0},
		"words for null":      {"a,b,c\nNA,NA,1\n1,\"NA\",-\n-,x,2\n", []table.Option{table.Nulls("NA", "-")}, "[a b c] <nil>\n<nil> <nil> 1 \n1 <nil> <nil> \n<nil> \"x\" 2 \n", 0},
		"comments":            {"# one\na,b\n#two\n1,\"x\n#no\"\n#three,\"\n2,#\n", []table.Option{table.Comment("#")}, "[a b] <nil>\n1 \"x\\n#no\" \n2 \"#\" \n", 0},
		"lines to skip":       {"a report\nof \"1\nkey;v\nx;1\n", []table.Option{table.SkipLines(2), table.Separator(';')}, "[key v] <nil>\n\"x\" 1 \n", 0},
		"Latin-1":             {"k\xe9y\ncaf\xe9\n", []table.Option{table.Encoding("ISO-8859-1")}, "[kéy] <nil>\n\"café\" \n", 0},
		"UTF-16":              {"\xff\xfea\x00\n\x00\xe9\x00\n\x00", nil, "[a] <nil>\n\"é\" \n", 0},
		"UTF-16, the other":   {"\xfe\xff\x00a\x00\n\x00\xe9\x00\n", nil, "[a] <nil>\n\"é\" \n", 0},
		"UTF-16 without mark": {"a\x00\n\x007\x00\n\x00", []table.Option{table.Encoding("UTF-16LE")}, "[a] <nil>\n7 \n", 0},
		"some columns":        {"a,b,c\n1,x,2\n3,\"y\n\",4\n", []table.Option{table.Only("c", "a")}, "[c a] <nil>\n2 1 \n4 3 \n", 0},
		"but one":             {"a,b,c\n1,x,2\n", []table.Option{table.Except("b")}, "[a c] <nil>\n1 2 \n", 0},
		"nulls alone":         {"a,b\n,1\n,2\n", nil, "[a b] <nil>\n<nil> 1 \n<nil> 2 \n", 0},
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

func TestLZ4OfHadoop(t *testing.T) {
	tab := largeTable().Head(5000)
	batch, err := tab.Record()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "x.parquet")
	saveParquet(t, path, batch, parquet.WithCompression(compress.Codecs.Lz4), parquet.WithDictionaryDefault(true))
	got, err := table.ReadParquet(t.Context(), path)
	if err != nil || sameText(got) != sameText(tab) {
		t.Errorf("read as %v %v", got, err)
	}
}

func TestASavedFileStaysWhatItWas(t *testing.T) {
	tab := largeTable().Head(10)
	saves := map[string]func(context.Context, string) error{"csv": tab.SaveCSV, "parquet": tab.SaveParquet, "arrow": tab.SaveIPC, "json": tab.SaveJSON}
	for name, save := range saves {
		dir := t.TempDir()
		private, link := filepath.Join(dir, "private"), filepath.Join(dir, "link")
		if err := os.WriteFile(private, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(private, link); err != nil {
			t.Fatal(err)
		}
		if err := save(t.Context(), link); err != nil {
			t.Fatal(err)
		}
		a, err := os.Stat(private)
		b, err2 := os.Lstat(link)
		if err != nil || err2 != nil || a.Mode() != 0o600 || a.Size() == 0 || b.Mode().Type() != os.ModeSymlink {
			t.Errorf("%s: file %v of %d bytes, link %v", name, a.Mode(), a.Size(), b.Mode())
		}
	}
}
