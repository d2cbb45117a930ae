package keyset

import (
	"slices"
	"sync"

	"locuslab/locuskit/table/internal/exec"
	"locuslab/locuskit/table/internal/large"
)

// fewKeys numbers keys of which there are few: each has a slot to itself, so that a loop over rows looks at one slot a row and
// does not branch.
type fewKeys struct {
	slots  [fewSlots]uint16 // the number of the key that belongs there; 0 where none does
	keys   [mostFew]uint64  // by their numbers
	n      int
	factor uint64
}

const (
	fewSlots = 1 << 16 // so many that one factor of some seven gives the most keys a slot each, and 128 KB
	mostFew  = 512
	fewFrom  = 1 << 18 // rows from which on it pays to fill the slots
)

// newFewKeys numbers distinct keys in their order. It returns nil where there are none or many, or no factor does.
func newFewKeys(keys []uint64) *fewKeys {
	if len(keys) == 0 || len(keys) > mostFew {
		return nil
	}
	for try := range uint64(64) {
		f := &fewKeys{factor: (2*try + 1) * 0x9e3779b97f4a7c15}
		if f.add(keys) {
			return f
		}
	}
	return nil
}

// with returns f with more keys, those behind the ones that it has; nil where they are not few any more.
func (f *fewKeys) with(keys []uint64) *fewKeys {
	if len(keys) > mostFew {
		return nil
	}
	if f.add(keys[f.n:]) {
		return f
	}
	return newFewKeys(keys)
}

// add adds keys, and reports whether each has a slot to itself.
func (f *fewKeys) add(keys []uint64) bool {
	for _, k := range keys {
		at := f.slot(k)
		if f.n > 0 && f.slot(f.keys[f.slots[at]]) == at {
			return false
		}
		f.slots[at], f.keys[f.n] = uint16(f.n), k
		f.n++
	}
	return true
}

// slot returns the place of a key: the high bits of a product depend on all bits of it.
func (f *fewKeys) slot(k uint64) uint16 { return uint16(k * f.factor >> 48) }

// numberFew looks through all keys and reports whether they are few; then rows get their numbers by a table as often as they are
// asked for, which takes less time than it takes to write and read them.
func (x *Numbering) numberFew(e exec.Run, n int, sample []uint64) (bool, error) {
	type seen struct {
		set  *Set
		few  *fewKeys // those in set; nil: they are too many
		keys []uint64
	}
	var all []*seen
	var mu sync.Mutex
	fresh := func() *seen {
		s := &seen{New(), newFewKeys(sample), make([]uint64, batch)}
		for _, k := range sample {
			s.set.Number(k)
		}
		mu.Lock()
		defer mu.Unlock()
		all = append(all, s)
		return s
	}
	err := exec.ChunksWith(e, n, exec.ChunkRows, fresh, func(s *seen, chunk, from, to int) {
		for ; from < to && s.few != nil; from += batch {
			end := min(from+batch, to)
			x.touch(from, end)
			if x.lookUp(s.few, nil, s.keys, from, end) {
				continue
			}
			x.from.Read(s.keys[:end-from], from, end)
			s.set.Replace(s.keys[:end-from])
			s.few = s.few.with(s.set.Keys)
		}
	})
	if err != nil {
		return false, err
	}
	keys := slices.Clone(sample)
	for _, s := range all {
		if s.few == nil {
			return false, nil
		}
		keys = append(keys, s.set.Keys[len(sample):]...)
	}
	slices.Sort(keys)
	keys = slices.Compact(keys)
	few := newFewKeys(keys)
	if few == nil {
		return false, nil
	}
	x.Keys = keys
	x.Fill = func(buf []int32, from, to int) {
		x.touch(from, to)
		var scratch [1 << 10]uint64
		for ; from < to; from, buf = from+len(scratch), buf[min(len(scratch), len(buf)):] {
			x.lookUp(few, buf, scratch[:], from, min(from+len(scratch), to))
		}
	}
	return true, nil
}

// touch brings what is read of rows into the caches.
func (x *Numbering) touch(from, to int) {
	if x.from.Ints != nil {
		large.Touch(x.from.Ints[from:to])
	}
}

// lookUp puts the numbers of rows [from, to) into out, unless it is nil, and reports whether few has the keys of all of them.
func (x *Numbering) lookUp(few *fewKeys, out []int32, scratch []uint64, from, to int) bool {
	if x.from.Ints != nil {
		return lookUp(few, out, x.from.Ints[from:to], signBit)
	}
	scratch = scratch[:to-from]
	x.from.Read(scratch, from, to)
	return lookUp(few, out, scratch, 0)
}

// lookUp is of values whose keys are the values with some bits turned round.
func lookUp[T int64 | uint64](f *fewKeys, out []int32, values []T, turned uint64) bool {
	factor := f.factor
	var unknown uint64
	if out == nil {
		for _, v := range values {
			k := uint64(v) ^ turned
			unknown |= f.keys[f.slots[uint16(k*factor>>48)]%mostFew] ^ k
		}
		return unknown == 0
	}
	out = out[:len(values)]
	for i, v := range values {
		k := uint64(v) ^ turned
		number := f.slots[uint16(k*factor>>48)]
		unknown |= f.keys[number%mostFew] ^ k
		out[i] = int32(number)
	}
	return unknown == 0
}
