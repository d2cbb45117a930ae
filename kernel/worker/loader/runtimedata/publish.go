package runtimedata

import (
	"maps"
	"sort"
	"sync/atomic"
	"unsafe"

	"locuslab/kernel/worker/loader/memory"
)

// What the module says is changed here alone, each time by what is at the head of
// module.go.

// PublishCode makes functions known that lie behind all others. The last of the old
// entries, which ends the table, is overwritten by the first of the new ones only when
// all others and the new end are there. Both are beyond what a search for an older
// function looks for, whichever it sees.
func (m *Module) PublishCode(added []FuncTab, end uintptr) error {
	if len(added) == 0 {
		return nil
	}
	last := m.functions.Used - 1
	bound := m.functions.all[last]
	if _, err := m.functions.Append(append(added[1:], bound)...); err != nil {
		return err
	}
	m.fillBuckets(last, added, end)
	word := uint64(added[0].EntryOffset) | uint64(added[0].FuncOffset)<<32
	atomic.StoreUint64(memory.At[uint64](uintptr(unsafe.Pointer(&m.functions.all[last]))), word)
	atomic.StoreUintptr(&m.maxpc, end)
	return nil
}

// A findBucket says for 4 KB of code which function may be the first that covers a
// program counter: for each 256 bytes, how many behind the bucket's first.
type findBucket struct {
	first uint32
	sub   [bucketSize / subBucketSize]byte
}

const (
	bucketSize    = 4096
	subBucketSize = 256
)

// fillBuckets describes new functions, the first of which gets the given index in
// the table. Code of each load begins on a page, and so in a bucket of its own.
func (m *Module) fillBuckets(index int, added []FuncTab, end uintptr) {
	k := 0 // the function that covers the place
	for place := m.Text + uintptr(added[0].EntryOffset); place < end; place += subBucketSize {
		for k+1 < len(added) && m.Text+uintptr(added[k+1].EntryOffset) <= place {
			k++
		}
		at := (place - m.minpc) % bucketSize
		bucket := m.bucket(place)
		if at == 0 {
			bucket.first = uint32(index + k)
		}
		bucket.sub[at/subBucketSize] = byte(uint32(index+k) - bucket.first)
	}
}

func (m *Module) bucket(pc uintptr) *findBucket {
	return memory.At[findBucket](m.buckets + (pc-m.minpc)/bucketSize*unsafe.Sizeof(findBucket{}))
}

// PublishVariables makes the garbage collector look at variables up to an address.
func (m *Module) PublishVariables(end uintptr) {
	atomic.StoreUintptr(&m.edata, memory.AlignUp(end, MaskByte))
}

// PublishTypelinks makes function and struct types known to reflect, which holds locks
// while it looks for them, and the caller holds both. The list is sorted by the
// types' strings. Searches for other types do not hold the locks; they may take a wrong
// turn while entries move, but what they look for is not here.
func (m *Module) PublishTypelinks(rt *Runtime, added []uintptr) error {
	if len(added) == 0 {
		return nil
	}
	if _, err := m.typelinks.Append(make([]int32, len(added))...); err != nil {
		return err
	}
	text := func(offset int32) string { return TypeAt(*m.Types + uintptr(offset)).String() }
	used := m.typelinks.Used - len(added)
	for _, typ := range added {
		offset := int32(typ - *m.Types)
		s := text(offset)
		i := sort.Search(used, func(i int) bool { return text(m.typelinks.all[i]) >= s })
		for k := used; k > i; k-- {
			atomic.StoreInt32(&m.typelinks.all[k], m.typelinks.all[k-1])
		}
		atomic.StoreInt32(&m.typelinks.all[i], offset)
		used++
	}
	if m.moduleLists != nil { // the length is the second word of the slice
		atomic.StoreUintptr((*uintptr)(unsafe.Add(unsafe.Pointer(&m.moduleLists.typelinks), PointerSize)), uintptr(used))
		return nil
	}
	list := make([]unsafe.Pointer, used)
	for i, offset := range m.typelinks.all[:used] {
		list[i] = unsafe.Pointer(memory.At[byte](*m.Types + uintptr(offset)))
	}
	rt.Lock(rt.typelistLock)
	(*rt.typelists)[unsafe.Pointer(memory.At[byte](m.address))] = list
	rt.Unlock(rt.typelistLock)
	return nil
}

// PublishTypemap tells which types stand for copies of the module. The map is replaced,
// not changed, since others read it.
func (m *Module) PublishTypemap(copies map[uintptr]uintptr) {
	if len(copies) == 0 {
		return
	}
	maps.Copy(m.copies, copies)
	var typemap any
	if m.moduleLists != nil { // copies are told by their offsets
		types := map[int32]unsafe.Pointer{}
		for c, t := range m.copies {
			types[int32(c-*m.Types)] = unsafe.Pointer(memory.At[byte](t))
		}
		typemap = types
	} else {
		types := map[unsafe.Pointer]unsafe.Pointer{}
		for c, t := range m.copies {
			types[unsafe.Pointer(memory.At[byte](c))] = unsafe.Pointer(memory.At[byte](t))
		}
		typemap = types
	}
	atomic.StoreUintptr(&m.moduleTail.typemap, dataWord(typemap))
	m.typemap = typemap // not before: the one that it keeps alive was in use
}
