package column

import (
	"math"
	"sync"

	"locuslab/locuskit/table/internal/exec"
)

// Keep returns the rows that match finds: it writes the matching rows of [from, to),
// counted from from, into out and says how many.
func Keep(e exec.Run, cols []*Column, rows int, match Matcher) ([]*Column, int, error) {
	picked, total, err := Pick(e, rows, match)
	if err != nil {
		return nil, 0, err
	}
	out, err := takePicked(e, cols, rows, picked, total)
	return out, total, err
}

// Pick returns the matching rows of each chunk, counted from the chunk's first row, and
// how many there are in all.
func Pick(e exec.Run, rows int, match Matcher) (picked [][]int32, total int, err error) {
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

// takePicked returns the picked rows of cols, total of them.
func takePicked(e exec.Run, cols []*Column, rows int, picked [][]int32, total int) ([]*Column, error) {
	starts := make([]int, len(picked)+1)
	for i, p := range picked {
		starts[i+1] = starts[i] + len(p)
	}
	out := room(cols, total)
	var edges sync.Mutex
	err := e.Chunks(rows, exec.ChunkRows, func(chunk, from, _ int) {
		gatherInto(out, cols, starts[chunk], from, picked[chunk], &edges)
	})
	return out, err
}

// sampledRows is where the rows that match are estimated before they are sought.
const sampledRows = 4 * exec.ChunkRows

// KeepEstimated returns what match finds, which may be asked twice about a row. A chunk
// is gathered right after it was matched, while it is in the caches: its place in
// the result is known once the chunks before it are matched. That takes a result
// that is there beforehand, whose size is estimated.
func KeepEstimated(e exec.Run, cols []*Column, rows int, match Matcher) ([]*Column, int, error) {
	if rows < sampledRows {
		return Keep(e, cols, rows, match)
	}
	most := estimate(rows, match)
	out := room(cols, most)
	starts := newOffsets(exec.ChunkCount(rows, exec.ChunkRows))
	late := make([][]int32, starts.chunks())
	var edges sync.Mutex
	scratch := func() []int32 { return make([]int32, exec.ChunkRows) }
	err := exec.ChunksWith(e, rows, exec.ChunkRows, scratch, func(scratch []int32, chunk, from, to int) {
		found := scratch[:match(from, to, scratch)]
		if at, known := starts.matched(chunk, len(found)); known && at+len(found) <= most {
			gatherInto(out, cols, at, from, found, &edges)
		} else {
			late[chunk] = append([]int32(nil), found...)
		}
	})
	total := starts.at[starts.chunks()]
	if err == nil && total > most { // not what the sample promised
		return Keep(e, cols, rows, match)
	}
	if err == nil {
		again := e
		again.Progress = nil // which has seen every row
		err = again.Chunks(rows, exec.ChunkRows, func(chunk, from, _ int) {
			gatherInto(out, cols, starts.at[chunk], from, late[chunk], &edges)
		})
	}
	if err != nil {
		return nil, 0, err
	}
	for i, c := range out {
		out[i] = c.Shortened(total)
	}
	return out, total, nil
}

// room returns a column of n rows, to be written, for each of the given ones.
func room(of []*Column, n int) []*Column {
	cols := make([]*Column, len(of))
	for i, c := range of {
		cols[i] = c.UnwrittenLike(n)
		if c.Valid != nil {
			cols[i].Valid = NewBitmap(n)
		}
	}
	return cols
}

// gatherInto writes the picked rows, counted from from, to rows at and on of out.
func gatherInto(out, cols []*Column, at, from int, picked []int32, edges *sync.Mutex) {
	for i, c := range cols {
		out[i].Gather(at, c, from, picked)
		if c.Valid != nil {
			GatherBits(out[i].Valid, at, c.Valid, from, picked, edges)
		}
	}
}

// estimate returns how many of the rows will match, with a margin: for chance, and for
// sorted rows, where a sampled block stands for its neighbours.
func estimate(rows int, match Matcher) int {
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
