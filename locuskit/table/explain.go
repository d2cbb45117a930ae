package table

import (
	"fmt"
	"slices"
	"strings"

	"locuslab/locuskit/table/internal/exec"
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
		return fmt.Sprintf("%d rows, %d columns; operations on it: %s", t.rows, len(t.cols), t.run.Explain(t.rows, exec.ChunkRows))
	}
	return strings.Join(t.plan, "\n")
}
