package table_test

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/bitutil"
	"github.com/apache/arrow-go/v18/arrow/float16"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/schema"

	"locuslab/locuskit/table"
)

// viewsAndNumbers is a small IPC file or stream of kinds of columns whose layouts differ.
func viewsAndNumbers(t *testing.T, asFile bool) []byte {
	t.Helper()
	fields := []arrow.Field{{Name: "view", Type: arrow.BinaryTypes.StringView, Nullable: true}, {Name: "number", Type: arrow.PrimitiveTypes.Int64, Nullable: true}}
	s := arrow.NewSchema(fields, nil)
	b := array.NewRecordBuilder(memory.DefaultAllocator, s)
	b.Field(0).(*array.StringViewBuilder).AppendValues([]string{"short", "longer than fits in a view"}, nil)
	b.Field(1).(*array.Int64Builder).AppendValues([]int64{7, 8}, []bool{false, true})
	batch := b.NewRecordBatch()
	var out bytes.Buffer
	if asFile {
		w, err := ipc.NewFileWriter(&out, ipc.WithSchema(s))
		if err == nil {
			err = w.Write(batch)
		}
		if err == nil {
			err = w.Close()
		}
		if err != nil {
			t.Fatal(err)
		}
		return out.Bytes()
	}
	w := ipc.NewWriter(&out, ipc.WithSchema(s))
	if err := w.Write(batch); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestIPCWithOneChangedByte changes each byte of a file. Some lengths, as that of the list of a view's buffers, once ended the
// process, for there is no such memory, and others left out all columns without a word.
func TestIPCWithOneChangedByte(t *testing.T) {
	path := filepath.Join(t.TempDir(), "t.arrow")
	for _, asFile := range []bool{false, true} {
		data := viewsAndNumbers(t, asFile)
		read := 0
		for at := range data {
			for _, to := range []byte{0, data[at] ^ 1, data[at] + 8, 0x7f, 0xff} {
				changed := bytes.Clone(data)
				changed[at] = to
				if err := os.WriteFile(path, changed, 0o644); err != nil {
					t.Fatal(err)
				}
				got, err := table.ReadIPC(t.Context(), path)
				if err != nil {
					continue
				}
				read++
				if n := len(got.Columns()); n != 2 {
					t.Errorf("file %t, byte %d made %#x: %d columns are read without an error, want 2", asFile, at, to, n)
				}
				if got.Rows() != 2 {
					t.Errorf("file %t, byte %d made %#x: %d rows are read without an error, want 2", asFile, at, to, got.Rows())
				}
			}
		}
		if read < len(data) {
			t.Errorf("file %t: only %d of %d changed files are read: padding and values can be changed without harm", asFile, read, 5*len(data))
		}
	}
}

// TestNullsThatAFileTellsOfAndDoesNotMark holds the count of an array's nulls to its bitmap: without it the nulls would be zeros.
func TestNullsThatAFileTellsOfAndDoesNotMark(t *testing.T) {
	values := memory.NewBufferBytes(arrow.Int64Traits.CastToBytes([]int64{1, 2, 3}))
	s := arrow.NewSchema([]arrow.Field{{Name: "v", Type: arrow.PrimitiveTypes.Int64, Nullable: true}}, nil)
	marks := func(valid ...int) *memory.Buffer {
		bits := make([]byte, 1)
		for _, i := range valid {
			bitutil.SetBit(bits, i)
		}
		return memory.NewBufferBytes(bits)
	}
	for _, c := range []struct {
		marks *memory.Buffer
		nulls int
		want  string
	}{
		{nil, 1, "column \"v\" is damaged: it tells of 1 nulls, and marks 0 of 3 values"},
		{memory.NewBufferBytes(nil), 3, "it tells of 3 nulls, and marks 0 of 3 values"},
		{marks(0), 1, "it tells of 1 nulls, and marks 2 of 3 values"},
		{marks(0, 1, 2), 5, "it tells of 5 nulls, and marks 0 of 3 values"},
		{marks(0, 2), 1, ""},
		{marks(0, 2), array.UnknownNullCount, ""},
		{nil, 0, ""},
	} {
		data := array.NewData(arrow.PrimitiveTypes.Int64, 3, []*memory.Buffer{c.marks, values}, nil, c.nulls, 0)
		batch := array.NewRecordBatch(s, []arrow.Array{array.NewInt64Data(data)}, 3)
		_, err := table.FromRecord(batch)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%d nulls: %v, want %q", c.nulls, err, c.want)
		}
	}
}

// TestHalfFloats reads every one of them.
func TestHalfFloats(t *testing.T) {
	b := array.NewFloat16Builder(memory.DefaultAllocator)
	for bits := range 1 << 16 {
		b.Append(float16.FromLEBytes([]byte{byte(bits), byte(bits >> 8)}))
	}
	s := arrow.NewSchema([]arrow.Field{{Name: "h", Type: arrow.FixedWidthTypes.Float16}}, nil)
	tab, err := table.FromRecord(array.NewRecordBatch(s, []arrow.Array{b.NewArray()}, 1<<16))
	if err != nil {
		t.Fatal(err)
	}
	got, _, err := tab.Floats("h")
	if err != nil {
		t.Fatal(err)
	}
	for bits, v := range got {
		exponent, fraction := bits>>10&31, float64(bits&1023)
		want := math.Ldexp(1024+fraction, exponent-25)
		switch {
		case exponent == 0:
			want = math.Ldexp(fraction, -24)
		case exponent == 31 && fraction == 0:
			want = math.Inf(1)
		case exponent == 31:
			want = math.NaN()
		}
		if bits>>15 == 1 {
			want = -want
		}
		if math.Float64bits(v) != math.Float64bits(want) && !(math.IsNaN(v) && math.IsNaN(want)) {
			t.Fatalf("half float %#04x is %v, want %v", bits, v, want)
		}
	}
}

// writeInt32s writes one required column of physical type INT32.
func writeInt32s(t *testing.T, path string, logical schema.LogicalType, values ...int32) {
	t.Helper()
	node, err := schema.NewPrimitiveNodeLogical("v", parquet.Repetitions.Required, logical, parquet.Types.Int32, 0, -1)
	if err != nil {
		t.Fatal(err)
	}
	root, err := schema.NewGroupNode("schema", parquet.Repetitions.Required, schema.FieldList{node}, -1)
	if err != nil {
		t.Fatal(err)
	}
	out, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w := file.NewParquetWriter(out, root)
	group, err := w.AppendRowGroupChecked()
	if err != nil {
		t.Fatal(err)
	}
	column, err := group.NextColumn()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := column.(*file.Int32ColumnChunkWriter).WriteBatch(values, nil, nil); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestParquetIntegersBeyondTheirType has INT32 hold what the column's type does not: other programs make other numbers of it.
func TestParquetIntegersBeyondTheirType(t *testing.T) {
	path := filepath.Join(t.TempDir(), "t.parquet")
	for _, c := range []struct {
		bits   int8
		values []int32
		ok     bool
	}{
		{8, []int32{-128, 127}, true}, {8, []int32{0, 128}, false}, {8, []int32{-129, 0}, false},
		{16, []int32{-1 << 15, 1<<15 - 1}, true}, {16, []int32{1 << 15}, false}, {32, []int32{math.MinInt32, math.MaxInt32}, true},
	} {
		writeInt32s(t, path, schema.NewIntLogicalType(c.bits, true), c.values...)
		got, err := table.ReadParquet(t.Context(), path)
		if !c.ok {
			if err == nil || !strings.Contains(err.Error(), "the file contradicts itself") {
				t.Errorf("int%d: %v: %v", c.bits, c.values, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("int%d: %v", c.bits, err)
			continue
		}
		v, _, err := got.Ints("v")
		if err != nil || fmt.Sprint(v) != fmt.Sprint(c.values) {
			t.Errorf("int%d: %v %v, want %v", c.bits, v, err, c.values)
		}
	}
}

// TestParquetNotesNoExtremesBesideNaN: DuckDB takes the smallest and the largest value that a file notes for those of all its
// values, so that it would find no NaN there.
func TestParquetNotesNoExtremesBesideNaN(t *testing.T) {
	tab, err := table.New([]string{"plain", "odd"}, []float64{1, 2}, []float64{1, math.NaN()})
	if err != nil {
		t.Fatal(err)
	}
	var whole, parts bytes.Buffer
	if err := tab.WriteParquet(t.Context(), &whole); err != nil {
		t.Fatal(err)
	}
	w := table.NewWriter(t.Context(), &parts, table.Parquet)
	if err := w.Write(tab.Head(1)); err != nil {
		t.Fatal(err)
	}
	if err := w.Write(tab.Tail(1)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	noted := func(data []byte) (out []bool) {
		in, err := file.NewParquetReader(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		defer in.Close()
		for i := range 2 {
			chunk, err := in.MetaData().RowGroup(0).ColumnChunk(i)
			if err != nil {
				t.Fatal(err)
			}
			stats, err := chunk.Statistics()
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, stats != nil && stats.HasMinMax())
		}
		return out
	}
	if got := fmt.Sprint(noted(whole.Bytes())); got != "[true false]" {
		t.Errorf("of a whole table: %s, want [true false]", got)
	}
	if got := fmt.Sprint(noted(parts.Bytes())); got != "[false false]" {
		t.Errorf("of parts, the later of which are not known: %s, want [false false]", got)
	}
}

// TestParquetOfOthers reads what Polars and pyarrow wrote: a column of an extension type is what it is stored as, and one of an
// encoding that is not known here does not hide the others.
func TestParquetOfOthers(t *testing.T) {
	got, err := table.ReadParquet(t.Context(), "testdata/extension-json.parquet")
	if err != nil {
		t.Fatal(err)
	}
	if text := sameText(got); text != "[j] <nil>\n\"{\\\"a\\\":1}\" \n<nil> \n\"{\\\"a\\\":1}\" \n" {
		t.Errorf("an extension type is read as\n%s", text)
	}
	const fixed = "testdata/fixed-delta.parquet"
	if _, err = table.ReadParquet(t.Context(), fixed); err == nil || !strings.Contains(err.Error(), `column "fixed", row group 1`) || !strings.Contains(err.Error(), `table.Except("fixed") reads the others`) {
		t.Errorf("an unknown encoding: %v", err)
	}
	got, err = table.ReadParquet(t.Context(), fixed, table.Except("fixed"))
	if text := sameText(got); err != nil || text != "[n] <nil>\n1 \n2 \n" {
		t.Errorf("the other column is read as\n%s%v", text, err)
	}
}

// TestIPCWithoutBatches reads a stream that is only a schema, of kinds whose empty columns are made each in its own way.
func TestIPCWithoutBatches(t *testing.T) {
	fields := []arrow.Field{
		{Name: "nothing", Type: &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int32, ValueType: arrow.Null}},
		{Name: "null", Type: arrow.Null},
		{Name: "view", Type: arrow.BinaryTypes.StringView},
		{Name: "runs", Type: arrow.RunEndEncodedOf(arrow.PrimitiveTypes.Int32, arrow.BinaryTypes.String)},
	}
	path := filepath.Join(t.TempDir(), "t.arrow")
	var out bytes.Buffer
	if err := ipc.NewWriter(&out, ipc.WithSchema(arrow.NewSchema(fields, nil))).Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, out.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	got, err := table.ReadIPC(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if names := fmt.Sprint(got.Columns()); names != "[nothing null view runs]" || got.Rows() != 0 {
		t.Errorf("%s with %d rows", names, got.Rows())
	}
}
