package table_test

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/metadata"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"

	"locuslab/locuskit/table"
)

// TestParquetWhoseMetadataIsWrong reads files whose metadata knows nothing of the sizes and encodings of column chunks, as
// older versions of DuckDB and pyarrow wrote them.
func TestParquetWhoseMetadataIsWrong(t *testing.T) {
	const rows = 5000
	texts, numbers := array.NewStringBuilder(memory.DefaultAllocator), array.NewInt64Builder(memory.DefaultAllocator)
	for i := range rows {
		if i%11 == 3 {
			texts.AppendNull()
		} else {
			texts.Append(fmt.Sprint("text ", i*i))
		}
		numbers.Append(int64(i * i * i))
	}
	schema := arrow.NewSchema([]arrow.Field{{Name: "text", Type: arrow.BinaryTypes.String, Nullable: true}, {Name: "number", Type: arrow.PrimitiveTypes.Int64}}, nil)
	batch := array.NewRecordBatch(schema, []arrow.Array{texts.NewArray(), numbers.NewArray()}, rows)
	want, err := table.FromRecord(batch)
	if err != nil {
		t.Fatal(err)
	}
	for name, props := range map[string][]parquet.WriterProperty{
		"dictionaries": {parquet.WithDictionaryDefault(true)},
		"plain":        {parquet.WithDictionaryDefault(false)},
		"deltas": {parquet.WithDictionaryDefault(false), parquet.WithEncodingFor("text", parquet.Encodings.DeltaByteArray),
			parquet.WithEncodingFor("number", parquet.Encodings.DeltaBinaryPacked)},
	} {
		path := filepath.Join(t.TempDir(), "wrong.parquet")
		props = append(props, parquet.WithMaxRowGroupLength(2000), parquet.WithDataPageSize(4096))
		forgetSizes(t, path, batch, props)
		for _, form := range []func() (table.Table, error){
			func() (table.Table, error) { return table.ReadParquet(t.Context(), path) },
			func() (table.Table, error) { return table.ReadParquetParallel(t.Context(), path, table.Workers(3)) },
		} {
			if got, err := form(); err != nil || digest(t, got) != digest(t, want) {
				t.Errorf("%s: read as %v %v", name, got, err)
			}
		}
		sums, err := table.ScanParquet(path).GroupSum(t.Context(), "text", "number")
		if err != nil || digest(t, sums) != digest(t, want.GroupSum("text", "number")) {
			t.Errorf("%s: streamed as %v %v", name, sums, err)
		}
	}
}

// forgetSizes writes a Parquet file and takes out of its metadata how large column chunks are and how they are encoded.
func forgetSizes(t *testing.T, path string, batch arrow.RecordBatch, props []parquet.WriterProperty) {
	t.Helper()
	rewriteMetadata(t, path, written(t, batch, props), func(meta *metadata.FileMetaData) {
		for _, group := range meta.RowGroups {
			for _, chunk := range group.Columns {
				chunk.MetaData.TotalUncompressedSize, chunk.MetaData.Encodings = 0, nil
			}
		}
	})
}

// written returns a Parquet file, with Arrow's schema in its metadata.
func written(t *testing.T, batch arrow.RecordBatch, props []parquet.WriterProperty) []byte {
	t.Helper()
	var buf bytes.Buffer
	out, err := pqarrow.NewFileWriter(batch.Schema(), &buf, parquet.NewWriterProperties(props...), pqarrow.NewArrowWriterProperties(pqarrow.WithStoreSchema()))
	if err == nil {
		err = errors.Join(out.Write(batch), out.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// rewriteMetadata writes a Parquet file with other metadata.
func rewriteMetadata(t *testing.T, path string, data []byte, change func(meta *metadata.FileMetaData)) {
	t.Helper()
	in, err := file.NewParquetReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	meta := in.MetaData()
	change(meta)
	footer := int(binary.LittleEndian.Uint32(data[len(data)-8:]))
	anew := bytes.NewBuffer(bytes.Clone(data[:len(data)-8-footer]))
	size, err := meta.WriteTo(anew, nil)
	if err != nil {
		t.Fatal(err)
	}
	anew.Write(binary.LittleEndian.AppendUint32(nil, uint32(size)))
	anew.WriteString("PAR1")
	if err := os.WriteFile(path, anew.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestParquetWithADamagedSchemaOfArrow reads files whose metadata has Arrow's schema with one word that is far too large. Where
// that is how many fields there are, to make room for them would end the process.
func TestParquetWithADamagedSchemaOfArrow(t *testing.T) {
	n := array.NewInt64Builder(memory.DefaultAllocator)
	n.AppendValues([]int64{1, 2}, nil)
	schema := arrow.NewSchema([]arrow.Field{{Name: "n", Type: arrow.PrimitiveTypes.Int64}}, nil)
	data := written(t, array.NewRecordBatch(schema, []arrow.Array{n.NewArray()}, 2), nil)
	path := filepath.Join(t.TempDir(), "damaged.parquet")
	refused := 0
	for at, whole := 0, 4; at < whole; at += 4 {
		rewriteMetadata(t, path, data, func(meta *metadata.FileMetaData) {
			for _, note := range meta.FileMetaData.KeyValueMetadata {
				if note.Key != "ARROW:schema" {
					continue
				}
				message, err := base64.StdEncoding.DecodeString(*note.Value)
				if err != nil {
					t.Fatal(err)
				}
				whole = len(message) &^ 3
				binary.LittleEndian.PutUint32(message[at:], 0x2c000000)
				*note.Value = base64.StdEncoding.EncodeToString(message)
			}
		})
		if _, err := table.ReadParquet(t.Context(), path); err != nil {
			refused++
		}
	}
	if refused < 10 {
		t.Errorf("%d files are refused, want more: is there a schema?", refused)
	}
}

// nothing is a codec that makes no byte of no byte, as other programs do.
type nothing struct{ compress.Codec }

func (c nothing) Encode(dst, src []byte) []byte {
	if len(src) == 0 {
		return dst[:0]
	}
	return c.Codec.Encode(dst, src)
}

func (c nothing) EncodeLevel(dst, src []byte, level int) []byte {
	if len(src) == 0 {
		return dst[:0]
	}
	return c.Codec.EncodeLevel(dst, src, level)
}

// TestPagesWithoutAByte reads columns of nulls alone, whose pages have no values to be compressed.
func TestPagesWithoutAByte(t *testing.T) {
	schema := arrow.NewSchema([]arrow.Field{
		{Name: "none", Type: arrow.PrimitiveTypes.Int32, Nullable: true}, {Name: "no text", Type: arrow.BinaryTypes.String, Nullable: true},
		{Name: "no time", Type: arrow.FixedWidthTypes.Timestamp_us, Nullable: true}, {Name: "n", Type: arrow.PrimitiveTypes.Int64},
	}, nil)
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	for i := range 10 {
		for k := range 3 {
			b.Field(k).AppendNull()
		}
		b.Field(3).(*array.Int64Builder).Append(int64(i))
	}
	batch := b.NewRecordBatch()
	want, err := table.FromRecord(batch)
	if err != nil {
		t.Fatal(err)
	}
	for _, of := range []compress.Compression{compress.Codecs.Snappy, compress.Codecs.Gzip, compress.Codecs.Zstd, compress.Codecs.Brotli, compress.Codecs.Lz4Raw} {
		for _, dictionary := range []bool{true, false} {
			usual, err := compress.GetCodec(of)
			if err != nil {
				t.Fatal(err)
			}
			var buf bytes.Buffer
			props := parquet.NewWriterProperties(parquet.WithDataPageVersion(parquet.DataPageV2), parquet.WithCompression(of), parquet.WithDictionaryDefault(dictionary))
			compress.RegisterCodec(of, nothing{usual})
			out, err := pqarrow.NewFileWriter(schema, &buf, props, pqarrow.DefaultWriterProps())
			if err == nil {
				err = errors.Join(out.Write(batch), out.Close())
			}
			compress.RegisterCodec(of, usual)
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(t.TempDir(), "nulls.parquet")
			if err := os.WriteFile(path, buf.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
			if got, err := table.ReadParquet(t.Context(), path); err != nil || digest(t, got) != digest(t, want) {
				t.Errorf("%v, dictionary %v: read as %v %v", of, dictionary, got, err)
			}
		}
	}
}

func TestCompressedJSON(t *testing.T) {
	const text = `{"a": 1, "b": "x"}` + "\n" + `{"a": 2}` + "\n"
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	z.Write([]byte(text))
	z.Close()
	path := filepath.Join(t.TempDir(), "rows.jsonl.gz")
	if err := os.WriteFile(path, packed.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	want, err := table.ParseJSON(t.Context(), strings.NewReader(text), "plain.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := table.ReadJSON(t.Context(), path); err != nil || digest(t, got) != digest(t, want) {
		t.Errorf("read as %v %v", got, err)
	}
}

// TestTextOfAPipe reads what can be read once, as a shell hands it over: cat visits.csv | program /dev/stdin.
func TestTextOfAPipe(t *testing.T) {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	z.Write([]byte("a,b\n1,x\n2,y\n"))
	z.Close()
	for _, c := range []struct {
		text string
		read func(path string) (table.Table, error)
	}{
		{"a,b\n1,x\n2,y\n", func(path string) (table.Table, error) { return table.ReadCSV(t.Context(), path) }},
		{packed.String(), func(path string) (table.Table, error) { return table.ReadCSVParallel(t.Context(), path) }},
		{`[{"a": 1, "b": "x"}, {"a": 2, "b": "y"}]`, func(path string) (table.Table, error) { return table.ReadJSON(t.Context(), path) }},
	} {
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.WriteString(c.text); err != nil { // less than a pipe holds
			t.Fatal(err)
		}
		w.Close()
		got, err := c.read(fmt.Sprint("/dev/fd/", r.Fd()))
		r.Close()
		if err != nil || got.Rows() != 2 || fmt.Sprint(got.Columns()) != "[a b]" {
			t.Errorf("%.20q: read as %v %v", c.text, got, err)
			continue
		}
		if sum, err := got.Sum("a"); err != nil || sum != 3 {
			t.Errorf("%.20q: the sum is %v %v, want 3", c.text, sum, err)
		}
	}
}
