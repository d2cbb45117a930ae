package nb

import (
	"sync"
	"sync/atomic"
)

// Each unit that declares variables notes in a number which of their statements have run, a bit
// for each: a cell that fails has not got to all of them.

var settled = struct {
	sync.Mutex
	units map[int]*uint64
}{units: map[int]*uint64{}}

// Settling is where a run of unit id, which begins, notes it.
func Settling(id int) *uint64 {
	settled.Lock()
	defer settled.Unlock()
	bits := new(uint64)
	settled.units[id] = bits
	return bits
}

// Settled returns what the last run of unit id has noted, 0 if it has not begun.
func Settled(id int) uint64 {
	settled.Lock()
	defer settled.Unlock()
	if bits := settled.units[id]; bits != nil {
		return atomic.LoadUint64(bits)
	}
	return 0
}
