package table

import (
	"context"
	"fmt"
	"io"

	"locuslab/locuskit/internal/wholefile"
	"locuslab/locuskit/table/internal/exec"
	"locuslab/locuskit/table/internal/parquet"
)

// ReadParquet reads a Parquet file: all its columns, or those that [Only] or [Except]
// say, which alone are then read from the disk. See [FromRecord] for what becomes of its types.
// Nested columns are refused; [Except] leaves them out.
//
// Cost: the table, and a column chunk of the file per worker. Flat columns of the
// common types and encodings are decoded in place; others go through Arrow's reader
// and need the memory of their row groups as well.
func ReadParquet(ctx context.Context, path string, opts ...Option) (Table, error) {
	return readParquet(sequential(ctx, opts), path)
}

// ReadParquetParallel is [ReadParquet] with row groups and columns read on
// several goroutines.
func ReadParquetParallel(ctx context.Context, path string, opts ...Option) (Table, error) {
	return readParquet(parallel(exec.Run{Ctx: ctx}, opts), path)
}

func readParquet(s settings, path string) (Table, error) {
	t, err := framed(parquet.Read(s.run, s.read, path))
	if err != nil {
		return Table{}, fmt.Errorf("read Parquet %s: %w", path, err)
	}
	return t, nil
}

// WriteParquet writes the table as Parquet, Snappy-compressed, in row groups of
// 1,048,576 rows; strings keep their dictionary.
func (t Table) WriteParquet(ctx context.Context, w io.Writer) error {
	t.run.Ctx = ctx
	batch, err := t.Record()
	if err != nil {
		return err
	}
	return parquet.Write(ctx, t.run, w, batch, t.cols)
}

// SaveParquet writes the table to a file, as [Table.SaveCSV] does.
func (t Table) SaveParquet(ctx context.Context, path string) error {
	return wholefile.Write(path, func(w io.Writer) error { return t.WriteParquet(ctx, w) })
}
