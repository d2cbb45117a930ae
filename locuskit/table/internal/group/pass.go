package group

import (
	"cmp"
	"slices"
	"sync"
	"unsafe"

	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/exec"
)

// pass gives all rows to the accumulators. Those whose figures depend on the order
// get a part for each chunk, merged in the order of the chunks; of the others each
// goroutine has its own for all its chunks.
func (a *aggregation) pass(totals []accumulator) error {
	if len(totals) == 0 {
		return nil
	}
	if a.apart(totals) {
		return a.passApart(totals)
	}
	var ordered, free []accumulator
	for _, t := range totals {
		if t.anyOrder() {
			free = append(free, t)
		} else {
			ordered = append(ordered, t)
		}
	}
	type partial struct {
		figures      []accumulator
		buf, present []int32
	}
	fresh := func() partial {
		p := partial{figures: twins(ordered)}
		if a.by.direct == nil {
			p.buf = make([]int32, BatchRows)
		}
		if slices.ContainsFunc(totals, func(t accumulator) bool { return t.nulls() != nil }) {
			p.present = make([]int32, BatchRows)
		}
		return p
	}
	own := newShared(free)
	read := columnsOf(totals)
	work := func(p partial, from, to int) {
		free := own.take()
		defer own.giveBack(free)
		all := slices.Concat(p.figures, free)
		slices.SortFunc(all, func(a, b accumulator) int { return cmp.Compare(bitmapAt(a.nulls()), bitmapAt(b.nulls())) })
		for ; from < to && a.run.Cancelled() == nil; from += BatchRows {
			end := min(from+BatchRows, to)
			groups := a.by.Numbers(p.buf, from, end)
			for _, c := range read {
				c.Touch(from, end)
			}
			of, left := groups, uintptr(0) // what groups leave out
			for _, f := range all {
				if valid := f.nulls(); bitmapAt(valid) != left {
					of, left = p.present[:len(groups)], bitmapAt(valid)
					putNulls(of, groups, valid, from, int32(a.by.domain))
				}
				if t, ok := f.(counter); ok {
					t.room(len(of))
				}
				f.add(of, from)
			}
		}
	}
	a.size = exec.ChunkRows
	if len(ordered) > 0 {
		a.size = a.chunk()
	}
	err := exec.Reduce(a.run, a.rows, a.size, fresh, work, func(p partial) {
		for i, f := range p.figures {
			if a.run.Cancelled() != nil {
				return // nobody will see the totals
			}
			ordered[i].merge(f)
		}
	})
	if err != nil {
		return err
	}
	return own.collect(a.run)
}

// bitmapAt returns where a bitmap is, 0 for none: figures of one column leave out the same rows.
func bitmapAt(valid []byte) uintptr { return uintptr(unsafe.Pointer(unsafe.SliceData(valid))) }

// columnsOf returns the columns whose values figures are of, each once.
func columnsOf(figures []accumulator) []*column.Column {
	var read []*column.Column
	for _, f := range figures {
		if c := f.reads(); c != nil && !slices.Contains(read, c) {
			read = append(read, c)
		}
	}
	return read
}

func twins(of []accumulator) []accumulator {
	out := make([]accumulator, len(of))
	for i, a := range of {
		out[i] = a.twin()
	}
	return out
}

// sharedTotals lends accumulators to goroutines: the totals themselves to the
// first, twins to those that come while the totals are lent.
type sharedTotals struct {
	mu     sync.Mutex
	totals []accumulator
	lent   [][]accumulator // all sets but the totals, lent or not
	idle   [][]accumulator
}

func newShared(totals []accumulator) *sharedTotals {
	return &sharedTotals{totals: totals, idle: [][]accumulator{totals}}
}

func (s *sharedTotals) take() []accumulator {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := len(s.idle); n > 0 {
		set := s.idle[n-1]
		s.idle = s.idle[:n-1]
		return set
	}
	set := twins(s.totals)
	s.lent = append(s.lent, set)
	return set
}

func (s *sharedTotals) giveBack(set []accumulator) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.idle = append(s.idle, set)
}

// collect merges what was lent into the totals.
func (s *sharedTotals) collect(e exec.Run) error {
	for _, set := range s.lent {
		for i, a := range set {
			if err := e.Cancelled(); err != nil {
				return err
			}
			s.totals[i].merge(a)
		}
	}
	return nil
}
