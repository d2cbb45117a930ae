package csv

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"

	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/utf8text"
)

// Write writes the rows of columns, with header below a line of their names.
func Write(ctx context.Context, w io.Writer, cols []*column.Column, rows int, header bool) error {
	var buf []byte
	if header {
		for i, c := range cols {
			if i > 0 {
				buf = append(buf, ',')
			}
			buf = appendField(buf, c.Name)
		}
		buf = append(buf, '\n')
	}
	for i := range rows {
		for k, c := range cols {
			if k > 0 {
				buf = append(buf, ',')
			}
			buf = appendText(c, buf, i)
		}
		buf = append(buf, '\n')
		if len(buf) < 1<<16 && i < rows-1 {
			continue
		}
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("write CSV: at row %d: %w", i+1, context.Cause(ctx))
		}
		if _, err := w.Write(buf); err != nil {
			return fmt.Errorf("write CSV: at row %d: %w", i+1, err)
		}
		buf = buf[:0]
	}
	if len(buf) > 0 {
		if _, err := w.Write(buf); err != nil {
			return fmt.Errorf("write CSV: %w", err)
		}
	}
	return nil
}

func appendText(c *column.Column, buf []byte, i int) []byte {
	if c.Null(i) {
		return buf
	}
	switch c.Kind {
	case column.Int:
		if c.Instants {
			return column.Instant(c.Ints[i]).AppendFormat(buf, column.InstantLayout)
		}
		return strconv.AppendInt(buf, c.Ints[i], 10)
	case column.Float:
		return strconv.AppendFloat(buf, c.Floats[i], 'g', -1, 64)
	case column.Bool:
		return strconv.AppendBool(buf, c.Bools[i])
	}
	return appendField(buf, c.Str(i))
}

// appendField quotes what a reader would take for something else.
func appendField(buf []byte, s string) []byte {
	if s != "" && !strings.ContainsAny(s, ",\"\r\n") && !strings.HasPrefix(s, string(utf8text.ByteOrderMark)) {
		return append(buf, s...)
	}
	buf = append(buf, '"')
	buf = append(buf, strings.ReplaceAll(s, `"`, `""`)...)
	return append(buf, '"')
}
