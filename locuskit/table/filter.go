package table

import (
	"fmt"
	"sync"
	"sync/atomic"

	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/exec"
)

// Filter is the rows for which keep says true, in their order. keep is called
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

// keep is the rows that match finds: it writes the matching rows of [from, to),
// counted from from, into out and says how many.
func (t Table) keep(doing string, match column.Matcher) Table {
	picked, total, err := pick(t.run, t.rows, match)
	if err != nil {
		return t.fail(doing, err)
	}
	cols, err := t.takePicked(picked, total)
	if err != nil {
		return t.fail(doing, err)
	}
	return t.derive(cols, total, fmt.Sprintf("%s: %s", doing, t.run.Explain(t.rows, exec.ChunkRows)))
}

// pick is the matching rows of each chunk, counted from the chunk's first row, and
// how many there are in all.
func pick(e exec.Run, rows int, match column.Matcher) (picked [][]int32, total int, err error) {
	picked = make([][]int32, exec.ChunkCount(rows, exec.ChunkRows))
	scratch := func() []int32 { return make([]int32, min(rows, exec.ChunkRows)) }
	err = exec.ChunksWith(e, rows, exec.ChunkRows, scratch, func(scratch []int32, chunk, from, to int) {
		found := scratch[:match(from, to, scratch)]
		picked[chunk] = append([]int32(nil), found...)
	})
	for _, p := range picked {
		total += len(p)
	}
	return picked, total, err
}

// takePicked is the picked rows of t, total of them.
func (t Table) takePicked(picked [][]int32, total int) ([]*column.Column, error) {
	starts := make([]int, len(picked)+1)
	for i, p := range picked {
		starts[i+1] = starts[i] + len(p)
	}
	cols := t.room(total)
	var edges sync.Mutex
	err := t.run.Chunks(t.rows, exec.ChunkRows, func(chunk, from, _ int) {
		t.gatherInto(cols, starts[chunk], from, picked[chunk], &edges)
	})
	return cols, err
}
