package column

import (
	"fmt"

	"locuslab/locuskit/table/internal/exec"
)

// Frame is columns that are equally long, not yet a table.
type Frame struct {
	Columns []*Column
	Rows    int
	Notes   []string // what the reader had to decide
	Plan    []string // how it ran
}

// Stack puts the rows of frames, of which there is at least one, one below the other. Their columns have the same names and kinds.
func Stack(e exec.Run, parts []Frame) (Frame, error) {
	all := Frame{Columns: make([]*Column, len(parts[0].Columns))}
	for i, p := range parts {
		if len(p.Columns) != len(all.Columns) {
			return Frame{}, fmt.Errorf("table %d has %d columns and the first %d", i+1, len(p.Columns), len(all.Columns))
		}
		all.Rows += p.Rows
	}
	for k, first := range parts[0].Columns {
		cols := make([]*Column, len(parts))
		for i, p := range parts {
			c := p.Columns[k]
			if c.Name != first.Name || c.Holds() != first.Holds() {
				return Frame{}, fmt.Errorf("column %d of table %d is %q (%s) and of the first %q (%s)", k+1, i+1, c.Name, c.Holds(), first.Name, first.Holds())
			}
			cols[i] = c
		}
		var err error
		if all.Columns[k], err = Concat(e, cols, all.Rows); err != nil {
			return Frame{}, err
		}
	}
	return all, nil
}
