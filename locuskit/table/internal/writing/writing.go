// Package writing appends the columns of tables to one file, in any of the file formats. It knows columns and no tables.
package writing

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/ipc"

	"locuslab/locuskit/table/internal/arrowconv"
	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/csv"
	"locuslab/locuskit/table/internal/ctxio"
	"locuslab/locuskit/table/internal/json"
	"locuslab/locuskit/table/internal/parquet"
)

// Format is a form of files.
type Format int

// The formats.
const (
	CSV Format = iota + 1
	JSON
	Parquet
	IPC
)

func (f Format) String() string {
	if f < CSV || f > IPC {
		return fmt.Sprintf("format %d", int(f))
	}
	return [...]string{"CSV", "JSON", "Parquet", "Arrow IPC"}[f-CSV]
}

// Writer writes parts of one schema to a file.
type Writer struct {
	ctx     context.Context
	to      io.Writer
	format  Format
	schema  *arrow.Schema // of the first part
	rows    int
	parquet *parquet.Writer
	ipc     *ipc.Writer
	err     error // why nothing more is written
}

// NewWriter returns a writer to w.
func NewWriter(ctx context.Context, w io.Writer, format Format) *Writer {
	out := &Writer{ctx: ctx, to: w, format: format}
	if format < CSV || format > IPC {
		out.err = fmt.Errorf("write tables: there is no %v: there are CSV, JSON, Parquet and Arrow IPC", format)
	}
	return out
}

// Part is the rows of a table.
type Part struct {
	Columns []*column.Column
	Rows    int
	Schema  *arrow.Schema
	Batch   func(context.Context) (arrow.RecordBatch, error) // the same in Arrow's terms
}

// Write writes the rows of a part, or returns why not; then nothing more is written.
func (w *Writer) Write(part Part, err error) error {
	if w.err == nil {
		if w.err = err; err == nil {
			w.err = w.write(part)
		}
	}
	return w.err
}

func (w *Writer) write(part Part) error {
	if err := w.ctx.Err(); err != nil {
		return fmt.Errorf("write %v: at row %d: %w", w.format, w.rows+1, context.Cause(w.ctx))
	}
	first := w.schema == nil
	if first {
		w.schema = part.Schema
		if err := w.begin(); err != nil {
			return err
		}
	} else if !part.Schema.Equal(w.schema) {
		return fmt.Errorf("write %v: from row %d: the columns are %v, those above are %v", w.format, w.rows+1, part.Schema, w.schema)
	}
	err := w.add(part, first)
	if err != nil && w.rows > 0 {
		err = fmt.Errorf("the part from row %d: %w", w.rows+1, err)
	}
	w.rows += part.Rows
	return err
}

// begin writes what stands above all rows, where that is not written with the first of them.
func (w *Writer) begin() (err error) {
	switch w.format {
	case JSON:
		if _, err = io.WriteString(w.to, "["); err != nil {
			err = fmt.Errorf("write JSON: %w", err)
		}
	case Parquet:
		var unnoted []string // each of which may hold an empty string or NaN in a later part
		for _, f := range w.schema.Fields() {
			if id := f.Type.ID(); id == arrow.DICTIONARY || id == arrow.FLOAT64 {
				unnoted = append(unnoted, f.Name)
			}
		}
		w.parquet, err = parquet.NewWriter(w.ctx, w.to, w.schema, unnoted)
	case IPC:
		w.ipc = ipc.NewWriter(ctxio.Writer{Context: w.ctx, To: w.to}, ipc.WithSchema(arrowconv.PlainSchema(w.schema)))
	}
	return err
}

func (w *Writer) add(part Part, first bool) error {
	switch w.format {
	case CSV:
		return csv.Write(w.ctx, w.to, part.Columns, part.Rows, first)
	case JSON:
		return json.WriteRows(w.ctx, w.to, part.Columns, part.Rows, w.rows == 0)
	}
	batch, err := part.Batch(w.ctx)
	if err != nil {
		return err
	}
	if w.format == Parquet {
		return w.parquet.Write(batch)
	}
	if batch, err = arrowconv.PlainRecord(batch); err == nil {
		err = w.ipc.Write(batch)
	}
	if err != nil {
		return fmt.Errorf("write Arrow IPC: %w", err)
	}
	return nil
}

// Close writes the end of the file.
func (w *Writer) Close() error {
	err := w.err
	if err == nil && w.schema == nil {
		err = fmt.Errorf("write %v: no table was written, so there are no columns", w.format)
	}
	w.err = errors.Join(err, errors.New("write tables: the writer is closed"))
	switch {
	case w.parquet != nil && err != nil:
		w.parquet.Abandon()
	case w.parquet != nil:
		err = w.parquet.Close()
	case w.ipc != nil:
		if failed := w.ipc.Close(); failed != nil && err == nil {
			err = fmt.Errorf("write Arrow IPC: %w", failed)
		}
	case err == nil && w.format == JSON:
		err = json.WriteEnd(w.to)
	}
	return err
}
