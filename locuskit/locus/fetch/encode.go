package fetch

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"

	"locuslab/locuskit"
	"locuslab/locuskit/table"
)

// encoder writes lists of connections below one another.
type encoder interface {
	put(locuskit.Connections) error
	end() error
}

func newEncoder(ctx context.Context, format string, w io.Writer) encoder {
	of := table.CSV
	switch format {
	case "json":
		return &jsonList{out: bufio.NewWriterSize(w, 1<<16)}
	case "parquet":
		of = table.Parquet
	case "arrow":
		of = table.IPC
	}
	out := bufio.NewWriterSize(w, 1<<16)
	return &tables{out: out, to: table.NewWriter(ctx, out, of)}
}

// jsonList writes connections as the service has them, which is not how a table's rows are.
type jsonList struct {
	out *bufio.Writer
	any bool
}

func (j *jsonList) put(list locuskit.Connections) error {
	for _, c := range list {
		text, err := json.Marshal(c)
		if err != nil {
			return fmt.Errorf("connection %d of whitelabel %d as JSON: %w", c.ID, c.Whitelabel, err)
		}
		separator := ","
		if !j.any {
			separator = "["
		}
		j.any = true
		j.out.WriteString(separator) // Flush tells what failed
		if _, err := j.out.Write(text); err != nil {
			return err
		}
	}
	return nil
}

func (j *jsonList) end() error {
	if !j.any {
		j.out.WriteString("[")
	}
	j.out.WriteString("]\n")
	return j.out.Flush()
}

// tables writes connections as parts of a table.
type tables struct {
	out  *bufio.Writer
	to   *table.Writer
	part locuskit.Connections
	size int // bytes of text in part
	any  bool
}

// A part is so large that columns compress well, and so small that it does not matter.
const (
	rowsOfPart  = 16_384
	bytesOfPart = 4 << 20
)

func (t *tables) put(list locuskit.Connections) error {
	for _, c := range list {
		t.part = append(t.part, c)
		if t.size += len(c.Columns) + len(c.SetName) + len(c.Name); len(t.part) == rowsOfPart || t.size >= bytesOfPart {
			if err := t.write(); err != nil {
				return err
			}
		}
	}
	return nil
}

func (t *tables) write() error {
	part, err := t.part.Table()
	if err == nil {
		err = t.to.Write(part)
	}
	clear(t.part) // what it points to
	t.part, t.size, t.any = t.part[:0], 0, true
	return err
}

func (t *tables) end() error {
	if len(t.part) > 0 || !t.any {
		if err := t.write(); err != nil {
			return err
		}
	}
	if err := t.to.Close(); err != nil {
		return err
	}
	return t.out.Flush()
}
