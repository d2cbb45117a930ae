// Package exec runs the work of a table's operations: in chunks or tasks, on one goroutine or several, until a context
// ends it, with progress. What it runs has the same result on any number of goroutines: the bounds of chunks depend on
// the number of rows alone, and partial results are merged in the order of the chunks. It knows nothing of columns.
package exec

import (
	"context"
	"errors"
	"fmt"

	"locuslab/locuskit/progress"
)

// Run is how the operations of a table run. The zero value is
// sequential and cannot be cancelled.
type Run struct {
	Ctx      context.Context
	Workers  int                  // 0 or 1: sequential
	Abort    func()               // wakes whoever waits for a part that failed; may be nil
	Progress func() progress.Func // makes the reporter of one operation; may be nil
	AnyOrder bool                 // of groups: they are put in order later
}

// ErrStopped is what a part of some work gets that is not wanted any more, because another one failed.
var ErrStopped = errors.New("stopped")

// Failed wakes whoever waits for a part that failed.
func (e Run) Failed() {
	if e.Abort != nil {
		e.Abort()
	}
}

// Sequential returns e on the goroutine of the caller.
func (e Run) Sequential() Run {
	e.Workers = 0
	return e
}

// Quiet returns e without progress, for what is a part of something else.
func (e Run) Quiet() Run {
	e.Progress = nil
	return e
}

// Context returns the context that ends the run, never nil.
func (e Run) Context() context.Context {
	if e.Ctx == nil {
		return context.Background()
	}
	return e.Ctx
}

// Cancelled returns the cause if the context has ended.
func (e Run) Cancelled() error {
	if e.Ctx == nil {
		return nil
	}
	return context.Cause(e.Ctx)
}

// Explain says how an operation over rows in chunks of size runs.
func (e Run) Explain(rows, size int) string {
	chunks := ChunkCount(rows, size)
	n := e.Goroutines(rows, chunks)
	switch {
	case n > 1:
		return fmt.Sprintf("parallel: %d rows in %d chunks of %d on %d goroutines", rows, chunks, size, n)
	case e.Workers > 1 && rows < parallelRows:
		return fmt.Sprintf("sequential: %d rows are fewer than the %d from which more goroutines gain", rows, parallelRows)
	case e.Workers > 1 && chunks <= 1:
		return fmt.Sprintf("sequential: %d rows are one chunk of %d", rows, size)
	}
	return fmt.Sprintf("sequential: %d rows in %d chunks of %d", rows, chunks, size)
}
