package table

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
		set := newNumberSet()
		for i, k := range buf {
			codes[from+i] = set.number(k)
		}
		locals[chunk] = set.keys
	})
	if err != nil {
		return nil, nil, err
	}
	all := newNumberSet()
	all.run = e
	numbers := make([][]int32, len(locals))
	for i, l := range locals {
		if err := e.Cancelled(); err != nil {
			return nil, nil, err
		}
		numbers[i] = make([]int32, len(l))
		for j, k := range l {
			numbers[i][j] = all.number(k)
		}
	}
	keys = slices.Clone(all.keys)
	if err := column.SortKeys(e, keys); err != nil {
		return nil, nil, err
	}
	ranks := make([]int32, len(keys))
	for rank, k := range keys {
		if rank%exec.ChunkRows == 0 && e.Cancelled() != nil {
			return nil, nil, e.Cancelled()
		}
		ranks[all.number(k)] = int32(rank)
	}
	err = e.Chunks(n, exec.ChunkRows, func(chunk, from, to int) {
		table := numbers[chunk]
		for i, c := range codes[from:to] {
			codes[from+i] = ranks[table[c]]
		}
	})
	return codes, keys, err
}

// numberSet numbers distinct 64-bit keys in order of first appearance.
type numberSet struct {
	slots []int32 // number + 1; 0: free
	keys  []uint64
	shift uint
	run   exec.Run // whose end stops what takes long here
	ended bool     // it has: numbers mean nothing any more
}

func newNumberSet() *numberSet {
	return &numberSet{slots: make([]int32, 1024), shift: 64 - 10}
}

func (s *numberSet) number(k uint64) int32 {
	mask := len(s.slots) - 1
	for i := int(column.MixWord(k) >> s.shift); ; i++ {
		n := s.slots[i&mask]
		if n == 0 {
			return s.insert(i&mask, k)
		}
		if s.keys[n-1] == k {
			return n - 1
		}
	}
}

func (s *numberSet) insert(slot int, k uint64) int32 {
	if s.ended {
		return 0
	}
	if len(s.keys) == math.MaxInt32 {
		panic("locuskit: more than 2^31 distinct keys")
	}
	s.keys = append(s.keys, k)
	s.slots[slot] = int32(len(s.keys))
	if 2*len(s.keys) > len(s.slots) {
		s.grow()
	}
	return int32(len(s.keys) - 1)
}

// grow is as a dictionary's: see [largeTable].
func (s *numberSet) grow() {
	large := len(s.slots) >= column.LargeTable
	slots, shift := make([]int32, 4*len(s.slots)), s.shift-2
	mask := len(slots) - 1
	for n, key := range s.keys {
		if n%exec.ChunkRows == 0 && large && s.run.Cancelled() != nil {
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
