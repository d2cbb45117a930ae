package group

import (
	"fmt"
	"math"
	"slices"

	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/exec"
	"locuslab/locuskit/table/internal/group/keyset"
	"locuslab/locuskit/table/internal/large"
)

// keyParts is into how many parts keys are shared out: so many that the table of one part of
// millions of keys stays in a processor's caches.
const keyParts = 1 << 8

// partOfKey takes bits of a hash that sets do not look at.
func partOfKey(k uint64) int { return int(column.MixWord(k) >> 16 & (keyParts - 1)) }

// sharedKeys is the keys of rows, those of each chunk put together by their part, in the order of the rows.
type sharedKeys struct {
	keys   []uint64
	starts [][keyParts + 1]int32 // of the parts in each chunk
}

// part returns the keys of a part in a chunk.
func (s *sharedKeys) part(chunk, p int) []uint64 {
	return s.keys[chunk*exec.ChunkRows:][s.starts[chunk][p]:s.starts[chunk][p+1]]
}

// numberParts shares the keys out by hash and numbers each part for itself.
func (x *enumeration) numberParts(e exec.Run, n int) error {
	shared, err := x.shareOut(e, n)
	if err != nil {
		return err
	}
	found := make([][]uint64, keyParts)
	free := make(chan *keyset.Set, max(1, e.Workers))
	for range cap(free) {
		free <- keyset.New()
	}
	err = e.Tasks(keyParts, func(p int) {
		set := <-free
		defer func() { free <- set }()
		set.Empty()
		for chunk := range shared.starts {
			if e.Cancelled() != nil {
				return
			}
			part := shared.part(chunk, p)
			large.Touch(part)
			set.Replace(part)
		}
		found[p] = slices.Clone(set.Keys)
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
	var firsts [keyParts]int32 // number of each part
	x.keys = large.Unzeroed[uint64](total)[:0]
	for p, keys := range found {
		firsts[p] = int32(len(x.keys))
		x.keys = append(x.keys, keys...)
	}
	return x.bringBack(e, shared, n, &firsts)
}

// shareOut puts the keys of each chunk together by their parts.
func (x *enumeration) shareOut(e exec.Run, n int) (*sharedKeys, error) {
	s := &sharedKeys{large.Unzeroed[uint64](n), make([][keyParts + 1]int32, exec.ChunkCount(n, exec.ChunkRows))}
	fresh := func() []uint64 { return make([]uint64, exec.ChunkRows) }
	return s, exec.ChunksWith(e, n, exec.ChunkRows, fresh, func(keys []uint64, chunk, from, to int) {
		keys = keys[:to-from]
		x.read(keys, from, to)
		var at [keyParts + 1]int32
		for _, k := range keys {
			at[partOfKey(k)+1]++
		}
		for p := range keyParts {
			at[p+1] += at[p]
		}
		s.starts[chunk] = at
		out := s.keys[from:to]
		for _, k := range keys {
			p := partOfKey(k)
			out[at[p]] = k
			at[p]++
		}
	})
}

// bringBack gives rows the numbers that shared has in place of their keys: those of a part come in the order of the rows.
func (x *enumeration) bringBack(e exec.Run, shared *sharedKeys, n int, firsts *[keyParts]int32) error {
	x.ready = true
	x.fill = func(buf []int32, from, to int) { copy(buf, x.codes[from:to]) }
	fresh := func() []uint64 { return make([]uint64, exec.ChunkRows) }
	return exec.ChunksWith(e, n, exec.ChunkRows, fresh, func(keys []uint64, chunk, from, to int) {
		keys = keys[:to-from]
		x.read(keys, from, to)
		at, numbers, out := shared.starts[chunk], shared.keys[from:to], x.codes[from:to]
		large.Touch(numbers)
		for i, k := range keys {
			p := partOfKey(k)
			out[i] = firsts[p] + int32(numbers[at[p]])
			at[p]++
		}
	})
}
