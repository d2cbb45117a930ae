package table_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"locuslab/locuskit/table"
)

// partsOfAll are tables of one schema, with nulls, empty texts and a part without rows.
func partsOfAll(t *testing.T) []table.Table {
	t.Helper()
	var parts []table.Table
	for p := range 4 {
		b := table.NewBuilder()
		ids, shares, names, flags := b.Ints("id"), b.Floats("share"), b.Strings("name, and more"), b.Bools("flag")
		for i := range p * 3 { // the first has no rows
			ids.Append(int64(p*100 + i))
			flags.Append(i%2 == 0)
			if i%3 == 1 {
				shares.AppendNull()
				names.AppendNull()
				continue
			}
			shares.Append(float64(i) + 0.5)
			names.Append(strings.Repeat("ä\"b", i))
		}
		part, err := b.Table()
		if err != nil {
			t.Fatal(err)
		}
		parts = append(parts, part)
	}
	return parts
}

func TestPartsAreWrittenAsOneTable(t *testing.T) {
	ctx := t.Context()
	parts := partsOfAll(t)
	all, err := table.Concat(parts...)
	if err != nil {
		t.Fatal(err)
	}
	for format, c := range map[table.Format]struct {
		whole func(table.Table, *bytes.Buffer) error
		read  func(path string) (table.Table, error)
	}{
		table.CSV:     {func(t table.Table, b *bytes.Buffer) error { return t.WriteCSV(ctx, b) }, func(p string) (table.Table, error) { return table.ReadCSV(ctx, p) }},
		table.JSON:    {func(t table.Table, b *bytes.Buffer) error { return t.WriteJSON(ctx, b) }, func(p string) (table.Table, error) { return table.ReadJSON(ctx, p) }},
		table.Parquet: {nil, func(p string) (table.Table, error) { return table.ReadParquet(ctx, p) }},
		table.IPC:     {nil, func(p string) (table.Table, error) { return table.ReadIPC(ctx, p) }},
	} {
		var got bytes.Buffer
		w := table.NewWriter(ctx, &got, format)
		for _, part := range parts {
			if err := w.Write(part); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if c.whole != nil {
			var want bytes.Buffer
			if err := c.whole(all, &want); err != nil || got.String() != want.String() {
				t.Errorf("%v: %q, of the whole table %q, error %v", format, got.String(), want.String(), err)
			}
		}
		path := filepath.Join(t.TempDir(), "parts")
		if err := os.WriteFile(path, got.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		back, err := c.read(path)
		if err != nil {
			t.Fatalf("%v: %v", format, err)
		}
		var a, b bytes.Buffer
		if err := errors.Join(back.WriteCSV(ctx, &a), all.WriteCSV(ctx, &b)); err != nil || a.String() != b.String() {
			t.Errorf("%v: read back\n%s\nwant\n%s\nerror %v", format, a.String(), b.String(), err)
		}
		if err := w.Write(parts[1]); err == nil || !strings.Contains(err.Error(), "closed") {
			t.Errorf("%v: after Close: %v", format, err)
		}
	}
}

func TestPartsThatDoNotFitAreRefused(t *testing.T) {
	parts := partsOfAll(t)
	for format := table.CSV; format <= table.IPC; format++ {
		for name, other := range map[string]table.Table{
			"a column more":  parts[2].WithIndex("row"),
			"another order":  parts[2].Select("share", "id", "name, and more", "flag"),
			"another kind":   parts[2].Cast("id", table.Float),
			"another name":   parts[2].Rename("id", "ID"),
			"a failed table": parts[2].Drop("none"),
		} {
			var out bytes.Buffer
			w := table.NewWriter(t.Context(), &out, format)
			if err := w.Write(parts[1]); err != nil {
				t.Fatal(err)
			}
			if err := w.Write(other); err == nil {
				t.Errorf("%v: %s is written", format, name)
			}
			if err := w.Close(); err == nil {
				t.Errorf("%v: closed as if it were complete, after %s", format, name)
			}
		}
		if err := table.NewWriter(t.Context(), &bytes.Buffer{}, format).Close(); err == nil || !strings.Contains(err.Error(), "no columns") {
			t.Errorf("%v: closed without a table: %v", format, err)
		}
		ctx, cancel := context.WithCancelCause(t.Context())
		stopped := errors.New("stopped by the test")
		cancel(stopped)
		if err := table.NewWriter(ctx, &bytes.Buffer{}, format).Write(parts[1]); !errors.Is(err, stopped) {
			t.Errorf("%v: with a context that has ended: %v", format, err)
		}
	}
	if err := table.NewWriter(t.Context(), &bytes.Buffer{}, 0).Write(parts[1]); err == nil {
		t.Error("no format is a format")
	}
}
