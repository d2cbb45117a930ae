package group

import (
	"math"

	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/exec"
	"locuslab/locuskit/table/internal/large"
)

// NumberSet numbers distinct 64-bit keys in order of first appearance.
type NumberSet struct {
	slots []numberSlot // open addressing; a power of two
	Keys  []uint64
	shift uint
	Run   exec.Run // whose end stops what takes long here
	ended bool     // it has: numbers mean nothing any more
}

type numberSlot struct {
	key  uint64
	next int32 // the number + 1; 0: the slot is free
}

// NewNumberSet returns an empty set.
func NewNumberSet() *NumberSet { return newNumberSet(10) }

// newNumberSet returns a set that begins with 1<<bits slots.
func newNumberSet(bits uint) *NumberSet {
	return &NumberSet{slots: make([]numberSlot, 1<<bits), shift: 64 - bits}
}

// Number returns the number of a key, a new one if it is not there yet.
func (s *NumberSet) Number(k uint64) int32 {
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

// numbers puts the numbers of keys into out.
func (s *NumberSet) numbers(out []int32, keys []uint64) {
	out = out[:len(keys)]
	slots, shift := s.slots, s.shift&63
	for i, k := range keys {
		// Where most keys are there already, at the first place that is looked at.
		if at := column.MixWord(k) >> shift; at < uint64(len(slots)) {
			if slot := &slots[at]; slot.key == k && slot.next != 0 {
				out[i] = slot.next - 1
				continue
			}
		}
		out[i] = s.Number(k)
		slots, shift = s.slots, s.shift&63
	}
}

// replace puts its number in place of each key.
func (s *NumberSet) replace(keys []uint64) {
	slots, shift := s.slots, s.shift&63
	for i, k := range keys {
		if at := column.MixWord(k) >> shift; at < uint64(len(slots)) {
			if slot := &slots[at]; slot.key == k && slot.next != 0 {
				keys[i] = uint64(slot.next - 1)
				continue
			}
		}
		keys[i] = uint64(s.Number(k))
		slots, shift = s.slots, s.shift&63
	}
}

// empty takes all keys out and keeps the memory for others.
func (s *NumberSet) empty() {
	clear(s.slots)
	s.Keys = s.Keys[:0]
}

func (s *NumberSet) insert(slot *numberSlot, k uint64) int32 {
	if s.ended {
		return 0
	}
	if len(s.Keys) == math.MaxInt32 {
		panic("locuskit: more than 2^31 distinct keys")
	}
	s.Keys = append(s.Keys, k)
	*slot = numberSlot{k, int32(len(s.Keys))}
	if 2*len(s.Keys) > len(s.slots) {
		s.grow()
	}
	return int32(len(s.Keys) - 1)
}

// grow is as a dictionary's: see [largeTable].
func (s *NumberSet) grow() {
	slow := len(s.slots) >= column.LargeTable
	slots, shift := large.Zeroed[numberSlot](4*len(s.slots)), s.shift-2
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
		slots[i&mask] = numberSlot{key, int32(n + 1)}
	}
	s.slots, s.shift = slots, shift
}

// Find returns the number of k, -1 where the set does not have it.
func (s *NumberSet) Find(k uint64) int32 {
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
