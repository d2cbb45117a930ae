package table

import (
	"context"
	"fmt"
	"io"

	"locuslab/locuskit/internal/wholefile"
	"locuslab/locuskit/table/internal/arrowconv"
	"locuslab/locuskit/table/internal/exec"
)

// WriteIPC writes the table as an Arrow IPC stream of one batch, which any Arrow
// reader takes over without parsing.
func (t Table) WriteIPC(ctx context.Context, w io.Writer) error {
	t.run.Ctx = ctx
	batch, err := t.Record()
	if err != nil {
		return err
	}
	return arrowconv.WriteIPC(ctx, w, batch)
}

// SaveIPC writes the table to a file, as [Table.SaveCSV] does.
func (t Table) SaveIPC(ctx context.Context, path string) error {
	return wholefile.Write(path, func(w io.Writer) error { return t.WriteIPC(ctx, w) })
}

// ReadIPC reads an Arrow IPC file or stream (Feather version 2); see
// [FromRecord] for what becomes of its types. [Only] and [Except] may be among opts.
func ReadIPC(ctx context.Context, path string, opts ...Option) (Table, error) {
	s := with(exec.Run{}, opts)
	t, err := framed(arrowconv.ReadIPC(ctx, s.run, s.read, path))
	if err != nil {
		return Table{}, fmt.Errorf("read Arrow IPC %s: %w", path, err)
	}
	return t, nil
}
