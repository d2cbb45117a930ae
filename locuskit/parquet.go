package locuskit

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
)

// parquetRows is how many rows a row group gets: the parts of a file that can be
// read in parallel and streamed one by one.
const parquetRows = 1 << 20

// ReadParquet reads a Parquet file, all columns or the named ones, which alone
// are then read from the disk. See [FromRecord] for what becomes of its types.
//
// Cost: the table, and its row groups until they are put together.
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
	width, groups := len(f.names), f.in.NumRowGroups()
	parts := make([][]*column, width)
	errs := make([]error, width*groups)
	for i := range parts {
		parts[i] = make([]*column, groups)
	}
	err = e.tasks(width*groups, func(task int) {
		i, g := task%width, task/width
		parts[i][g], errs[task] = f.column(e, i, g)
	})
	for _, failed := range errs {
		if failed != nil {
			err = failed
			break
		}
	}
	cols := make([]*column, width)
	rows := int(f.in.NumRows())
	if err == nil {
		failed := make([]error, width)
		err = e.tasks(width, func(i int) {
			if groups == 0 {
				cols[i] = (&column{name: f.names[i], kind: String, dict: newDictionaryBuilder().build()}).emptyLike(0)
				return
			}
			cols[i], failed[i] = concatColumns(e, parts[i], rows)
		})
		for _, f := range failed {
			if f != nil {
				err = f
			}
		}
	}
	if err == nil {
		var t Table
		if t, err = newTable(cols); err == nil {
			t.plan = []string{fmt.Sprintf("read Parquet %s: %d row groups of %d columns on %d goroutines", path, groups, width, max(1, min(e.workers, width*groups)))}
			return t, nil
		}
	}
	return Table{}, fmt.Errorf("read Parquet %s: %w", path, err)
}

// parquetFile is an open Parquet file with the columns that are wanted.
type parquetFile struct {
	path  string
	os    *os.File
	in    *file.Reader
	arrow *pqarrow.FileReader
	names []string
	leaf  []int
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
func (f *parquetFile) column(e execution, i, g int) (c *column, err error) {
	defer recoverDamage(&err, fmt.Sprintf("column %q, row group %d", f.names[i], g+1))
	chunked, err := f.arrow.RowGroup(g).Column(f.leaf[i]).Read(e.context())
	if err != nil {
		return nil, fmt.Errorf("column %q, row group %d: %w", f.names[i], g+1, err)
	}
	parts := make([]*column, len(chunked.Chunks()))
	for k, a := range chunked.Chunks() {
		if parts[k], err = fromArrow(f.names[i], a); err != nil {
			return nil, fmt.Errorf("row group %d: %w", g+1, err)
		}
	}
	if len(parts) == 0 {
		return nil, fmt.Errorf("column %q, row group %d: no data", f.names[i], g+1)
	}
	return concatColumns(e.sequential(), parts, chunked.Len())
}

// WriteParquet writes the table as Parquet, Snappy-compressed, in row groups of
// 1,048,576 rows; strings keep their dictionary.
func (t Table) WriteParquet(ctx context.Context, w io.Writer) error {
	batch, err := t.Record()
	if err != nil {
		return err
	}
	props := parquet.NewWriterProperties(parquet.WithCompression(compress.Codecs.Snappy), parquet.WithDictionaryDefault(true))
	out, err := pqarrow.NewFileWriter(batch.Schema(), keepOpen{w}, props, pqarrow.NewArrowWriterProperties(pqarrow.WithStoreSchema()))
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
