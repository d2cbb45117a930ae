package fetch

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/term"

	"locuslab/locuskit/internal/wholefile"
	"locuslab/locuskit/table"
)

// result is what was fetched: rows, and a JSON form of its own if the rows' is not the natural one.
type result struct {
	summary string
	table   func() (table.Table, error) // nil: nothing was fetched
	json    any
	natural string  // format when none is asked for; csv unless set
	stream  *stream // in place of all else: what is still to be fetched, as it is written
}

// formats is every format by the endings of file names that mean it.
var formats = map[string]string{
	"csv": "csv", "json": "json", "geojson": "json",
	"parquet": "parquet", "arrow": "arrow", "ipc": "arrow", "feather": "arrow",
}

// destination is where the data goes, and how.
type destination struct {
	path   string // of a file; empty is stdout
	stdout io.Writer
	format string // empty: the natural one
}

// destination finds out before anything is fetched what would be known too late after it.
func (r *request) destination(stdout io.Writer) (destination, error) {
	d := destination{path: r.output, stdout: stdout}
	if d.path == "-" {
		d.path = ""
	}
	ending := r.format
	if ending == "" {
		ending = strings.TrimPrefix(filepath.Ext(d.path), ".")
	}
	if ending != "" {
		var known bool
		if d.format, known = formats[strings.ToLower(ending)]; !known {
			return d, fmt.Errorf("format %q: there are csv and json, geojson, parquet and arrow; name the file so, or use --format", ending)
		}
	}
	if d.path == "" {
		if f, ok := stdout.(*os.File); ok && (d.format == "parquet" || d.format == "arrow") && term.IsTerminal(int(f.Fd())) {
			return d, fmt.Errorf("%s is not for a terminal: name a file with -o, or redirect standard output", d.format)
		}
		return d, nil
	}
	switch at, err := os.Stat(d.path); {
	case err == nil && at.IsDir():
		return d, fmt.Errorf("write %s: it is a folder: name a file in it", d.path)
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return d, fmt.Errorf("write: %w", err)
	}
	if _, err := os.Stat(filepath.Dir(d.path)); err != nil {
		return d, fmt.Errorf("write %s: its folder: %w", d.path, err)
	}
	return d, nil
}

func (d destination) write(ctx context.Context, got result) error {
	format := d.format
	if format == "" {
		format = "csv"
		if got.natural != "" {
			format = got.natural
		}
	}
	fill := func(w io.Writer) error { return got.encode(ctx, format, w) }
	if got.stream != nil && d.unforgetting() {
		return whenComplete(fill, d.into)
	}
	return d.into(fill)
}

// into has fill write to the destination.
func (d destination) into(fill func(io.Writer) error) error {
	if d.path == "" {
		return fill(d.stdout)
	}
	return wholefile.Write(d.path, fill)
}

// unforgetting reports whether the destination cannot be rid of what a fetch that failed has written to it: standard output, a
// pipe, a device.
func (d destination) unforgetting() bool {
	if d.path == "" {
		return true
	}
	at, err := os.Stat(d.path)
	return err == nil && !at.Mode().IsRegular()
}

// whenComplete writes what fill makes once all of it is there; until then it lies in a temporary file.
func whenComplete(fill func(io.Writer) error, into func(func(io.Writer) error) error) error {
	f, err := temporary()
	if err != nil {
		return err
	}
	defer f.Close()
	if err := fill(f); err != nil {
		return err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("read back what was fetched: %w", err)
	}
	return into(func(w io.Writer) error {
		_, err := io.Copy(w, f)
		return err
	})
}

// temporary is a file that is gone when it is closed, or this program has ended in whatever way.
func temporary() (*os.File, error) {
	f, err := os.CreateTemp("", "locus-fetch-")
	if err != nil {
		return nil, fmt.Errorf("a place for what does not fit into memory: %w; TMPDIR names another folder", err)
	}
	if err := os.Remove(f.Name()); err != nil {
		f.Close()
		return nil, fmt.Errorf("a place for what does not fit into memory: %w", err)
	}
	return f, nil
}

func (g result) encode(ctx context.Context, format string, w io.Writer) error {
	if g.stream != nil {
		return g.stream.encode(ctx, format, w)
	}
	if format == "json" && g.json != nil {
		b := bufio.NewWriter(w)
		return errors.Join(json.NewEncoder(b).Encode(g.json), b.Flush())
	}
	t, err := g.table()
	if err != nil {
		return err
	}
	switch format {
	case "json":
		return t.WriteJSON(ctx, w)
	case "parquet":
		return t.WriteParquet(ctx, w)
	case "arrow":
		return t.WriteIPC(ctx, w)
	}
	return t.WriteCSV(ctx, w)
}

// codes reads postal codes from the arguments, or one a line from in where an argument is "-": the first
// field, so that a CSV file whose first column is geo_id can be passed on.
func codes(args []string, in io.Reader) ([]string, error) {
	i := slices.Index(args, "-")
	if i < 0 {
		return args, nil
	}
	list := slices.Clone(args[:i])
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		field, _, _ := strings.Cut(lines.Text(), ",")
		if field = strings.Trim(strings.TrimSpace(field), `"`); field != "" && field != "geo_id" {
			list = append(list, field)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read codes from standard input: %w", err)
	}
	if list = append(list, args[i+1:]...); len(list) == 0 {
		return nil, &UsageError{errors.New("standard input has no postal codes: write one a line")}
	}
	return list, nil
}
