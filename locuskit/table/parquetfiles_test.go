package table_test

import (
	"bytes"
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
