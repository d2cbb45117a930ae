package parquet

import (
	"context"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"

	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/ctxio"
	"locuslab/locuskit/table/internal/exec"
)

// Write writes a batch, which has the columns given.
func Write(ctx context.Context, e exec.Run, w io.Writer, batch arrow.RecordBatch, cols []*column.Column) error {
	var unnoted []string
	var err error
	for _, c := range cols {
		if c, err = c.Encoded(e); err != nil {
			return err
		}
		if c.Kind == column.String && c.Dict.HasEmpty() || c.Kind == column.Float && slices.ContainsFunc(c.Floats, math.IsNaN) {
			unnoted = append(unnoted, c.Name)
		}
	}
	out, err := NewWriter(ctx, w, batch.Schema(), unnoted)
	if err != nil {
		return err
	}
	if err := out.Write(batch); err != nil {
		out.Abandon()
		return err
	}
	return out.Close()
}

// Writer writes batches of one schema below one another.
type Writer struct {
	ctx  context.Context
	out  *pqarrow.FileWriter
	rows int
}

// NewWriter returns a writer to w. Of the columns named unnoted, which may hold empty strings or NaN, the smallest and the largest
// value are not noted, by which other programs skip row groups: Arrow's writer leaves empty strings out of the smallest, and the
// format leaves NaN out of both, where DuckDB takes them for the extremes of all values, so that it finds no NaN in the file.
func NewWriter(ctx context.Context, w io.Writer, schema *arrow.Schema, unnoted []string) (*Writer, error) {
	props := []parquet.WriterProperty{parquet.WithCompression(compress.Codecs.Snappy), parquet.WithDictionaryDefault(true)}
	for _, name := range unnoted {
		props = append(props, parquet.WithStatsFor(name, false))
	}
	out, err := pqarrow.NewFileWriter(schema, keepOpen{ctxio.Writer{Context: ctx, To: w}}, parquet.NewWriterProperties(props...), pqarrow.NewArrowWriterProperties(pqarrow.WithStoreSchema()))
	if err != nil {
		return nil, fmt.Errorf("write Parquet: %w", err)
	}
	return &Writer{ctx: ctx, out: out}, nil
}

// Write writes a batch as row groups of its own.
func (w *Writer) Write(batch arrow.RecordBatch) error {
	for from := 0; from < int(batch.NumRows()); from += rowGroupRows {
		if err := w.ctx.Err(); err != nil {
			return fmt.Errorf("write Parquet: at row %d: %w", w.rows+1, context.Cause(w.ctx))
		}
		to := min(from+rowGroupRows, int(batch.NumRows()))
		if err := w.out.Write(batch.NewSlice(int64(from), int64(to))); err != nil {
			return fmt.Errorf("write Parquet: from row %d: %w", w.rows+1, err)
		}
		w.rows += to - from
	}
	return nil
}

// Close writes the end of the file.
func (w *Writer) Close() error {
	if err := w.out.Close(); err != nil {
		return fmt.Errorf("write Parquet: %w", err)
	}
	return nil
}

// Abandon frees what is held for a file that has failed.
func (w *Writer) Abandon() { _ = w.out.Close() }

// keepOpen hides the writer's Close from the Parquet writer, which would call it.
type keepOpen struct{ io.Writer }
