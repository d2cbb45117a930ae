package table

import (
	"context"
	"fmt"
	"io"

	"locuslab/locuskit/internal/wholefile"
	"locuslab/locuskit/table/internal/csv"
	"locuslab/locuskit/table/internal/exec"
	"locuslab/locuskit/table/internal/json"
)

// ReadJSON reads a file of JSON: a list of objects, or objects one after another
// (JSON Lines), as it is or compressed by gzip. It is streamed: beside the table only one object is in memory.
// The columns are the names met, in order of appearance; a name that an object
// lacks, and null, are nulls, and a column of nothing else is one of strings. Numbers
// are ints where all of a column are whole and fit, else floats, and text where that would
// make two of them equal (see [ReadCSV]); objects and lists within a row become their JSON
// text. [Only], [Except], [Kinds] and [Encoding] may be among opts.
// A text that is not UTF-8, or holds half of a surrogate pair, is an error, as all texts of tables are UTF-8.
// An error names file, row (from 1) and column.
func ReadJSON(ctx context.Context, path string, opts ...Option) (Table, error) {
	f, err := csv.OpenText(path)
	if err != nil {
		return Table{}, fmt.Errorf("read JSON %s: %w", path, err)
	}
	defer f.Close()
	return ParseJSON(ctx, f, path, opts...)
}

// ParseJSON is [ReadJSON] from a stream, which source names in errors.
func ParseJSON(ctx context.Context, r io.Reader, source string, opts ...Option) (Table, error) {
	t, err := framed(json.Parse(ctx, with(exec.Run{}, opts).read, r))
	if err != nil {
		return Table{}, fmt.Errorf("read JSON %s: %w", source, err)
	}
	return t, nil
}

// WriteJSON writes the table as a list of objects, one a line. A null is null;
// NaN and infinities, which JSON does not have, are errors that name the place.
func (t Table) WriteJSON(ctx context.Context, w io.Writer) error {
	if t.err != nil {
		return t.err
	}
	return json.Write(ctx, w, t.cols, t.rows)
}

// SaveJSON writes the table to a file, as [Table.SaveCSV] does.
func (t Table) SaveJSON(ctx context.Context, path string) error {
	return wholefile.Write(path, func(w io.Writer) error { return t.WriteJSON(ctx, w) })
}
