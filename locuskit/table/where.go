package table

import (
	"fmt"
	"math"
	"sync"

	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/exec"
)

// Where is the rows whose value in a column compares so to value: op is one of
// == != < <= > >=. value is a number for columns of numbers, a string for string
// columns (compared byte by byte), a bool (== and != only) for bool columns. A
// null compares to nothing, NaN is only != to everything. Rows keep their order.
func (t Table) Where(name, op string, value any, opts ...Option) Table {
	t = t.with(opts)
	if t.err != nil {
		return t
	}
	doing := fmt.Sprintf("where %s %s %v", name, op, value)
	c, err := t.column(name)
	if err != nil {
		return t.fail(doing, err)
	}
	match, err := column.Comparison(c, op, value)
	if err != nil {
		return t.fail(doing, err)
	}
	return t.keepMatching(doing, func(from, to int, out []int32) int {
		n := match(from, to, out)
		if c.Valid != nil {
			kept := 0
			for _, r := range out[:n] {
				if !c.Null(from + int(r)) {
					out[kept] = r
					kept++
				}
			}
			n = kept
		}
		return n
	})
}

// WhereParallel is [Table.Where] on several goroutines.
func (t Table) WhereParallel(name, op string, value any, opts ...Option) Table {
	return t.Parallel(opts...).Where(name, op, value)
}

// WhereIn is the rows whose value in a string column is one of values.
func (t Table) WhereIn(name string, values ...string) Table {
	if t.err != nil {
		return t
	}
	doing := "where " + name + " in a list of " + fmt.Sprint(len(values))
	c, err := t.column(name)
	if err == nil && c.Kind != column.String {
		err = fmt.Errorf("column %q holds %s values: a list of strings needs a string column", name, c.Kind)
	}
	if err != nil {
		return t.fail(doing, err)
	}
	wanted := make(map[string]bool, len(values))
	for _, v := range values {
		wanted[v] = true
	}
	if c.Plain != nil {
		return t.keepMatching(doing, func(from, to int, out []int32) int {
			return column.Choose(c, from, to, out, func(i int) bool { return !c.Null(i) && wanted[c.Str(i)] })
		})
	}
	in := make([]bool, max(1, c.Dict.Len()))
	for code := range c.Dict.Len() {
		in[code] = wanted[c.Dict.Value(int32(code))]
	}
	return t.keepMatching(doing, func(from, to int, out []int32) int {
		return column.Choose(c, from, to, out, func(i int) bool { return in[c.Codes[i]] && !c.Null(i) })
	})
}

// sampledRows is where the rows that match are estimated before they are sought.
const sampledRows = 4 * exec.ChunkRows

// keepMatching is what match finds, which may be asked twice about a row. A chunk
// is gathered right after it was matched, while it is in the caches: its place in
// the result is known once the chunks before it are matched. That takes a result
// that is there beforehand, whose size is estimated.
func (t Table) keepMatching(doing string, match column.Matcher) Table {
	if t.rows < sampledRows {
		return t.keep(doing, match)
	}
	room := estimate(t.rows, match)
	cols := t.room(room)
	starts := newOffsets(exec.ChunkCount(t.rows, exec.ChunkRows))
	late := make([][]int32, starts.chunks())
	var edges sync.Mutex
	scratch := func() []int32 { return make([]int32, exec.ChunkRows) }
	err := exec.ChunksWith(t.run, t.rows, exec.ChunkRows, scratch, func(scratch []int32, chunk, from, to int) {
		rows := scratch[:match(from, to, scratch)]
		if at, known := starts.matched(chunk, len(rows)); known && at+len(rows) <= room {
			t.gatherInto(cols, at, from, rows, &edges)
		} else {
			late[chunk] = append([]int32(nil), rows...)
		}
	})
	total := starts.at[starts.chunks()]
	if err == nil && total > room { // not what the sample promised
		return t.keep(doing, match)
	}
	if err == nil {
		again := t.run
		again.Progress = nil // which has seen every row
		err = again.Chunks(t.rows, exec.ChunkRows, func(chunk, from, _ int) {
			t.gatherInto(cols, starts.at[chunk], from, late[chunk], &edges)
		})
	}
	if err != nil {
		return t.fail(doing, err)
	}
	for i, c := range cols {
		cols[i] = c.Shortened(total)
	}
	return t.derive(cols, total, fmt.Sprintf("%s: %s", doing, t.run.Explain(t.rows, exec.ChunkRows)))
}

// room is a column of n rows, to be written, for each of t's.
func (t Table) room(n int) []*column.Column {
	cols := make([]*column.Column, len(t.cols))
	for i, c := range t.cols {
		cols[i] = c.UnwrittenLike(n)
		if c.Valid != nil {
			cols[i].Valid = column.NewBitmap(n)
		}
	}
	return cols
}

// gatherInto writes the picked rows, counted from from, to rows at and on of cols.
func (t Table) gatherInto(cols []*column.Column, at, from int, picked []int32, edges *sync.Mutex) {
	for i, c := range t.cols {
		cols[i].Gather(at, c, from, picked)
		if c.Valid != nil {
			column.GatherBits(cols[i].Valid, at, c.Valid, from, picked, edges)
		}
	}
}

// estimate is how many of the rows will match, with a margin: for chance, and for
// sorted rows, where a sampled block stands for its neighbours.
func estimate(rows int, match column.Matcher) int {
	const blocks, block = 128, 1024
	scratch := make([]int32, block)
	hits := 0
	for i := range blocks {
		from := (rows - block) / (blocks - 1) * i
		hits += match(from, from+block, scratch)
	}
	share := float64(hits) / (blocks * block)
	chance := 4 * math.Sqrt(share*(1-share)/(blocks*block))
	return min(rows, int((share+chance+1.0/blocks)*float64(rows)))
}

// offsets tells each chunk where in the result its rows go.
type offsets struct {
	mu    sync.Mutex
	count []int // rows of a chunk, or -1
	at    []int // where a chunk begins; right up to next
	next  int   // the first chunk that has no count
}

func newOffsets(chunks int) *offsets {
	p := &offsets{count: make([]int, chunks), at: make([]int, chunks+1)}
	for i := range p.count {
		p.count[i] = -1
	}
	return p
}

func (p *offsets) chunks() int { return len(p.count) }

// matched notes how many rows of a chunk matched. Its place is known if all chunks
// before it are matched.
func (p *offsets) matched(chunk, rows int) (at int, known bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.count[chunk] = rows
	for p.next < len(p.count) && p.count[p.next] >= 0 {
		p.at[p.next+1] = p.at[p.next] + p.count[p.next]
		p.next++
	}
	return p.at[chunk], p.next > chunk
}
