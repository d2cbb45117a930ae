package locuskit

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"locuslab/locuskit/internal/csvtext"
)

// WriteCSV writes the table with a header line, RFC 4180 with \n: a null as an
// empty field, an empty string as "". [ReadCSV] gives the same table back, but
// for strings that all look like numbers, for which it needs [Kinds].
func (t Table) WriteCSV(ctx context.Context, w io.Writer) error {
	if t.err != nil {
		return t.err
	}
	var line []byte
	for i, c := range t.cols {
		if i > 0 {
			line = append(line, ',')
		}
		line = appendField(line, c.name)
	}
	buf := append(line, '\n')
	for i := range t.rows {
		for k, c := range t.cols {
			if k > 0 {
				buf = append(buf, ',')
			}
			buf = c.appendText(buf, i)
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

// SaveCSV writes the table to a file, which appears whole or not at all.
func (t Table) SaveCSV(ctx context.Context, path string) error {
	return save(path, func(w io.Writer) error { return t.WriteCSV(ctx, w) })
}

func (c *column) appendText(buf []byte, i int) []byte {
	if c.null(i) {
		return buf
	}
	switch c.kind {
	case Int:
		return strconv.AppendInt(buf, c.ints[i], 10)
	case Float:
		return strconv.AppendFloat(buf, c.floats[i], 'g', -1, 64)
	case Bool:
		return strconv.AppendBool(buf, c.bools[i])
	}
	return appendField(buf, c.dict.value(c.codes[i]))
}

// appendField quotes what a reader would take for something else.
func appendField(buf []byte, s string) []byte {
	if s != "" && !strings.ContainsAny(s, ",\"\r\n") && !strings.HasPrefix(s, string(csvtext.ByteOrderMark)) {
		return append(buf, s...)
	}
	buf = append(buf, '"')
	buf = append(buf, strings.ReplaceAll(s, `"`, `""`)...)
	return append(buf, '"')
}

// save writes a file beside its place and moves it there when it is complete.
func save(path string, write func(io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	defer os.Remove(f.Name()) // gone already when it was moved
	if err := write(f); err != nil {
		f.Close()
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := f.Chmod(0o644); err != nil {
		f.Close()
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}
