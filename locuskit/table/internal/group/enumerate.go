package group

import (
	"math"
	"slices"

	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/exec"
)

// enumerate numbers the distinct values among n 64-bit keys in ascending order:
// codes[i] is the place of key i in keys. fill writes the keys of rows. The
// chunks are numbered in parallel, each for itself, then joined in order.
func enumerate(e exec.Run, n int, fill func(dst []uint64, from, to int)) (codes []int32, keys []uint64, err error) {
	codes = make([]int32, n)
	locals := make([][]uint64, exec.ChunkCount(n, exec.ChunkRows))
	err = e.Chunks(n, exec.ChunkRows, func(chunk, from, to int) {
		buf := make([]uint64, to-from)
		fill(buf, from, to)
		set := NewNumberSet()
		for i, k := range buf {
			codes[from+i] = set.Number(k)
		}
		locals[chunk] = set.Keys
	})
	if err != nil {
		return nil, nil, err
	}
	all := NewNumberSet()
	all.Run = e
	numbers := make([][]int32, len(locals))
	for i, l := range locals {
		if err := e.Cancelled(); err != nil {
			return nil, nil, err
		}
		numbers[i] = make([]int32, len(l))
		for j, k := range l {
			numbers[i][j] = all.Number(k)
		}
	}
	keys = slices.Clone(all.Keys)
	if err := column.SortKeys(e, keys); err != nil {
		return nil, nil, err
	}
	ranks := make([]int32, len(keys))
	for rank, k := range keys {
		if rank%exec.ChunkRows == 0 && e.Cancelled() != nil {
			return nil, nil, e.Cancelled()
		}
		ranks[all.Number(k)] = int32(rank)
	}
	err = e.Chunks(n, exec.ChunkRows, func(chunk, from, to int) {
		table := numbers[chunk]
		for i, c := range codes[from:to] {
			codes[from+i] = ranks[table[c]]
		}
	})
	return codes, keys, err
}

// NumberSet numbers distinct 64-bit keys in order of first appearance.
type NumberSet struct {
	slots []int32 // number + 1; 0: free
	Keys  []uint64
	shift uint
	Run   exec.Run // whose end stops what takes long here
	ended bool     // it has: numbers mean nothing any more
}

// NewNumberSet returns an empty set.
func NewNumberSet() *NumberSet {
	return &NumberSet{slots: make([]int32, 1024), shift: 64 - 10}
}

// Number returns the number of a key, a new one if it is not there yet.
func (s *NumberSet) Number(k uint64) int32 {
	mask := len(s.slots) - 1
	for i := int(column.MixWord(k) >> s.shift); ; i++ {
		n := s.slots[i&mask]
		if n == 0 {
			return s.insert(i&mask, k)
		}
		if s.Keys[n-1] == k {
			return n - 1
		}
	}
}

func (s *NumberSet) insert(slot int, k uint64) int32 {
	if s.ended {
		return 0
	}
	if len(s.Keys) == math.MaxInt32 {
		panic("locuskit: more than 2^31 distinct keys")
	}
	s.Keys = append(s.Keys, k)
	s.slots[slot] = int32(len(s.Keys))
	if 2*len(s.Keys) > len(s.slots) {
		s.grow()
	}
	return int32(len(s.Keys) - 1)
}

// grow is as a dictionary's: see [largeTable].
func (s *NumberSet) grow() {
	large := len(s.slots) >= column.LargeTable
	slots, shift := make([]int32, 4*len(s.slots)), s.shift-2
	mask := len(slots) - 1
	for n, key := range s.Keys {
		if n%exec.ChunkRows == 0 && large && s.Run.Cancelled() != nil {
			s.ended = true
			return
		}
		i := int(column.MixWord(key) >> shift)
		for slots[i&mask] != 0 {
			i++
		}
		slots[i&mask] = int32(n + 1)
	}
	s.slots, s.shift = slots, shift
}

// Find returns the number of k, -1 where the set does not have it.
func (s *NumberSet) Find(k uint64) int32 {
	mask := len(s.slots) - 1
	for i := int(column.MixWord(k) >> s.shift); ; i++ {
		n := s.slots[i&mask]
		if n == 0 {
			return -1
		}
		if s.Keys[n-1] == k {
			return n - 1
		}
	}
}
