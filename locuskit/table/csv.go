package table

import (
	"context"
	"fmt"
	"io"

	"locuslab/locuskit/internal/wholefile"
	"locuslab/locuskit/table/internal/csv"
	"locuslab/locuskit/table/internal/exec"
)

// ReadCSV reads a file of comma-separated values with a header line, RFC 4180
// with \n or \r\n, as it is or compressed by gzip. An empty field is a null; "" in quotes
// is an empty string, or a null where the other values are numbers or bools. Columns without a name, and later ones of the same name, get names of their
// own; [Table.Notes] says which. An error names file, row (from 1, the header not counted) and
// column.
//
// What a column holds is found from its values: int, float, bool or else string. A column is
// one of numbers only if nothing is lost by it: a whole number must print back as it was
// written, so that 02116, +14165550100 and an id beyond int64 make their column one of strings,
// and what has a point or an exponent is rounded to the nearest float64. The first MiB
// decides; where later values do not fit, the columns that they are in are read once more.
// [Kinds] sets what a column holds.
//
// Cost: the table, its blocks of parsed columns until they are put together,
// and a block of 1 MiB per worker.
func ReadCSV(ctx context.Context, path string, opts ...Option) (Table, error) {
	return readCSVFile(sequential(ctx, opts), path)
}

// ReadCSVParallel is [ReadCSV] on several goroutines.
func ReadCSVParallel(ctx context.Context, path string, opts ...Option) (Table, error) {
	return readCSVFile(parallel(exec.Run{Ctx: ctx}, opts), path)
}

// ParseCSV is [ReadCSVParallel] from a stream, which source names in errors, from where it
// stands. A stream cannot be read again: a value that does not fit what the first MiB
// showed is an error, unless r is an io.Seeker.
func ParseCSV(ctx context.Context, r io.Reader, source string, opts ...Option) (Table, error) {
	return readCSV(parallel(exec.Run{Ctx: ctx}, opts), r, source)
}

func readCSVFile(s settings, path string) (Table, error) {
	f, err := csv.OpenText(path)
	if err != nil {
		return Table{}, fmt.Errorf("read CSV %s: %w", path, err)
	}
	defer f.Close()
	return readCSV(s, f, path)
}

func readCSV(s settings, r io.Reader, name string) (Table, error) {
	t, err := framed(csv.Read(s.run, csv.NewSource(r, name, s.read)))
	if err != nil {
		return Table{}, fmt.Errorf("read CSV %s: %w", name, err)
	}
	return t, nil
}

// WriteCSV writes the table with a header line, RFC 4180 with \n: a null as an
// empty field, an empty string as "". [ReadCSV] gives the same table back, but for
// strings that all look like numbers, and floats that are all whole, for which it needs
// [Kinds].
func (t Table) WriteCSV(ctx context.Context, w io.Writer) error {
	if t.err != nil {
		return t.err
	}
	return csv.Write(ctx, w, t.cols, t.rows, true)
}

// SaveCSV writes the table to a file, which appears whole or not at all. A file that is there
// keeps its mode, a symbolic link is followed, and what is no regular file is written to.
func (t Table) SaveCSV(ctx context.Context, path string) error {
	return wholefile.Write(path, func(w io.Writer) error { return t.WriteCSV(ctx, w) })
}
