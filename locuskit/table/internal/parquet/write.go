package parquet

import (
	"context"
	"fmt"
	"io"

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
	props := []parquet.WriterProperty{parquet.WithCompression(compress.Codecs.Snappy), parquet.WithDictionaryDefault(true)}
	var err error
	for _, c := range cols {
		// Arrow's writer leaves empty strings out of the smallest value that it notes, by which
		// other programs skip row groups.
		if c, err = c.Encoded(e); err != nil {
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
	for from := 0; from < int(batch.NumRows()); from += rowGroupRows {
		if err := ctx.Err(); err != nil {
			out.Close()
			return fmt.Errorf("write Parquet: at row %d: %w", from+1, context.Cause(ctx))
		}
		if err := out.Write(batch.NewSlice(int64(from), int64(min(from+rowGroupRows, int(batch.NumRows()))))); err != nil {
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
