package main

import (
	"bytes"
	"context"
	"fmt"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/compute"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
)

func try[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func main() {
	ctx, pool := context.Background(), memory.DefaultAllocator
	schema := arrow.NewSchema([]arrow.Field{{Name: "id", Type: arrow.PrimitiveTypes.Int64}, {Name: "v", Type: arrow.PrimitiveTypes.Float64, Nullable: true}, {Name: "s", Type: arrow.BinaryTypes.String}}, nil)
	b := array.NewRecordBuilder(pool, schema)
	for i := range 10000 {
		b.Field(0).(*array.Int64Builder).Append(int64(i))
		if i%7 == 0 {
			b.Field(1).AppendNull()
		} else {
			b.Field(1).(*array.Float64Builder).Append(float64(i) / 3)
		}
		b.Field(2).(*array.StringBuilder).Append(fmt.Sprint("name ", i%13))
	}
	r := b.NewRecordBatch()
	fmt.Println(r.NumRows(), r.NumCols())

	doubled := try(compute.Add(ctx, compute.ArithmeticOptions{}, compute.NewDatumWithoutOwning(r.Column(0)), compute.NewDatumWithoutOwning(r.Column(0))))
	fmt.Println(doubled.(*compute.ArrayDatum).MakeArray().(*array.Int64).Value(777))
	greater := try(compute.CallFunction(ctx, "greater", nil, compute.NewDatumWithoutOwning(r.Column(1)), compute.NewDatum(3000.0)))
	filtered := try(compute.Filter(ctx, compute.NewDatumWithoutOwning(r), greater, *compute.DefaultFilterOptions()))
	fmt.Println(filtered.Len())
	cast := try(compute.CastArray(ctx, r.Column(0), compute.SafeCastOptions(arrow.PrimitiveTypes.Int32)))
	fmt.Println(cast.DataType(), cast.Len())
	fmt.Println(try(compute.CallFunction(ctx, "multiply", nil, compute.NewDatumWithoutOwning(r.Column(1)), compute.NewDatum(2.0))).(*compute.ArrayDatum).MakeArray().(*array.Float64).Value(100))

	var text bytes.Buffer
	w := ipc.NewWriter(&text, ipc.WithSchema(schema), ipc.WithZstd())
	if err := w.Write(r); err != nil {
		panic(err)
	}
	w.Close()
	back := try(ipc.NewReader(bytes.NewReader(text.Bytes())))
	for back.Next() {
		fmt.Println(array.RecordEqual(back.RecordBatch(), r))
	}
	for _, codec := range []compress.Compression{compress.Codecs.Uncompressed, compress.Codecs.Snappy, compress.Codecs.Zstd, compress.Codecs.Gzip} {
		var file1 bytes.Buffer
		table := array.NewTableFromRecords(schema, []arrow.RecordBatch{r})
		if err := pqarrow.WriteTable(table, &file1, 3000, parquet.NewWriterProperties(parquet.WithCompression(codec), parquet.WithDictionaryDefault(true)), pqarrow.DefaultWriterProps()); err != nil {
			panic(err)
		}
		reader := try(file.NewParquetReader(bytes.NewReader(file1.Bytes())))
		read := try(try(pqarrow.NewFileReader(reader, pqarrow.ArrowReadProperties{}, pool)).ReadTable(ctx))
		fmt.Println(codec, read.NumRows(), reader.NumRowGroups(), read.Column(2).Data().Chunk(0).(*array.String).Value(12))
		sum := 0.0
		for _, c := range read.Column(1).Data().Chunks() {
			values := c.(*array.Float64)
			for i := range values.Len() {
				if values.IsValid(i) {
					sum += values.Value(i)
				}
			}
		}
		fmt.Println(sum)
	}
}
