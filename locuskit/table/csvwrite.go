package table

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"

	"locuslab/locuskit/internal/wholefile"
	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/utf8text"
)

// WriteCSV writes the table with a header line, RFC 4180 with \n: a null as an
// empty field, an empty string as "". [ReadCSV] gives the same table back, but for
// strings that all look like numbers, and floats that are all whole, for which it needs
// [Kinds].
func (t Table) WriteCSV(ctx context.Context, w io.Writer) error {
	if t.err != nil {
		return t.err
	}
	var line []byte
	for i, c := range t.cols {
		if i > 0 {
			line = append(line, ',')
		}
		line = appendField(line, c.Name)
	}
	buf := append(line, '\n')
	for i := range t.rows {
		for k, c := range t.cols {
			if k > 0 {
				buf = append(buf, ',')
			}
			buf = appendText(c, buf, i)
		}
		buf = append(buf, '\n')
		if len(buf) < 1<<16 && i < t.rows-1 {
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

// SaveCSV writes the table to a file, which appears whole or not at all. A file that is there
// keeps its mode, a symbolic link is followed, and what is no regular file is written to.
func (t Table) SaveCSV(ctx context.Context, path string) error {
	return wholefile.Write(path, func(w io.Writer) error { return t.WriteCSV(ctx, w) })
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
