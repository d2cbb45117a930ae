package table

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/ipc"

	"locuslab/locuskit/internal/wholefile"
	"locuslab/locuskit/table/internal/ctxio"
	"locuslab/locuskit/table/internal/exec"
	"locuslab/locuskit/table/internal/ipcframe"
)

// WriteIPC writes the table as an Arrow IPC stream of one batch, which any Arrow
// reader takes over without parsing.
func (t Table) WriteIPC(ctx context.Context, w io.Writer) error {
	t.run.Ctx = ctx
	batch, err := t.Record()
	if err != nil {
		return err
	}
	out := ipc.NewWriter(ctxio.Writer{Context: ctx, To: w}, ipc.WithSchema(batch.Schema()))
	if err := out.Write(batch); err != nil {
		out.Close()
		return fmt.Errorf("write Arrow IPC: %w", err)
	}
	if err := out.Close(); err != nil {
		return fmt.Errorf("write Arrow IPC: %w", err)
	}
	return nil
}

// SaveIPC writes the table to a file, as [Table.SaveCSV] does.
func (t Table) SaveIPC(ctx context.Context, path string) error {
	return wholefile.Write(path, func(w io.Writer) error { return t.WriteIPC(ctx, w) })
}

// ReadIPC reads an Arrow IPC file or stream (Feather version 2); see
// [FromRecord] for what becomes of its types. [Only] and [Except] may be among opts.
func ReadIPC(ctx context.Context, path string, opts ...Option) (Table, error) {
	t, err := readIPC(ctx, with(exec.Run{}, opts), path)
	if err != nil {
		return Table{}, fmt.Errorf("read Arrow IPC %s: %w", path, err)
	}
	return t, nil
}

func readIPC(ctx context.Context, s settings, path string) (t Table, err error) {
	s.run.Ctx = ctx
	data, err := readFile(ctx, path)
	if err != nil {
		return Table{}, err
	}
	// The Arrow reader trusts lengths in the file; a damaged one makes it panic.
	defer func() {
		if r := recover(); r != nil {
			t, err = Table{}, fmt.Errorf("the file is damaged, or of a form that is not known here: %v", r)
		}
	}()
	memory := ipc.WithAllocator(ipcframe.NewAllocator(len(data)))
	if bytes.HasPrefix(data, []byte("ARROW1")) {
		if err := ipcframe.CheckFile(data); err != nil {
			return Table{}, err
		}
		in, err := ipc.NewFileReader(ctxio.ReaderAt{Context: ctx, Reader: bytes.NewReader(data)}, memory)
		if err != nil {
			return Table{}, err
		}
		return gatherBatches(s, in.Schema(), func(i int) (arrow.RecordBatch, error) {
			if i == in.NumRecords() {
				return nil, io.EOF
			}
			batch, err := in.RecordBatchAt(i)
			if err == nil {
				err = ipcframe.CheckRows(batch.NumRows(), int64(len(data)), true)
			}
			return batch, err
		})
	}
	if err := ipcframe.Check(data); err != nil {
		return Table{}, err
	}
	in, err := ipc.NewReader(ctxio.Reader{Context: ctx, From: bytes.NewReader(data)}, memory)
	if err != nil {
		return Table{}, err
	}
	return gatherBatches(s, in.Schema(), func(int) (arrow.RecordBatch, error) {
		if in.Next() {
			in.RecordBatch().Retain()
			return in.RecordBatch(), nil
		}
		if err := in.Err(); err != nil {
			return nil, err
		}
		return nil, io.EOF
	})
}

// gatherBatches is the batches that next gives, until it says io.EOF, one below the other.
func gatherBatches(s settings, schema *arrow.Schema, next func(i int) (arrow.RecordBatch, error)) (Table, error) {
	var batches []arrow.RecordBatch
	for {
		if err := s.run.Cancelled(); err != nil {
			return Table{}, err
		}
		batch, err := next(len(batches))
		if errors.Is(err, io.EOF) {
			return fromRecords(s.run, s.read, schema, batches)
		}
		if err != nil {
			return Table{}, fmt.Errorf("batch %d: %w", len(batches)+1, err)
		}
		batches = append(batches, batch)
	}
}

// readFile is the bytes of a file.
func readFile(ctx context.Context, path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	from := io.Reader(ctxio.Reader{Context: ctx, From: f})
	at, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !at.Mode().IsRegular() { // a device may have no end
		from = io.LimitReader(from, mostOfDevice+1)
	}
	var data bytes.Buffer
	data.Grow(sizeOf(f) + bytes.MinRead)
	n, err := data.ReadFrom(from)
	if err == nil && n > mostOfDevice && !at.Mode().IsRegular() {
		err = fmt.Errorf("it is no file, and has more than the %d MiB that are read of such: save it as a file first", mostOfDevice>>20)
	}
	return data.Bytes(), err
}

// mostOfDevice is how much is read at once of what is no regular file.
const mostOfDevice = 1 << 30
