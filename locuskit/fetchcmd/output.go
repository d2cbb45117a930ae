package fetchcmd

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

type write func(context.Context, result, io.Writer) error

// writer checks the flags before anything is fetched.
func (r *request) writer() (write, error) {
	if r.workers < 1 {
		return nil, fmt.Errorf("--workers %d: must be at least 1", r.workers)
	}
	format := r.format
	if format == "" {
		format = strings.TrimPrefix(filepath.Ext(r.output), ".")
		if format == "geojson" {
			format = "json"
		}
	}
	switch format {
	case "", "csv", "json":
	default:
		return nil, fmt.Errorf("format %q: there are csv and json; name the file so, or use --format", format)
	}
	return func(ctx context.Context, got result, stdout io.Writer) error {
		if r.output == "" {
			return encode(ctx, format, got, stdout)
		}
		return replace(r.output, func(w io.Writer) error { return encode(ctx, format, got, w) })
	}, nil
}

// encode writes the form asked for, or the one there is if none was.
func encode(ctx context.Context, format string, got result, w io.Writer) error {
	switch {
	case format == "csv" && got.csv == nil:
		return errors.New("this has no rows and cannot be CSV: use --format json")
	case format == "json" && got.json == nil:
		return errors.New("this is a table: use --format csv")
	case format == "json", got.csv == nil:
		return json.NewEncoder(w).Encode(got.json)
	}
	return got.csv(ctx, w)
}

// replace writes a file whole or not at all.
func replace(path string, fill func(io.Writer) error) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	defer func() {
		if err != nil {
			err = fmt.Errorf("write %s: %w", path, errors.Join(err, os.Remove(f.Name())))
		}
	}()
	if err := fill(f); err != nil {
		return errors.Join(err, f.Close())
	}
	if err := errors.Join(f.Chmod(0o644), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
