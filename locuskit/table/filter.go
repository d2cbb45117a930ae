package table

import (
	"fmt"
	"sync"
	"sync/atomic"

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
func (t Table) keep(doing string, match matcher) Table {
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
func pick(e exec.Run, rows int, match matcher) (picked [][]int32, total int, err error) {
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
func (t Table) takePicked(picked [][]int32, total int) ([]*column, error) {
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

// alike is a column of ints that are what those of c are.
func (c *column) alike(of *column) *column {
	of.instants = c.instants
	return of
}

// emptyLike is a column of n zero values of c's name, kind and dictionary, to be
// filled.
func (c *column) emptyLike(n int) *column {
	switch c.kind {
	case Int:
		return c.alike(intColumn(c.name, make([]int64, n), nil))
	case Float:
		return floatColumn(c.name, make([]float64, n), nil)
	case Bool:
		return boolColumn(c.name, make([]bool, n), nil)
	}
	if c.plain != nil {
		return plainColumn(c.name, make([]uint64, n), &plainText{text: c.plain.text}, nil)
	}
	return stringColumn(c.name, make([]int32, n), c.dict, nil)
}

// unwrittenLike is emptyLike for who writes every row: what is there before may be
// anything.
func (c *column) unwrittenLike(n int) *column {
	switch c.kind {
	case Int:
		return c.alike(intColumn(c.name, unzeroed[int64](n), nil))
	case Float:
		return floatColumn(c.name, unzeroed[float64](n), nil)
	case Bool:
		return boolColumn(c.name, unzeroed[bool](n), nil)
	}
	if c.plain != nil {
		return plainColumn(c.name, unzeroed[uint64](n), &plainText{text: c.plain.text}, nil)
	}
	return stringColumn(c.name, unzeroed[int32](n), c.dict, nil)
}

// gather writes rows base+rows[k] of src to rows at+k of c, but for which are null.
func (c *column) gather(at int, src *column, base int, rows []int32) {
	switch c.kind {
	case Int:
		gather(c.ints[at:], src.ints[base:], rows)
	case Float:
		gather(c.floats[at:], src.floats[base:], rows)
	case Bool:
		gather(c.bools[at:], src.bools[base:], rows)
	case String:
		if c.plain != nil {
			gather(c.views[at:], src.views[base:], rows)
		} else {
			gather(c.codes[at:], src.codes[base:], rows)
		}
	}
}

func gather[T any, R int32 | uint32](dst, src []T, rows []R) {
	dst = dst[:len(rows)]
	for k, r := range rows {
		dst[k] = src[r]
	}
}

// gatherBits writes bits base+rows[k] of src to bits at+k of dst, whose bits are
// zero. The bytes at the ends, which rows of other chunks may share, it writes
// under edges.
func gatherBits[R int32 | uint32](dst []byte, at int, src []byte, base int, rows []R, edges *sync.Mutex) {
	bit := func(k int) byte { i := base + int(rows[k]); return src[i>>3] >> (i & 7) & 1 }
	edge := func(from, to int) {
		if from >= to {
			return
		}
		edges.Lock()
		defer edges.Unlock()
		for k := from; k < to; k++ {
			dst[(at+k)>>3] |= bit(k) << ((at + k) & 7)
		}
	}
	k := min(len(rows), -at&7)
	edge(0, k)
	for ; k+8 <= len(rows); k += 8 {
		dst[(at+k)>>3] = bit(k) | bit(k+1)<<1 | bit(k+2)<<2 | bit(k+3)<<3 | bit(k+4)<<4 | bit(k+5)<<5 | bit(k+6)<<6 | bit(k+7)<<7
	}
	edge(k, len(rows))
}
