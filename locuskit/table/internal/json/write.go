package json

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strings"

	"locuslab/locuskit/table/internal/column"
)

// Write writes the rows of columns as a list.
func Write(ctx context.Context, w io.Writer, cols []*column.Column, rows int) error {
	if _, err := io.WriteString(w, "["); err != nil {
		return fmt.Errorf("write JSON: %w", err)
	}
	if err := WriteRows(ctx, w, cols, rows, true); err != nil {
		return err
	}
	return WriteEnd(w)
}

// WriteEnd writes what stands below the last row of a list.
func WriteEnd(w io.Writer) error {
	if _, err := io.WriteString(w, "]\n"); err != nil {
		return fmt.Errorf("write JSON: %w", err)
	}
	return nil
}

// WriteRows writes rows of a list that has been begun; first says whether none stands above them.
func WriteRows(ctx context.Context, w io.Writer, cols []*column.Column, rows int, first bool) error {
	names := make([]string, len(cols))
	for i, c := range cols {
		name, err := json.Marshal(c.Name)
		if err != nil {
			return fmt.Errorf("write JSON: column %q: %w", c.Name, err)
		}
		names[i] = string(name)
	}
	out := bufio.NewWriterSize(w, 1<<16)
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
			if f, ok := value.(float64); ok && f == 0 && math.Signbit(f) {
				value = json.RawMessage("-0.0") // readers take -0 for an integer, which has no sign
			}
			v, err := json.Marshal(value)
			if err != nil {
				return fmt.Errorf("write JSON: row %d, column %q: %w", i+1, c.Name, err)
			}
			fields[k] = names[k] + ":" + string(v)
		}
		if i > 0 || !first {
			out.WriteString(",\n")
		}
		out.WriteString("{" + strings.Join(fields, ",") + "}")
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write JSON: %w", err)
	}
	return nil
}
