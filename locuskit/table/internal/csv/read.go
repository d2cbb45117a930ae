// Package csv reads and writes columns as CSV: blocks of the text are parsed on several goroutines, what a column holds is
// found from its values, and blocks are put together without loss or not at all. It knows columns and no tables; where
// records and fields end is package csvtext's.
package csv

import (
	"errors"
	"fmt"

	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/exec"
)

// Read reads all of a text.
func Read(e exec.Run, source *Source) (column.Frame, error) {
	read := &textReader{source: source, copied: true}
	blocks := &blockColumns{}
	late, err := read.scan(e, blocks.keep)
	if err != nil {
		return column.Frame{}, err
	}
	if late {
		read.only = read.late
		if err := read.again(e, blocks.keep); err != nil {
			return column.Frame{}, err
		}
	}
	return read.frame(e, blocks)
}

// again reads once more the columns in which there was a value that did not fit. That they
// need no third time is certain, unless the file changes.
func (r *textReader) again(e exec.Run, take takeBlock) error {
	if err := r.source.back(); err != nil {
		return fmt.Errorf("again from its start: %w", err)
	}
	late, err := r.scan(e, take)
	if err == nil && late {
		err = errors.New("it changed while it was read")
	}
	return err
}

// Scan parses a CSV text and gives the wanted columns of
// each block. Where a column turns out to be wider than its first values it starts
// again, which take learns by part -1, and so it does where the first block has no value of a column:
// what the others have of it is not known before the end.
func Scan(e exec.Run, source *Source, take func(number int, cols []*column.Column, rows int) error) error {
	read := &textReader{source: source}
	part := func(number int, cols []*Values, rows int) error {
		if read.anew.Load() || len(read.unknown()) > 0 {
			return nil
		}
		of := make([]*column.Column, 0, len(read.wanted))
		for _, i := range read.wanted {
			of = append(of, cols[i].Column())
		}
		return take(number, of, rows)
	}
	late, err := read.scan(e, part)
	unknown := read.unknown()
	if err != nil || !late && len(unknown) == 0 {
		return err
	}
	for _, i := range unknown { // nulls alone
		read.kinds[i] = column.String
	}
	if err := take(-1, nil, 0); err != nil {
		return err
	}
	return read.again(e, part)
}

// unknown returns the wanted columns of which nothing is known yet.
func (r *textReader) unknown() (columns []int) {
	for _, i := range r.wanted {
		if r.kinds[i] == Unknown {
			columns = append(columns, i)
		}
	}
	return columns
}
