package arrowconv

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/ipc"

	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/ctxio"
	"locuslab/locuskit/table/internal/exec"
	"locuslab/locuskit/table/internal/ipcframe"
	"locuslab/locuskit/table/internal/reading"
)

// ReadIPC reads an Arrow IPC file or stream.
func ReadIPC(ctx context.Context, e exec.Run, told reading.Options, path string) (f column.Frame, err error) {
	e.Ctx = ctx
	data, err := readFile(ctx, path)
	if err != nil {
		return column.Frame{}, err
	}
	// The Arrow reader trusts lengths in the file; a damaged one makes it panic.
	defer func() {
		if r := recover(); r != nil {
			f, err = column.Frame{}, fmt.Errorf("the file is damaged, or of a form that is not known here: %v", r)
		}
	}()
	given := ipcframe.NewAllocator(len(data))
	memory := ipc.WithAllocator(given)
	there := func() int64 { return int64(len(data)) + given.Given() }
	if bytes.HasPrefix(data, []byte("ARROW1")) {
		if err := ipcframe.CheckFile(data); err != nil {
			return column.Frame{}, err
		}
		in, err := ipc.NewFileReader(ctxio.ReaderAt{Context: ctx, Reader: bytes.NewReader(data)}, memory)
		if err != nil {
			return column.Frame{}, err
		}
		return gatherBatches(e, told, in.Schema(), there, func(i int) (arrow.RecordBatch, error) {
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
		return column.Frame{}, err
	}
	in, err := ipc.NewReader(ctxio.Reader{Context: ctx, From: bytes.NewReader(data)}, memory)
	if err != nil {
		return column.Frame{}, err
	}
	return gatherBatches(e, told, in.Schema(), there, func(int) (arrow.RecordBatch, error) {
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

// gatherBatches returns the batches that next gives, until it says io.EOF, one below the other; there is how many bytes there are by
// now, of the file and of what was decompressed.
func gatherBatches(e exec.Run, told reading.Options, schema *arrow.Schema, there func() int64, next func(i int) (arrow.RecordBatch, error)) (column.Frame, error) {
	var batches []arrow.RecordBatch
	for {
		if err := e.Cancelled(); err != nil {
			return column.Frame{}, err
		}
		batch, err := next(len(batches))
		if errors.Is(err, io.EOF) {
			return FromRecords(e, told, schema, batches)
		}
		if err == nil {
			err = checkLengths(batch, there())
		}
		if err != nil {
			return column.Frame{}, fmt.Errorf("batch %d: %w", len(batches)+1, err)
		}
		batches = append(batches, batch)
	}
}

// readFile returns the bytes of a file.
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
		begun := bufio.NewReader(from)
		if start, err := begun.Peek(8); err == nil && !ipcframe.Starts(start) {
			return nil, errors.New("it does not begin as a file or stream of Arrow does")
		}
		from = io.LimitReader(begun, mostOfDevice+1)
	}
	var data bytes.Buffer
	data.Grow(ctxio.Size(f) + bytes.MinRead)
	n, err := data.ReadFrom(from)
	if err == nil && n > mostOfDevice && !at.Mode().IsRegular() {
		err = fmt.Errorf("it is no file, and has more than the %d MiB that are read of such: save it as a file first", mostOfDevice>>20)
	}
	return data.Bytes(), err
}

// mostOfDevice is how much is read at once of what is no regular file.
const mostOfDevice = 1 << 30

// WriteIPC writes a batch as a stream.
func WriteIPC(ctx context.Context, w io.Writer, batch arrow.RecordBatch) error {
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
