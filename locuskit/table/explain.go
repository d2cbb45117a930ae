package table

import (
	"fmt"
	"slices"
	"strings"
)

// Explain says in words how t came about: for each operation, whether it ran in
// parallel, on how many goroutines, in how many chunks, and why.
func (t Table) Explain() string {
	if t.err != nil {
		return strings.Join(append(slices.Clone(t.plan), "failed: "+t.err.Error()), "\n")
	}
	if len(t.notes) > 0 {
		t.plan = slices.Concat(t.plan, t.notes)
	}
	if len(t.plan) == 0 {
		return fmt.Sprintf("%d rows, %d columns; operations on it: %s", t.rows, len(t.cols), t.run.explain(t.rows, chunkRows))
	}
	return strings.Join(t.plan, "\n")
}

// explain says how an operation over so many rows in chunks of size runs.
func (e execution) explain(rows, size int) string {
	chunks := chunkCount(rows, size)
	n := e.goroutines(rows, chunks)
	switch {
	case n > 1:
		return fmt.Sprintf("parallel: %d rows in %d chunks of %d on %d goroutines", rows, chunks, size, n)
	case e.workers > 1 && rows < parallelRows:
		return fmt.Sprintf("sequential: %d rows are fewer than the %d from which more goroutines gain", rows, parallelRows)
	case e.workers > 1 && chunks <= 1:
		return fmt.Sprintf("sequential: %d rows are one chunk of %d", rows, size)
	}
	return fmt.Sprintf("sequential: %d rows in %d chunks of %d", rows, chunks, size)
}
