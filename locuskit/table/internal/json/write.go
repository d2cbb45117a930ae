package json

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"locuslab/locuskit/table/internal/column"
)

// Write writes the rows of columns.
func Write(ctx context.Context, w io.Writer, cols []*column.Column, rows int) error {
	names := make([]string, len(cols))
	for i, c := range cols {
		name, err := json.Marshal(c.Name)
		if err != nil {
			return fmt.Errorf("write JSON: column %q: %w", c.Name, err)
		}
		names[i] = string(name)
	}
	out := bufio.NewWriterSize(w, 1<<16)
	out.WriteString("[")
	for i := range rows {
		if i%4096 == 0 && ctx.Err() != nil {
			return fmt.Errorf("write JSON: at row %d: %w", i+1, context.Cause(ctx))
		}
		fields := make([]string, len(cols))
		for k, c := range cols {
			value := c.Value(i)
			if c.Instants && value != nil {
				value = c.Text(i) // as other formats have it
			}
			v, err := json.Marshal(value)
			if err != nil {
				return fmt.Errorf("write JSON: row %d, column %q: %w", i+1, c.Name, err)
			}
			fields[k] = names[k] + ":" + string(v)
		}
		if i > 0 {
			out.WriteString(",\n")
		}
		out.WriteString("{" + strings.Join(fields, ",") + "}")
	}
	out.WriteString("]\n")
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write JSON: %w", err)
	}
	return nil
}
