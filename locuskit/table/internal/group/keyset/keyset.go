// Package keyset numbers distinct 64-bit keys: what group-bys and joins of integers, and of
// other values by words that stand for them, begin with. It does not know what the keys are.
package keyset

import (
	"math"

	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/exec"
	"locuslab/locuskit/table/internal/large"
)

// A Set numbers distinct 64-bit keys in order of first appearance.
type Set struct {
	slots []entry // open addressing; a power of two
	Keys  []uint64
	shift uint
	Run   exec.Run // whose end stops what takes long here
	ended bool     // it has: numbers mean nothing any more
}

type entry struct {
	key  uint64
	next int32 // the number + 1; 0: the slot is free
}

// New returns an empty set.
func New() *Set { return NewSized(10) }

// NewSized returns a set that begins with 1<<bits slots.
func NewSized(bits uint) *Set {
	return &Set{slots: make([]entry, 1<<bits), shift: 64 - bits}
}

// Number returns the number of a key, a new one if it is not there yet.
func (s *Set) Number(k uint64) int32 {
	mask := len(s.slots) - 1
	for i := int(column.MixWord(k) >> s.shift); ; i++ {
		slot := &s.slots[i&mask]
		if slot.key == k && slot.next != 0 {
			return slot.next - 1
		}
		if slot.next == 0 {
			return s.insert(slot, k)
		}
	}
}

// Numbers puts the numbers of keys into out.
func (s *Set) Numbers(out []int32, keys []uint64) { number(s, out, keys) }

// Replace puts its number in place of each key.
func (s *Set) Replace(keys []uint64) { number(s, keys, keys) }

// number puts the numbers of keys into out, which may be keys.
func number[T int32 | uint64](s *Set, out []T, keys []uint64) {
	out = out[:len(keys)]
	slots, shift := s.slots, s.shift&63
	for i, k := range keys {
		// Where most keys are there already, at the first place that is looked at.
		if at := column.MixWord(k) >> shift; at < uint64(len(slots)) {
			if slot := &slots[at]; slot.key == k && slot.next != 0 {
				out[i] = T(slot.next - 1)
				continue
			}
		}
		out[i] = T(s.Number(k))
		slots, shift = s.slots, s.shift&63
	}
}

// Empty takes all keys out and keeps the memory for others.
func (s *Set) Empty() {
	clear(s.slots)
	s.Keys = s.Keys[:0]
}

func (s *Set) insert(slot *entry, k uint64) int32 {
	if s.ended {
		return 0
	}
	if len(s.Keys) == math.MaxInt32 {
		panic("locuskit: more than 2^31 distinct keys")
	}
	s.Keys = append(s.Keys, k)
	*slot = entry{k, int32(len(s.Keys))}
	if 2*len(s.Keys) > len(s.slots) {
		s.grow()
	}
	return int32(len(s.Keys) - 1)
}

// grow is as a dictionary's: see [column.LargeTable].
func (s *Set) grow() {
	slow := len(s.slots) >= column.LargeTable
	slots, shift := large.Zeroed[entry](4*len(s.slots)), s.shift-2
	mask := len(slots) - 1
	for n, key := range s.Keys {
		if n%exec.ChunkRows == 0 && slow && s.Run.Cancelled() != nil {
			s.ended = true
			return
		}
		i := int(column.MixWord(key) >> shift)
		for slots[i&mask].next != 0 {
			i++
		}
		slots[i&mask] = entry{key, int32(n + 1)}
	}
	s.slots, s.shift = slots, shift
}

// Find returns the number of k, -1 where the set does not have it.
func (s *Set) Find(k uint64) int32 {
	mask := len(s.slots) - 1
	for i := int(column.MixWord(k) >> s.shift); ; i++ {
		slot := &s.slots[i&mask]
		if slot.next == 0 {
			return -1
		}
		if slot.key == k {
			return slot.next - 1
		}
	}
}
