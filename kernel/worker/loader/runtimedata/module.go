package runtimedata

import (
	"encoding/binary"
	"fmt"
	"sync/atomic"
	"unsafe"

	"locuslab/kernel/worker/loader/memory"
)

// Module is what the runtime knows of all cells: one module, registered once,
// that becomes larger with each cell. The runtime goes through its modules for each
// frame of a stack that it scans, so that a module for each cell would make garbage
// collections slower and slower.
//
// It grows while the garbage collector, a profiler or another goroutine's panic reads
// it, without a lock. That is safe for the following reasons; the loader's
// register.go keeps to the order.
//
//   - The tables lie in reserved address space, and moduledata describes the whole of
//     it from the beginning. So no table ever moves, and its length never changes: what
//     changes is what stands behind the used part, to which nothing refers yet.
//   - Everything is found by a chain that begins with an address: of a function, of a
//     type, of a variable. Nobody has an address of a cell before Load has returned
//     it, and how it gets from there to other goroutines (a channel, a lock, the
//     starting of a goroutine, a stack that the collector has stopped) orders memory.
//   - Three words end what is used: maxpc for code, edata for variables, and the entry
//     of the function table behind the last one. They are written last, each by one
//     atomic store. A reader that still sees the old value takes what is new for not
//     there, which was the truth a moment ago.
//   - A reader may come with an address that is none: a profiler with any program
//     counter. Behind maxpc the runtime looks for nothing.
//   - A collection that has begun scans, of variables, what was there when it began. New
//     ones point to no object of the heap until code of the cell writes to them, and
//     then the write barrier tells the collector of the object, as it does for a stack
//     that has been scanned already.
type Module struct {
	module
	space *memory.Space

	functions table[FuncTab]
	records   table[byte] // runtime._func and what belongs to it
	Values    table[byte] // by program counter
	names     table[byte]
	files     table[byte]
	Units     table[uint32] // the files of each object
	buckets   uintptr       // of findBucket, for all of the code's region
	typelinks table[int32]
	mask      uintptr // of pointers, for all of the variables' region

	nameAt, fileAt map[string]uint32
	typemap        any // keeps alive what moduledata points to
	copies         map[uintptr]uintptr
}

// A table is an array that fills up.
type table[T any] struct {
	all  []T // of the reserved length
	Used int
}

// Append adds to the table and returns where.
func (t *table[T]) Append(v ...T) (int, error) {
	if t.Used+len(v) > len(t.all) {
		return 0, fmt.Errorf("a table of cells is full (%d entries): restart the kernel", len(t.all))
	}
	at := t.Used
	t.Used += copy(t.all[at:], v)
	return at, nil
}

const (
	maxFunctions = 1 << 20
	maxRecords   = 96 << 20
	maxValues    = 96 << 20
	maxNames     = 48 << 20
	maxFiles     = 8 << 20
	maxUnits     = 4 << 20
	maxTypelinks = 1 << 20
)

// newTable reserves a table, unless something has failed already.
func newTable[T any](s *memory.Space, n uintptr, failed *error) (t table[T]) {
	var element T
	if base := reserveTable(s, n*unsafe.Sizeof(element), failed); base != 0 {
		t.all = unsafe.Slice(memory.At[T](base), n)
	}
	return t
}

func reserveTable(s *memory.Space, size uintptr, failed *error) (base uintptr) {
	if *failed == nil {
		base, *failed = s.Far.Take(size, memory.PageSize)
	}
	return base
}

// NewModule registers the module, still without a cell.
func NewModule(rt *Runtime, s *memory.Space) (*Module, error) {
	m := &Module{space: s, nameAt: map[string]uint32{}, fileAt: map[string]uint32{}, copies: map[uintptr]uintptr{}}
	head, err := s.Far.Take(rt.moduleSize, 64)
	if err != nil {
		return nil, err
	}
	m.module, _ = rt.moduleAt(head)
	if err := m.makeTables(); err != nil {
		return nil, err
	}
	if err := m.describe(rt); err != nil {
		return nil, err
	}
	// Nothing else adds modules to a program without plugins, so that nobody else writes
	// here.
	atomic.StoreUintptr(&rt.First.next, head)
	*rt.last = head
	rt.modulesInit()
	return m, nil
}

func (m *Module) makeTables() (err error) {
	s := m.space
	m.functions = newTable[FuncTab](s, maxFunctions, &err)
	m.records = newTable[byte](s, maxRecords, &err)
	m.Values = newTable[byte](s, maxValues, &err)
	m.names = newTable[byte](s, maxNames, &err)
	m.files = newTable[byte](s, maxFiles, &err)
	m.Units = newTable[uint32](s, maxUnits, &err)
	m.typelinks = newTable[int32](s, maxTypelinks, &err)
	m.buckets = reserveTable(s, (s.Text.End-s.Text.Base)/bucketSize*unsafe.Sizeof(findBucket{}), &err)
	m.mask = reserveTable(s, (s.Data.End-s.Data.Base)/MaskByte, &err)
	if err != nil {
		return err
	}
	// Offset 0 stands for nothing in both.
	if _, err := m.names.Append(0); err != nil {
		return err
	}
	_, err = m.Values.Append(0)
	return err
}

// describe fills moduledata in. The bases that offsets count from are the executable's,
// so that an offset means the same in both modules; the runtime asks the executable
// first.
func (m *Module) describe(rt *Runtime) error {
	header, err := m.space.Far.Take(unsafe.Sizeof(pcHeader{}), 8)
	if err != nil {
		return err
	}
	*memory.At[pcHeader](header) = *memory.At[pcHeader](rt.First.pcHeader)
	s := m.space
	m.pcHeader = header
	m.funcnametab, m.cutab, m.filetab, m.pctab, m.pclntable, m.ftab = m.names.all, m.Units.all, m.files.all, m.Values.all, m.records.all, m.functions.all
	m.findfunctab = m.buckets
	m.Text, m.etext = rt.First.Text, s.Text.End
	m.minpc, m.maxpc = s.Text.Base, s.Text.Base
	*m.Types, *m.etypes, *m.rodata, *m.GoFunc = *rt.First.Types, s.End, *rt.First.Types, rt.First.Text
	m.end = s.End
	if m.epclntab != nil {
		*m.epclntab = s.End
	}
	m.noptrdata, m.enoptrdata = s.NoPtr.Base, s.NoPtr.End
	m.data, m.edata = s.Data.Base, s.Data.Base
	m.bss, m.ebss = s.Data.Base, s.Data.Base
	m.gcdatamask = bitvector{bytes: m.mask} // not all zero, or modulesinit looks for a program that makes them
	m.gcbssmask = bitvector{bytes: m.mask}
	if m.moduleLists != nil {
		m.moduleLists.typelinks = m.typelinks.all[:0]
	}
	// The runtime has no name for the first function of a module, and a function ends
	// where the next one begins.
	first := uint32(s.Text.Base - m.Text)
	record, err := m.AddRecord(binary.LittleEndian.AppendUint32(nil, first))
	if err != nil {
		return err
	}
	_, err = m.functions.Append(FuncTab{first, record}, FuncTab{uint32(s.Text.End - m.Text), 0})
	return err
}

// Name is the offset of a function's name.
func (m *Module) Name(s string) (uint32, error) { return intern(&m.names, m.nameAt, s) }

// File is the offset of a file's name.
func (m *Module) File(s string) (uint32, error) { return intern(&m.files, m.fileAt, s) }

// intern keeps a text once, followed by a zero.
func intern(t *table[byte], known map[string]uint32, s string) (uint32, error) {
	if at, ok := known[s]; ok {
		return at, nil
	}
	b := append([]byte(s), 0)
	at, err := t.Append(b...)
	if err != nil {
		return 0, err
	}
	known[string(b[:len(s)])] = uint32(at)
	return uint32(at), nil
}

// AddRecord appends a function's record. What is not given of it is zero.
func (m *Module) AddRecord(record []byte) (uint32, error) {
	pad := make([]byte, -m.records.Used&(PointerSize-1))
	if _, err := m.records.Append(pad...); err != nil {
		return 0, err
	}
	at, err := m.records.Append(append(record, make([]byte, max(0, FuncSize-len(record)))...)...)
	return uint32(at), err
}

// MarkPointer notes that a word of a variable is a pointer.
func (m *Module) MarkPointer(address uintptr) {
	word := (address - m.data) / PointerSize
	*memory.At[byte](m.mask + word/8) |= 1 << (word % 8)
}
