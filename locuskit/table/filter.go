package table

import (
	"fmt"
	"sync/atomic"

	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/exec"
)

// Filter returns the rows for which keep returns true, in their order. keep is called
// once a row, in the parallel form from several goroutines at once.
func (t Table) Filter(keep func(Row) bool, opts ...Option) Table {
	t = t.with(opts)
	if t.err != nil {
		return t
	}
	var misused atomic.Pointer[rowMisuse]
	kept := t.keep("filter", func(from, to int, out []int32) (n int) {
		defer func() {
			switch r := recover().(type) {
			case nil:
			case *rowMisuse:
				misused.CompareAndSwap(nil, r)
			default:
				panic(r)
			}
		}()
		for i := from; i < to && misused.Load() == nil; i++ {
			if i&0xfff == 0 && t.run.Cancelled() != nil { // keep may take its time
				return n
			}
			if keep(Row{t.cols, i}) {
				out[n] = int32(i - from)
				n++
			}
		}
		return n
	})
	if m := misused.Load(); m != nil {
		return t.fail("filter", m.err)
	}
	return kept
}

// FilterParallel is [Table.Filter] on several goroutines. A panic of keep reaches the
// caller as an error that says where it happened and wraps the value if that is one.
func (t Table) FilterParallel(keep func(Row) bool, opts ...Option) Table {
	return t.Parallel(opts...).Filter(keep)
}

// keep returns the rows that match finds.
func (t Table) keep(doing string, match column.Matcher) Table {
	cols, total, err := column.Keep(t.run, t.cols, t.rows, match)
	return t.kept(doing, cols, total, err)
}

// kept returns the table of rows that were kept.
func (t Table) kept(doing string, cols []*column.Column, rows int, err error) Table {
	if err != nil {
		return t.fail(doing, err)
	}
	return t.derive(cols, rows, fmt.Sprintf("%s: %s", doing, t.run.Explain(t.rows, exec.ChunkRows)))
}
