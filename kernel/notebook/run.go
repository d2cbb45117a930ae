package notebook

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"locuslab/kernel/display"
)

// Session runs cells. A failure of the user's own code is a *[display.Failure]; any
// other error means that the session itself broke.
type Session interface {
	// Execute runs a cell as In[count].
	Execute(ctx context.Context, code string, count int, out display.Output) error
	// Queue tells of a cell that will be executed later, so that it may be
	// compiled ahead.
	Queue(code string)
}

// CellError says which cell of a notebook failed.
type CellError struct {
	Index  int // of the cell in the notebook, from 0
	Count  int // its number as In[Count]
	Source string
	Err    error // a *display.Failure, unless the session itself broke
}

func (e *CellError) Error() string {
	return fmt.Sprintf("cell In[%d] failed: %v", e.Count, e.Err)
}

func (e *CellError) Unwrap() error { return e.Err }

// Progress is told before each code cell and after the last: done of total
// cells have run, and next is about to; it is nil at the end.
type Progress func(done, total int, next *Cell)

// Run runs the code cells from the first to the last, as "Restart kernel and
// run all cells" does: outputs of earlier runs are removed before. It stops at
// the first cell that fails, with a *[CellError]; the notebook then holds the
// outputs up to and including the failure.
//
// Empty cells and cells tagged skip-execution do not run. A cell tagged
// raises-exception may fail: its error is recorded and the run goes on.
func (nb *Notebook) Run(ctx context.Context, s Session, progress Progress) error {
	var todo []int
	for i, c := range nb.cells {
		if c.kind != Code {
			continue
		}
		if c.Tagged("skip-execution") {
			continue
		}
		c.reset()
		if strings.TrimSpace(c.source) != "" {
			todo = append(todo, i)
		}
	}
	for _, i := range todo {
		s.Queue(nb.cells[i].source)
	}
	for done, i := range todo {
		c := nb.cells[i]
		if progress != nil {
			progress(done, len(todo), c)
		}
		if err := nb.runCell(ctx, s, c, done+1); err != nil {
			return &CellError{Index: i, Count: done + 1, Source: c.source, Err: err}
		}
	}
	if progress != nil {
		progress(len(todo), len(todo), nil)
	}
	return nil
}

func (nb *Notebook) runCell(ctx context.Context, s Session, c *Cell, count int) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	c.fields["execution_count"] = count
	out := &cellOutput{rec: recorder{nb: nb, cell: c, count: count}}
	err := s.Execute(ctx, c.source, count, out)
	out.end(err)
	var failure *display.Failure
	if errors.As(err, &failure) && c.Tagged("raises-exception") {
		return nil
	}
	return err
}
