package table

import (
	"context"
	"io"

	"github.com/apache/arrow-go/v18/arrow"

	"locuslab/locuskit/table/internal/writing"
)

// Format is a form of files that tables are written in.
type Format = writing.Format

// The formats.
const (
	CSV     = writing.CSV
	JSON    = writing.JSON
	Parquet = writing.Parquet
	IPC     = writing.IPC
)

// Writer writes tables of the same columns below one another, as one table that need not fit into memory. What is read back is
// what [Concat] makes of the parts. CSV and JSON are what [Table.WriteCSV] and [Table.WriteJSON] write of that; in Parquet each part is
// a row group, or several; in Arrow IPC it is a batch, whose strings have no dictionary, since not all readers take one
// that changes. One goroutine at a time uses a Writer.
type Writer struct{ parts *writing.Writer }

// NewWriter returns a writer to w, which is not closed.
func NewWriter(ctx context.Context, w io.Writer, format Format) *Writer {
	return &Writer{writing.NewWriter(ctx, w, format)}
}

// Write writes the rows of t. The columns of the first table are the file's: those of later ones must have the same names and
// kinds, in the same order. After an error nothing more is written.
func (w *Writer) Write(t Table) error {
	if t.err != nil {
		return w.parts.Write(writing.Part{}, t.err)
	}
	return w.parts.Write(writing.Part{Columns: t.cols, Rows: t.rows, Schema: t.Schema(), Batch: func(ctx context.Context) (arrow.RecordBatch, error) {
		t.run.Ctx = ctx
		return t.Record()
	}}, nil)
}

// Close writes the end of the file. It fails if no table was written, since a file has columns, and after a failure.
func (w *Writer) Close() error { return w.parts.Close() }
