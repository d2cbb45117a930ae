package table

import (
	"context"
	"fmt"
	"io"
	"sync/atomic"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"

	"locuslab/locuskit/internal/wholefile"
	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/ctxio"
	"locuslab/locuskit/table/internal/exec"
)

// parquetRows is how many rows a row group gets: the parts of a file that can be
// read in parallel and streamed one by one.
const parquetRows = 1 << 20

// ReadParquet reads a Parquet file: all its columns, or those that [Only] or [Except]
// say, which alone are then read from the disk. See [FromRecord] for what becomes of its types.
// Nested columns are refused; [Except] leaves them out.
//
// Cost: the table, and a column chunk of the file per worker. Flat columns of the
// common types and encodings are decoded in place; others go through Arrow's reader
// and cost their row groups besides.
func ReadParquet(ctx context.Context, path string, opts ...Option) (Table, error) {
	return readParquet(sequential(ctx, opts), path)
}

// ReadParquetParallel is [ReadParquet] with row groups and columns read on
// several goroutines.
func ReadParquetParallel(ctx context.Context, path string, opts ...Option) (Table, error) {
	return readParquet(parallel(exec.Run{Ctx: ctx}, opts), path)
}

func readParquet(s settings, path string) (Table, error) {
	e := s.run
	f, err := openParquet(s.read, path)
	if err != nil {
		return Table{}, fmt.Errorf("read Parquet %s: %w", path, err)
	}
	defer f.close()
	cols, err := f.columns(e)
	if err == nil {
		var t Table
		if t, err = newTable(cols); err == nil {
			width, groups := len(f.names), f.in.NumRowGroups()
			t.rows, t.notes = int(f.in.NumRows()), f.notes
			t.plan = []string{fmt.Sprintf("read Parquet %s: %d row groups of %d columns on %d goroutines", path, groups, width, max(1, min(e.Workers, width*groups)))}
			return t, nil
		}
	}
	return Table{}, fmt.Errorf("read Parquet %s: %w", path, err)
}

// columns reads all row groups of the wanted columns, each row group of each column
// for itself.
func (f *parquetFile) columns(e exec.Run) ([]*column.Column, error) {
	width, groups := len(f.names), f.in.NumRowGroups()
	starts := make([]int, groups+1)
	for g := range groups {
		starts[g+1] = starts[g] + int(f.in.MetaData().RowGroup(g).NumRows())
	}
	whole := make([]*parquetColumn, width)
	rooms := make([][]int, width)            // where each row group's texts go
	parts := make([][]*column.Column, width) // of columns that are not decoded in place
	for i := range width {
		if kind, ok := f.inPlace(i); ok {
			rooms[i] = make([]int, groups+1)
			for g := range groups {
				rooms[i][g+1] = rooms[i][g] + f.room(i, g)
			}
			whole[i] = newParquetColumn(kind, starts[groups], rooms[i][groups])
		} else {
			parts[i] = make([]*column.Column, groups)
		}
	}
	m := e.Meter("column chunks of "+f.path, width*groups)
	defer m.Close()
	errs := make([]error, width*groups)
	var failed atomic.Bool
	err := e.Tasks(width*groups, func(task int) {
		i, g := task%width, task/width
		switch {
		case failed.Load():
			return
		case whole[i] != nil:
			errs[task] = f.decode(e, whole[i], i, g, starts[g], rooms[i][g])
		default:
			parts[i][g], errs[task] = f.part(e, i, g)
		}
		if errs[task] != nil {
			failed.Store(true)
		}
		m.Add(1)
	})
	if err := exec.FirstError(errs, err); err != nil {
		return nil, err
	}
	cols := make([]*column.Column, width)
	errs = make([]error, width)
	err = e.Tasks(width, func(i int) {
		switch {
		case whole[i] != nil:
			cols[i], errs[i] = whole[i].column(e, f.names[i])
		case groups == 0:
			cols[i], errs[i] = f.nothing(e, i)
		default:
			if errs[i] = oneKind(e, parts[i], f.types[i]); errs[i] == nil {
				cols[i], errs[i] = column.Concat(e, parts[i], starts[groups])
			}
		}
	})
	return cols, exec.FirstError(errs, err)
}

func (f *parquetFile) close() {
	f.in.Close()
	f.os.Close()
}

func recoverDamage(err *error, doing string) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("%s: the file is damaged, or of a form that is not known here: %v", doing, r)
	}
}

// column reads wanted column i of row group g.
func (f *parquetFile) column(e exec.Run, i, g int) (*column.Column, error) {
	kind, ok := f.inPlace(i)
	if !ok {
		return f.part(e, i, g)
	}
	whole := newParquetColumn(kind, int(f.in.MetaData().RowGroup(g).NumRows()), f.room(i, g))
	if err := f.decode(e, whole, i, g, 0, 0); err != nil {
		return nil, err
	}
	return whole.column(e, f.names[i])
}

// part reads wanted column i of row group g by way of Arrow.
func (f *parquetFile) part(e exec.Run, i, g int) (c *column.Column, err error) {
	defer recoverDamage(&err, fmt.Sprintf("column %q, row group %d", f.names[i], g+1))
	leaf := f.leaf[i]
	in, err := f.arrow.GetFieldReader(e.Context(), f.field[i], map[int]bool{leaf: true}, []int{g})
	if err != nil {
		return nil, fmt.Errorf("column %q, row group %d: %w", f.names[i], g+1, err)
	}
	defer in.Release()
	rows := f.in.MetaData().RowGroup(g).NumRows()
	chunked, err := in.NextBatch(rows)
	if err != nil {
		return nil, fmt.Errorf("column %q, row group %d: %w", f.names[i], g+1, err)
	}
	if t := valueType(chunked.DataType()); !arrow.TypeEqual(t, f.types[i]) || int64(chunked.Len()) != rows {
		return nil, fmt.Errorf("column %q, row group %d: %d values of %s were read, where the file has %d of %s", f.names[i], g+1, chunked.Len(), t, rows, f.types[i])
	}
	parts := make([]*column.Column, len(chunked.Chunks()))
	for k, a := range chunked.Chunks() {
		if parts[k], err = fromArrow(e, f.names[i], a); err != nil {
			return nil, fmt.Errorf("row group %d: %w", g+1, err)
		}
	}
	if len(parts) == 0 {
		return f.nothing(e, i)
	}
	if err := oneKind(e, parts, f.types[i]); err != nil {
		return nil, err
	}
	return column.Concat(e.Sequential(), parts, chunked.Len())
}

// nothing is wanted column i without rows.
func (f *parquetFile) nothing(e exec.Run, i int) (*column.Column, error) {
	return fromArrow(e, f.names[i], array.MakeArrayOfNull(memory.DefaultAllocator, f.types[i], 0))
}

// WriteParquet writes the table as Parquet, Snappy-compressed, in row groups of
// 1,048,576 rows; strings keep their dictionary.
func (t Table) WriteParquet(ctx context.Context, w io.Writer) error {
	t.run.Ctx = ctx
	batch, err := t.Record()
	if err != nil {
		return err
	}
	props := []parquet.WriterProperty{parquet.WithCompression(compress.Codecs.Snappy), parquet.WithDictionaryDefault(true)}
	for _, c := range t.cols {
		// Arrow's writer leaves empty strings out of the smallest value that it notes, by which
		// other programs skip row groups.
		if c, err = c.Encoded(t.run); err != nil {
			return err
		}
		if c.Kind == column.String && c.Dict.HasEmpty() {
			props = append(props, parquet.WithStatsFor(c.Name, false))
		}
	}
	out, err := pqarrow.NewFileWriter(batch.Schema(), keepOpen{ctxio.Writer{Context: ctx, To: w}}, parquet.NewWriterProperties(props...), pqarrow.NewArrowWriterProperties(pqarrow.WithStoreSchema()))
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

// SaveParquet writes the table to a file, as [Table.SaveCSV] does.
func (t Table) SaveParquet(ctx context.Context, path string) error {
	return wholefile.Write(path, func(w io.Writer) error { return t.WriteParquet(ctx, w) })
}
