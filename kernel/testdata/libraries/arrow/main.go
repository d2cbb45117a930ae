package main

import (
	"bytes"
	"context"
	"fmt"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/bitutil"
	"github.com/apache/arrow-go/v18/arrow/compute"
	"github.com/apache/arrow-go/v18/arrow/math"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
)

func main() {
	pool := memory.NewGoAllocator()
	b := array.NewInt64Builder(pool)
	f := array.NewFloat64Builder(pool)
	for i := range 1000 {
		b.Append(int64(i * 3))
		f.Append(float64(i) / 4)
	}
	ints, floats := b.NewInt64Array(), f.NewFloat64Array()
	fmt.Println(math.Int64.Sum(ints), math.Float64.Sum(floats))
	fmt.Println(bitutil.CountSetBits([]byte{0xff, 0x0f, 0x55, 1, 2, 3, 4, 5, 6, 7, 8, 9}, 3, 80))
	ctx := context.Background()
	sum, err := compute.Add(ctx, compute.ArithmeticOptions{}, compute.NewDatum(ints), compute.NewDatum(ints))
	fmt.Println(err, sum.(*compute.ArrayDatum).MakeArray().(*array.Int64).Value(999))
	over, err := compute.CallFunction(ctx, "greater", nil, compute.NewDatum(ints), compute.NewDatum(int64(1500)))
	fmt.Println(err, over.(*compute.ArrayDatum).MakeArray().(*array.Boolean).Value(501))
	cast, err := compute.CastArray(ctx, ints, compute.SafeCastOptions(arrow.PrimitiveTypes.Float64))
	fmt.Println(err, cast.(*array.Float64).Value(7))
	memory.Set(make([]byte, 100), 7)
	schema := arrow.NewSchema([]arrow.Field{{Name: "i", Type: arrow.PrimitiveTypes.Int64}, {Name: "f", Type: arrow.PrimitiveTypes.Float64}}, nil)
	record := array.NewRecordBatch(schema, []arrow.Array{ints, floats}, 1000)
	table := array.NewTableFromRecords(schema, []arrow.RecordBatch{record})
	for _, codec := range []compress.Compression{compress.Codecs.Snappy, compress.Codecs.Zstd, compress.Codecs.Gzip, compress.Codecs.Brotli} {
		var out bytes.Buffer
		fmt.Println(pqarrow.WriteTable(table, &out, 300, parquet.NewWriterProperties(parquet.WithCompression(codec)), pqarrow.DefaultWriterProps()))
		back, err := pqarrow.ReadTable(ctx, bytes.NewReader(out.Bytes()), nil, pqarrow.ArrowReadProperties{}, pool)
		fmt.Println(err, back.NumRows(), back.Column(1).Data().Chunk(0).(*array.Float64).Value(10))
		r, err := file.NewParquetReader(bytes.NewReader(out.Bytes()))
		fmt.Println(err, r.NumRowGroups())
	}
}
