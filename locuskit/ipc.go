package locuskit

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/apache/arrow-go/v18/arrow/ipc"
)

// WriteIPC writes the table as an Arrow IPC stream of one batch, which any Arrow
// reader takes over without parsing.
func (t Table) WriteIPC(w io.Writer) error {
	batch, err := t.Record()
	if err != nil {
		return err
	}
	out := ipc.NewWriter(w, ipc.WithSchema(batch.Schema()))
	if err := out.Write(batch); err != nil {
		out.Close()
		return fmt.Errorf("write Arrow IPC: %w", err)
	}
	if err := out.Close(); err != nil {
		return fmt.Errorf("write Arrow IPC: %w", err)
	}
	return nil
}

// SaveIPC writes the table to a file, which appears whole or not at all.
func (t Table) SaveIPC(path string) error { return save(path, t.WriteIPC) }

// ReadIPC reads an Arrow IPC file or stream (Feather version 2); see
// [FromRecord] for what becomes of its types.
func ReadIPC(ctx context.Context, path string) (Table, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return Table{}, fmt.Errorf("read Arrow IPC: %w", err)
	}
	t, err := parseIPC(ctx, data)
	if err != nil {
		return Table{}, fmt.Errorf("read Arrow IPC %s: %w", path, err)
	}
	return t, nil
}

func parseIPC(ctx context.Context, data []byte) (t Table, err error) {
	// The Arrow reader trusts lengths in the file; a damaged one makes it panic.
	defer func() {
		if r := recover(); r != nil {
			t, err = Table{}, fmt.Errorf("the file is damaged: %v", r)
		}
	}()
	var parts []Table
	if bytes.HasPrefix(data, []byte("ARROW1")) {
		in, err := ipc.NewFileReader(bytes.NewReader(data))
		if err != nil {
			return Table{}, err
		}
		for i := range in.NumRecords() {
			if err := ctx.Err(); err != nil {
				return Table{}, context.Cause(ctx)
			}
			batch, err := in.RecordBatch(i)
			if err != nil {
				return Table{}, fmt.Errorf("batch %d: %w", i+1, err)
			}
			part, err := FromRecord(batch)
			if err != nil {
				return Table{}, fmt.Errorf("batch %d: %w", i+1, err)
			}
			parts = append(parts, part)
		}
		return Concat(parts...)
	}
	if err := checkFrames(data); err != nil {
		return Table{}, err
	}
	in, err := ipc.NewReader(bytes.NewReader(data))
	if err != nil {
		return Table{}, err
	}
	for in.Next() {
		if err := ctx.Err(); err != nil {
			return Table{}, context.Cause(ctx)
		}
		part, err := FromRecord(in.RecordBatch())
		if err != nil {
			return Table{}, fmt.Errorf("batch %d: %w", len(parts)+1, err)
		}
		in.RecordBatch().Retain()
		parts = append(parts, part)
	}
	if err := in.Err(); err != nil && !errors.Is(err, io.EOF) {
		return Table{}, fmt.Errorf("batch %d: %w", len(parts)+1, err)
	}
	return Concat(parts...)
}
