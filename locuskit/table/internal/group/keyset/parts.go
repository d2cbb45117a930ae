package keyset

import (
	"fmt"
	"math"
	"slices"
	"sync/atomic"

	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/exec"
	"locuslab/locuskit/table/internal/large"
)

// parts is into how many parts keys are shared out: so many that the table of one part of
// millions of keys stays in a processor's caches.
const parts = 1 << 8

// sharedKeys is the keys of rows, those of each chunk put together by their part, in the order of the rows.
type sharedKeys struct {
	keys   []uint64
	of     []uint8            // the part of each row
	starts [][parts + 1]int32 // of the parts in each chunk
}

// part returns the keys of a part in a chunk.
func (s *sharedKeys) part(chunk, p int) []uint64 {
	return s.keys[chunk*exec.ChunkRows:][s.starts[chunk][p]:s.starts[chunk][p+1]]
}

// numberParts shares the keys out and numbers each part for itself, in the order of its keys where parts are ranges.
func (x *Numbering) numberParts(e exec.Run, n int, share *ranges) error {
	shared, err := x.shareOut(e, n, share)
	if err != nil {
		return err
	}
	found := make([][]uint64, parts)
	var unsorted atomic.Bool
	type scratch struct {
		set     *Set
		sorting sorter
	}
	free := make(chan *scratch, max(1, e.Workers))
	for range cap(free) {
		free <- &scratch{set: New()}
	}
	err = e.Tasks(parts, func(p int) {
		s := <-free
		defer func() { free <- s }()
		s.set.Empty()
		for chunk := range shared.starts {
			if e.Cancelled() != nil {
				return
			}
			part := shared.part(chunk, p)
			large.Touch(part)
			s.set.Replace(part)
		}
		if !share.even || e.AnyOrder || len(s.set.Keys) > mostSorted { // of which a sample has told the wrong thing
			found[p] = slices.Clone(s.set.Keys)
			unsorted.Store(true)
			return
		}
		keys, ranks := s.sorting.sort(s.set.Keys)
		found[p] = keys
		for chunk := range shared.starts {
			part := shared.part(chunk, p)
			for i, number := range part {
				part[i] = uint64(ranks[number])
			}
		}
	})
	if err != nil {
		return err
	}
	total := 0
	for _, keys := range found {
		total += len(keys)
	}
	if total > math.MaxInt32 {
		return fmt.Errorf("the distinct keys are more than the %d that this works on in memory", math.MaxInt32)
	}
	var firsts [parts]int32 // number of each part
	x.Keys = large.Unzeroed[uint64](total)[:0]
	for p, keys := range found {
		firsts[p] = int32(len(x.Keys))
		x.Keys = append(x.Keys, keys...)
	}
	if err := x.bringBack(e, shared, n, &firsts); err != nil || !unsorted.Load() {
		return err
	}
	return x.sort(e)
}

// shareOut puts the keys of each chunk together by their parts.
func (x *Numbering) shareOut(e exec.Run, n int, share *ranges) (*sharedKeys, error) {
	s := &sharedKeys{large.Unzeroed[uint64](n), large.Unzeroed[uint8](n), make([][parts + 1]int32, exec.ChunkCount(n, exec.ChunkRows))}
	fresh := func() []uint64 { return make([]uint64, exec.ChunkRows) }
	return s, exec.ChunksWith(e, n, exec.ChunkRows, fresh, func(keys []uint64, chunk, from, to int) {
		keys = keys[:to-from]
		x.from.Read(keys, from, to)
		of := s.of[from:to]
		share.parts(of, keys)
		var at [parts + 1]int32
		for _, p := range of {
			at[int(p)+1]++
		}
		for p := range parts {
			at[p+1] += at[p]
		}
		s.starts[chunk] = at
		out := s.keys[from:to]
		for i, p := range of {
			out[at[p]] = keys[i]
			at[p]++
		}
	})
}

// bringBack gives rows the numbers that shared has in place of their keys: those of a part come in the order of the rows.
func (x *Numbering) bringBack(e exec.Run, shared *sharedKeys, n int, firsts *[parts]int32) error {
	x.Of = large.Unzeroed[int32](n)
	x.Fill = func(buf []int32, from, to int) { copy(buf, x.Of[from:to]) }
	return e.Chunks(n, exec.ChunkRows, func(chunk, from, to int) {
		at, numbers, out := shared.starts[chunk], shared.keys[from:to], x.Of[from:to]
		large.Touch(numbers)
		for i, p := range shared.of[from:to] {
			out[i] = firsts[p] + int32(numbers[at[p]])
			at[p]++
		}
	})
}

// ranges shares keys out to parts: by ranges of the keys, each of which has as much of a sample as the others, or
// where some small range has much of the sample, by hash.
type ranges struct {
	even   bool // by ranges: all keys of a part are less than those of the next
	lo, hi uint64
	shift  uint
	cells  [1 << cellBits]uint8 // the part of each piece of the way from lo to hi
}

const cellBits = 14

// newRanges returns ranges by the keys of a sample, which are in order.
func newRanges(some []uint64) *ranges {
	r := &ranges{even: true, lo: some[0], hi: some[len(some)-1]}
	for (r.hi-r.lo)>>r.shift >= 1<<cellBits {
		r.shift++
	}
	next := 0
	for c := range r.cells {
		r.cells[c] = uint8(next * (parts - 1) / len(some))
		first := next
		for next < len(some) && (some[next]-r.lo)>>r.shift == uint64(c) {
			next++
		}
		if r.shift > 0 && distinct(some[first:next]) > 4*len(some)/parts {
			r.even = false
		}
	}
	return r
}

// parts puts the parts of keys into of.
func (r *ranges) parts(of []uint8, keys []uint64) {
	of = of[:len(keys)]
	if !r.even {
		for i, k := range keys {
			of[i] = uint8(column.MixWord(k) >> 16) // bits of a hash that sets do not look at
		}
		return
	}
	lo, hi, shift := r.lo, r.hi, r.shift&63
	for i, k := range keys {
		of[i] = r.cells[(min(max(k, lo), hi)-lo)>>shift&(1<<cellBits-1)]
	}
}
