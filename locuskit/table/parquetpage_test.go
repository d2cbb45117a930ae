package table

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"

	"locuslab/locuskit/table/internal/column"
)

// TestParquetPagesOfAllForms reads files of all page versions, codecs and encodings, many small pages
// and row groups, with and without nulls, and compares them with what was written.
func TestParquetPagesOfAllForms(t *testing.T) {
	const rows = 5003
	r := rand.New(rand.NewPCG(5, 5))
	codecs := []compress.Compression{compress.Codecs.Uncompressed, compress.Codecs.Snappy, compress.Codecs.Zstd, compress.Codecs.Gzip}
	for _, nulls := range []int{0, 2, 40, rows + 1} { // one in so many; 0 none, 1 would be all
		for _, version := range []parquet.DataPageVersion{parquet.DataPageV1, parquet.DataPageV2} {
			for _, dictionary := range []bool{true, false} {
				codec := codecs[r.IntN(len(codecs))]
				t.Run(fmt.Sprintf("nulls %d version %v dictionary %v %v", nulls, version, dictionary, codec), func(t *testing.T) {
					b := array.NewRecordBuilder(memory.DefaultAllocator, arrow.NewSchema([]arrow.Field{
						{Name: "long", Type: arrow.PrimitiveTypes.Int64, Nullable: nulls > 0},
						{Name: "small", Type: arrow.PrimitiveTypes.Int32, Nullable: true},
						{Name: "tiny", Type: arrow.PrimitiveTypes.Int8, Nullable: true},
						{Name: "real", Type: arrow.PrimitiveTypes.Float64, Nullable: true},
						{Name: "single", Type: arrow.PrimitiveTypes.Float32, Nullable: true},
						{Name: "text", Type: arrow.BinaryTypes.String, Nullable: true},
						{Name: "unsigned", Type: arrow.PrimitiveTypes.Uint32, Nullable: true},
						{Name: "flag", Type: arrow.FixedWidthTypes.Boolean, Nullable: true},
					}, nil))
					want := make([][]any, 8)
					for i := range rows {
						values := []any{r.Int64() >> r.IntN(60), int32(r.Int32() >> r.IntN(31)), int8(i % 11), r.NormFloat64(), float32(i % 7),
							fmt.Sprintf("слово %d", r.IntN(1+i%500)), uint32(1<<31 + i), i%3 == 0}
						if i%101 == 0 {
							values[3] = math.NaN()
						}
						for k, v := range values {
							if nulls > 0 && i%nulls == nulls-1 || nulls > rows {
								b.Field(k).AppendNull()
								want[k] = append(want[k], nil)
								continue
							}
							want[k] = append(want[k], appendValue(b.Field(k), v))
						}
					}
					path := filepath.Join(t.TempDir(), "t.parquet")
					var out bytes.Buffer
					props := parquet.NewWriterProperties(parquet.WithDataPageVersion(version), parquet.WithDictionaryDefault(dictionary),
						parquet.WithCompression(codec), parquet.WithDataPageSize(700), parquet.WithMaxRowGroupLength(777), parquet.WithDictionaryPageSizeLimit(3000))
					batch := b.NewRecordBatch()
					w, err := pqarrow.NewFileWriter(batch.Schema(), &out, props, pqarrow.NewArrowWriterProperties(pqarrow.WithStoreSchema()))
					if err != nil {
						t.Fatal(err)
					}
					if err := w.Write(batch); err != nil {
						t.Fatal(err)
					}
					if err := w.Close(); err != nil {
						t.Fatal(err)
					}
					if err := os.WriteFile(path, out.Bytes(), 0o644); err != nil {
						t.Fatal(err)
					}
					table, err := ReadParquetParallel(t.Context(), path, Workers(3))
					if err != nil {
						t.Fatal(err)
					}
					for k, name := range table.Columns() {
						c := table.cols[k]
						for i, w := range want[k] {
							if got := c.Value(i); got != w && !(w != w && got != got) {
								t.Fatalf("row %d, %s: %v, want %v", i, name, got, w)
							}
						}
						if c.Kind == column.String && c.Exact && nulls == 0 {
							used := make([]bool, c.Dict.Len())
							for _, code := range c.Codes {
								used[code] = true
							}
							if slices.Contains(used, false) {
								t.Errorf("%s says that all its dictionary occurs", name)
							}
						}
					}
					// The file cut or damaged anywhere gives an error that names it, or a table.
					for range 15 {
						bad := slices.Clone(out.Bytes())
						for range 1 + r.IntN(4) {
							bad[r.IntN(len(bad))] ^= byte(1 << r.IntN(8))
						}
						if err := os.WriteFile(path, bad, 0o644); err != nil {
							t.Fatal(err)
						}
						if _, err := ReadParquet(t.Context(), path); err != nil && !strings.Contains(err.Error(), path) {
							t.Errorf("%v does not name the file", err)
						}
					}
				})
			}
		}
	}
}

// appendValue appends v and gives it as a table has it.
func appendValue(b array.Builder, v any) any {
	switch b := b.(type) {
	case *array.Int64Builder:
		b.Append(v.(int64))
	case *array.Int32Builder:
		b.Append(v.(int32))
		return int64(v.(int32))
	case *array.Int8Builder:
		b.Append(v.(int8))
		return int64(v.(int8))
	case *array.Uint32Builder:
		b.Append(v.(uint32))
		return int64(v.(uint32))
	case *array.Float64Builder:
		b.Append(v.(float64))
	case *array.Float32Builder:
		b.Append(v.(float32))
		return float64(v.(float32))
	case *array.StringBuilder:
		b.Append(v.(string))
	case *array.BooleanBuilder:
		b.Append(v.(bool))
	}
	return v
}

func TestNestedParquetColumnsAreNamed(t *testing.T) {
	b := array.NewRecordBuilder(memory.DefaultAllocator, arrow.NewSchema([]arrow.Field{
		{Name: "id", Type: arrow.PrimitiveTypes.Int64},
		{Name: "tags", Type: arrow.ListOf(arrow.BinaryTypes.String)},
		{Name: "place", Type: arrow.StructOf(arrow.Field{Name: "lat", Type: arrow.PrimitiveTypes.Float64})},
	}, nil))
	b.Field(0).(*array.Int64Builder).Append(7)
	list := b.Field(1).(*array.ListBuilder)
	list.Append(true)
	list.ValueBuilder().(*array.StringBuilder).Append("x")
	place := b.Field(2).(*array.StructBuilder)
	place.Append(true)
	place.FieldBuilder(0).(*array.Float64Builder).Append(43.7)
	var out bytes.Buffer
	batch := b.NewRecordBatch()
	w, err := pqarrow.NewFileWriter(batch.Schema(), &out, parquet.NewWriterProperties(), pqarrow.DefaultWriterProps())
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Write(batch); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "nested.parquet")
	if err := os.WriteFile(path, out.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadParquet(t.Context(), path); err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "tags") {
		t.Errorf("a nested column: %v", err)
	}
	table, err := ReadParquet(t.Context(), path, Only("id"))
	if err != nil || table.Rows() != 1 || table.cols[0].Value(0) != int64(7) {
		t.Errorf("the columns beside it: %v, %v", table, err)
	}
}
