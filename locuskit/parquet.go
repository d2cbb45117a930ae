package locuskit

import (
	"context"
	"fmt"
	"io"
	"os"
	"sync/atomic"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"

	"locuslab/locuskit/internal/untildone"
)

// parquetRows is how many rows a row group gets: the parts of a file that can be
// read in parallel and streamed one by one.
const parquetRows = 1 << 20

// ReadParquet reads a Parquet file, all columns or the named ones, which alone
// are then read from the disk. See [FromRecord] for what becomes of its types.
//
// Cost: the table, and a column chunk of the file per worker. Flat columns of the
// common types and encodings are decoded in place; others go through Arrow's reader
// and cost their row groups besides.
func ReadParquet(ctx context.Context, path string, columns ...string) (Table, error) {
	return readParquet(execution{ctx: ctx}, path, columns)
}

// ReadParquetParallel is [ReadParquet] with row groups and columns read on
// several goroutines; columns nil means all.
func ReadParquetParallel(ctx context.Context, path string, columns []string, opts ...TableOption) (Table, error) {
	return readParquet(execution{ctx: ctx}.parallel(opts), path, columns)
}

func readParquet(e execution, path string, columns []string) (Table, error) {
	f, err := openParquet(path, columns)
	if err != nil {
		return Table{}, err
	}
	defer f.close()
	cols, err := f.columns(e)
	if err == nil {
		var t Table
		if t, err = newTable(cols); err == nil {
			width, groups := len(f.names), f.in.NumRowGroups()
			t.plan = []string{fmt.Sprintf("read Parquet %s: %d row groups of %d columns on %d goroutines", path, groups, width, max(1, min(e.workers, width*groups)))}
			return t, nil
		}
	}
	return Table{}, fmt.Errorf("read Parquet %s: %w", path, err)
}

// columns reads all row groups of the wanted columns, each row group of each column
// for itself.
func (f *parquetFile) columns(e execution) ([]*column, error) {
	width, groups := len(f.names), f.in.NumRowGroups()
	starts := make([]int, groups+1)
	for g := range groups {
		starts[g+1] = starts[g] + int(f.in.MetaData().RowGroup(g).NumRows())
	}
	whole := make([]*parquetColumn, width)
	parts := make([][]*column, width) // of columns that are not decoded in place
	for i := range width {
		if kind, ok := f.inPlace(i); ok {
			whole[i] = newParquetColumn(e, kind, starts[groups])
		} else {
			parts[i] = make([]*column, groups)
		}
	}
	m := e.meter("column chunks of "+f.path, width*groups)
	defer m.close()
	errs := make([]error, width*groups)
	var failed atomic.Bool
	err := e.tasks(width*groups, func(task int) {
		i, g := task%width, task/width
		switch {
		case failed.Load():
			return
		case whole[i] != nil:
			errs[task] = f.decode(e, whole[i], i, g, starts[g])
		default:
			parts[i][g], errs[task] = f.part(e, i, g)
		}
		if errs[task] != nil {
			failed.Store(true)
		}
		m.add(1)
	})
	if err := firstError(errs, err); err != nil {
		return nil, err
	}
	cols := make([]*column, width)
	errs = make([]error, width)
	err = e.tasks(width, func(i int) {
		switch {
		case whole[i] != nil:
			cols[i], errs[i] = whole[i].column(e, f.names[i])
		case groups == 0:
			cols[i], errs[i] = f.nothing(e, i)
		default:
			cols[i], errs[i] = concatColumns(e, parts[i], starts[groups])
		}
	})
	return cols, firstError(errs, err)
}

// firstError is the first of errs, or else last.
func firstError(errs []error, last error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return last
}

// parquetFile is an open Parquet file with the columns that are wanted.
type parquetFile struct {
	path  string
	os    *os.File
	in    *file.Reader
	arrow *pqarrow.FileReader
	names []string
	leaf  []int            // place of each column in the file
	types []arrow.DataType // nil for what is part of a nested column
	size  int64            // of the file
}

func openParquet(path string, columns []string) (f *parquetFile, err error) {
	// The Parquet reader trusts lengths in the file; a damaged one makes it panic.
	defer recoverDamage(&err, "read Parquet "+path)
	h, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read Parquet: %w", err)
	}
	defer func() {
		if err != nil || f == nil {
			h.Close()
		}
	}()
	in, err := file.NewParquetReader(h)
	if err != nil {
		return nil, fmt.Errorf("read Parquet %s: %w", path, err)
	}
	f = &parquetFile{path: path, os: h, in: in}
	schema := in.MetaData().Schema
	props := pqarrow.ArrowReadProperties{BatchSize: parquetRows}
	all := make(map[string]int, schema.NumColumns())
	var have []string
	for i := range schema.NumColumns() {
		name := schema.Column(i).Path()
		all[name] = i
		have = append(have, name)
		if schema.Column(i).PhysicalType() == parquet.Types.ByteArray {
			props.SetReadDict(i, true)
		}
	}
	if len(columns) == 0 {
		columns = have
	}
	for _, name := range columns {
		i, ok := all[name]
		if !ok {
			return nil, fmt.Errorf("read Parquet %s: no column %q: the file has %v", path, name, have)
		}
		f.names, f.leaf = append(f.names, name), append(f.leaf, i)
	}
	if f.arrow, err = pqarrow.NewFileReader(in, props, memory.DefaultAllocator); err != nil {
		return nil, fmt.Errorf("read Parquet %s: %w", path, err)
	}
	arrows, err := f.arrow.Schema()
	if err != nil {
		return nil, fmt.Errorf("read Parquet %s: %w", path, err)
	}
	for _, name := range f.names {
		var t arrow.DataType
		if fields, ok := arrows.FieldsByName(name); ok && len(fields) == 1 {
			t = fields[0].Type
		}
		if d, ok := t.(*arrow.DictionaryType); ok {
			t = d.ValueType
		}
		f.types = append(f.types, t)
	}
	info, err := h.Stat()
	if err != nil {
		return nil, fmt.Errorf("read Parquet %s: %w", path, err)
	}
	f.size = info.Size()
	return f, nil
}

func (f *parquetFile) close() {
	f.in.Close()
	f.os.Close()
}

func recoverDamage(err *error, doing string) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("%s: the file is damaged: %v", doing, r)
	}
}

// column reads wanted column i of row group g.
func (f *parquetFile) column(e execution, i, g int) (*column, error) {
	kind, ok := f.inPlace(i)
	if !ok {
		return f.part(e, i, g)
	}
	whole := newParquetColumn(e, kind, int(f.in.MetaData().RowGroup(g).NumRows()))
	if err := f.decode(e, whole, i, g, 0); err != nil {
		return nil, err
	}
	return whole.column(e, f.names[i])
}

// part reads wanted column i of row group g by way of Arrow.
func (f *parquetFile) part(e execution, i, g int) (c *column, err error) {
	defer recoverDamage(&err, fmt.Sprintf("column %q, row group %d", f.names[i], g+1))
	chunked, err := f.arrow.RowGroup(g).Column(f.leaf[i]).Read(e.context())
	if err != nil {
		return nil, fmt.Errorf("column %q, row group %d: %w", f.names[i], g+1, err)
	}
	parts := make([]*column, len(chunked.Chunks()))
	for k, a := range chunked.Chunks() {
		if parts[k], err = fromArrow(e, f.names[i], a); err != nil {
			return nil, fmt.Errorf("row group %d: %w", g+1, err)
		}
	}
	if len(parts) == 0 {
		return nil, fmt.Errorf("column %q, row group %d: no data", f.names[i], g+1)
	}
	return concatColumns(e.sequential(), parts, chunked.Len())
}

// nothing is wanted column i without rows.
func (f *parquetFile) nothing(e execution, i int) (*column, error) {
	if f.types[i] == nil {
		return nil, fmt.Errorf("column %q is part of a nested one: leave it out", f.names[i])
	}
	return fromArrow(e, f.names[i], array.MakeArrayOfNull(memory.DefaultAllocator, f.types[i], 0))
}

// WriteParquet writes the table as Parquet, Snappy-compressed, in row groups of
// 1,048,576 rows; strings keep their dictionary.
func (t Table) WriteParquet(ctx context.Context, w io.Writer) error {
	t.run.ctx = ctx
	batch, err := t.Record()
	if err != nil {
		return err
	}
	props := []parquet.WriterProperty{parquet.WithCompression(compress.Codecs.Snappy), parquet.WithDictionaryDefault(true)}
	for _, c := range t.cols {
		// Arrow's writer leaves empty strings out of the smallest value that it notes, by which
		// other programs skip row groups.
		if c.kind == String && c.dict.hasEmpty() {
			props = append(props, parquet.WithStatsFor(c.name, false))
		}
	}
	out, err := pqarrow.NewFileWriter(batch.Schema(), keepOpen{untildone.Writer{Context: ctx, To: w}}, parquet.NewWriterProperties(props...), pqarrow.NewArrowWriterProperties(pqarrow.WithStoreSchema()))
	if err != nil {
		return fmt.Errorf("write Parquet: %w", err)
	}
	for from := 0; from < t.rows; from += parquetRows {
		if err := ctx.Err(); err != nil {
			out.Close()
			return fmt.Errorf("write Parquet: at row %d: %w", from+1, context.Cause(ctx))
		}
		if err := out.Write(batch.NewSlice(int64(from), int64(min(from+parquetRows, t.rows)))); err != nil {
			out.Close()
			return fmt.Errorf("write Parquet: from row %d: %w", from+1, err)
		}
	}
	if err := out.Close(); err != nil {
		return fmt.Errorf("write Parquet: %w", err)
	}
	return nil
}

// keepOpen hides the writer's Close from the Parquet writer, which would call it.
type keepOpen struct{ io.Writer }

// SaveParquet writes the table to a file, which appears whole or not at all.
func (t Table) SaveParquet(ctx context.Context, path string) error {
	return save(path, func(w io.Writer) error { return t.WriteParquet(ctx, w) })
}
