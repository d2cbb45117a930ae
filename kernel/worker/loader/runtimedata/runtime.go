package runtimedata

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync/atomic"
	"unsafe"

	"locuslab/kernel/worker/loader/memory"
)

// The mirrors of what the runtime reads. compare holds them against what the linker
// wrote for this very executable.

const (
	PointerSize = 8
	MaskByte    = 8 * PointerSize // what a byte of a pointer mask describes
)

// pcHeader heads a function table.
type pcHeader struct {
	magic   uint32
	_       [3]uint8
	ptrSize uint8
	nfunc   int
	_       [7]uintptr
}

const pclntabMagic = 0xfffffff1

// FuncTab is an entry of the table by which a function is found.
type FuncTab struct{ EntryOffset, FuncOffset uint32 }

type bitvector struct {
	n     int32
	bytes uintptr
}

// moduledata, in parts: releases differ in the words between them.
type (
	moduleHead struct {
		pcHeader                                         uintptr
		funcnametab                                      []byte
		cutab                                            []uint32
		filetab, pctab, pclntable                        []byte
		ftab                                             []FuncTab
		findfunctab                                      uintptr
		minpc, maxpc, Text, etext, noptrdata, enoptrdata uintptr
		data, edata, bss, ebss                           uintptr
		_                                                [4]uintptr // noptrbss, coverage counters
		end                                              uintptr
		_                                                [2]uintptr // programs that make pointer masks
	}
	moduleLists struct {
		typelinks []int32
		_         [3]uintptr // itabs
	}
	moduleTail struct {
		_                     [16]uintptr // what belongs to plugins, and initialisers
		hasmain               uint8
		bad                   bool
		gcdatamask, gcbssmask bitvector
		typemap               uintptr
		next                  uintptr
	}
	module struct {
		address uintptr
		*moduleHead
		Types, etypes, rodata, GoFunc, epclntab *uintptr // the last is nil where there is none
		textsectmap                             *[][3]uintptr
		*moduleLists                            // nil where there is none
		*moduleTail
	}
)

// moduleAt is moduledata at an address, and its size.
func (r *release) moduleAt(address uintptr) (m module, size uintptr) {
	m.address = address
	m.moduleHead = memory.At[moduleHead](address)
	a := address + unsafe.Sizeof(moduleHead{})
	words := map[string]**uintptr{"types": &m.Types, "etypes": &m.etypes, "rodata": &m.rodata, "gofunc": &m.GoFunc, "epclntab": &m.epclntab}
	for word := range strings.FieldsSeq(r.words) {
		if field := words[word]; field != nil {
			*field = memory.At[uintptr](a)
		}
		a += PointerSize
	}
	m.textsectmap = memory.At[[][3]uintptr](a)
	a += unsafe.Sizeof(*m.textsectmap)
	if r.typelinks {
		m.moduleLists = memory.At[moduleLists](a)
		a += unsafe.Sizeof(*m.moduleLists)
	}
	m.moduleTail = memory.At[moduleTail](a)
	return m, a + unsafe.Sizeof(*m.moduleTail) - address
}

// AbiType is the head of a type descriptor.
type AbiType struct {
	size, PtrBytes uintptr
	Hash           uint32
	Flags          uint8
	_              [2]uint8
	kind           uint8
	_              uintptr
	GCData         uintptr
}

const (
	TypeFlagUncommon     = 1 << 0
	TypeFlagNamed        = 1 << 2
	TypeFlagMaskOnDemand = 1 << 4
)

// MapType is the descriptor of a map type, up to the function value that hashes keys.
type MapType struct {
	_         AbiType
	_         uintptr // its name, and the pointer type to it
	key, elem uintptr
	_         uintptr // what lies in a slot
	Hasher    uintptr
}

// Itab joins an interface type with a concrete one. Its functions follow.
type Itab struct {
	Inter, Type uintptr
	Hash        uint32
	_           uint32
	fun         uintptr // the first; 0 where the type does not implement the interface
}

const (
	FuncSize         = 44 // of runtime._func
	FuncPCSPAt       = 16
	funcFlagsAt      = 41
	funcFlagAssembly = 1 << 2
)

// Runtime are what the loader uses of the runtime and of reflect.
type Runtime struct {
	*release
	First      module
	last       *uintptr // lastmoduledatap
	moduleSize uintptr

	modulesInit  func()
	RunInit      func(task uintptr)
	Lock, Unlock func(mutex uintptr)
	ItabLock     uintptr
	itabTable    *uintptr
	itabFind     func(table, inter, typ uintptr) uintptr
	AddItab      func(itab uintptr)
	PointerMask  func(typ uintptr) uintptr // getGCMaskOnDemand
	// The lists of types for reflect where moduledata has none, a map[*moduledata][]*_type,
	// and their lock.
	typelists    *map[unsafe.Pointer][]unsafe.Pointer
	typelistLock uintptr
	ZeroBase     uintptr
	Reflect      reflectParts
}

// FindRuntime looks the parts up in an executable of a Go release, and compares.
func FindRuntime(exe *Executable, version string) (*Runtime, error) {
	r, err := findRelease(version)
	if err != nil {
		return nil, err
	}
	var missing []string
	need := func(name string) uintptr {
		a := exe.Names[Mangle(name)]
		if a == 0 {
			missing = append(missing, name)
		}
		return a
	}
	p := &Runtime{
		release:     r,
		last:        memory.At[uintptr](need("runtime.lastmoduledatap")),
		modulesInit: memory.Callable[func()](need("runtime.modulesinit")),
		RunInit:     memory.Callable[func(uintptr)](need("runtime.doInit1")),
		Lock:        memory.Callable[func(uintptr)](need("runtime.lock2")),
		Unlock:      memory.Callable[func(uintptr)](need("runtime.unlock2")),
		ItabLock:    need("runtime.itabLock"),
		itabTable:   memory.At[uintptr](need("runtime.itabTable")),
		itabFind:    memory.Callable[func(table, inter, typ uintptr) uintptr](need("runtime.(*itabTableType).find")),
		AddItab:     memory.Callable[func(uintptr)](need("runtime.itabAdd")),
		PointerMask: memory.Callable[func(uintptr) uintptr](need("runtime.getGCMaskOnDemand")),
		ZeroBase:    need("runtime.zerobase"),
		Reflect:     findReflect(need),
	}
	if !r.typelinks {
		p.typelists = memory.At[map[unsafe.Pointer][]unsafe.Pointer](need("runtime.moduleToTypelinks"))
		p.typelistLock = need("runtime.moduleToTypelinksLock")
	}
	first := need("runtime.firstmoduledata")
	if len(missing) > 0 {
		return nil, fmt.Errorf("the worker lacks %q: it was linked without its symbols", missing)
	}
	p.First, p.moduleSize = r.moduleAt(first)
	if what := p.compare(first, exe.Names); what != "" {
		return nil, fmt.Errorf("the runtime of this worker is not laid out as known: %s differs", what)
	}
	if err := p.Reflect.compare(); err != nil {
		return nil, err
	}
	if p.typelists != nil && len((*p.typelists)[unsafe.Pointer(memory.At[byte](first))]) == 0 { // reflect has just asked for it
		return nil, errors.New("the runtime of this worker does not list its types as known")
	}
	return p, nil
}

// FindItab is the itab that the runtime has of a pair of types; 0 for none, or for a
// note of the runtime's that the type lacks a method.
func (p *Runtime) FindItab(inter, typ uintptr) uintptr {
	i := p.itabFind(atomic.LoadUintptr(p.itabTable), inter, typ)
	if i == 0 || memory.At[Itab](i).fun == 0 {
		return 0
	}
	return i
}

// compare returns the first part that is not as known.
func (p *Runtime) compare(first uintptr, names map[string]uintptr) string {
	m := p.First
	intType := names[Mangle("type:int")]
	for _, c := range []struct {
		what string
		ok   bool
	}{
		{"moduledata's next", m.next == 0 && *p.last == first},
		{"the function table's head", memory.At[pcHeader](m.pcHeader).magic == pclntabMagic && memory.At[pcHeader](m.pcHeader).ptrSize == 8},
		{"moduledata's text", m.Text == names["runtime.text"] && m.etext == names["runtime.etext"] && len(*m.textsectmap) <= 1},
		{"moduledata's types", *m.Types == names["runtime.types"] && *m.etypes == names["runtime.etypes"]},
		{"moduledata's rodata", *m.rodata == names["runtime.rodata"]},
		{"moduledata's data", m.data == names["runtime.data"] && m.ebss == names["runtime.ebss"] && m.end == names["runtime.end"]},
		{"moduledata's gofunc", *m.GoFunc > *m.rodata && *m.GoFunc < m.end},
		{"moduledata's epclntab", m.epclntab == nil || *m.epclntab == names["runtime.epclntab"]},
		{"moduledata's hasmain", m.hasmain == 1 && !m.bad},
		{"the pointer masks", m.gcdatamask.bytes != 0 && uintptr(m.gcdatamask.n) == (m.edata-m.data)/8},
		{"the function table", len(m.ftab) == memory.At[pcHeader](m.pcHeader).nfunc+1 && m.minpc == m.Text+uintptr(m.ftab[0].EntryOffset)},
		{"a function's record", p.compareFunction(names["runtime.modulesinit"])},
		{"a type descriptor", intType != 0 && addressOf(reflect.TypeFor[int]()) == intType && memory.At[AbiType](intType).kind == uint8(reflect.Int) && memory.At[AbiType](intType).size == 8},
	} {
		if !c.ok {
			return c.what
		}
	}
	return ""
}

// compareFunction looks for a function in the table as the runtime would.
func (p *Runtime) compareFunction(entry uintptr) bool {
	m := p.First
	for i, f := range m.ftab[:len(m.ftab)-1] {
		if m.Text+uintptr(f.EntryOffset) != entry {
			continue
		}
		record := m.pclntable[f.FuncOffset:][:FuncSize]
		name := *memory.At[uint32](uintptr(unsafe.Pointer(&record[4])))
		bucket := memory.At[findBucket](m.findfunctab + (entry-m.minpc)/bucketSize*unsafe.Sizeof(findBucket{}))
		sub := bucket.sub[(entry-m.minpc)%bucketSize/subBucketSize]
		return *memory.At[uint32](uintptr(unsafe.Pointer(&record[0]))) == f.EntryOffset &&
			cString(m.funcnametab[name:]) == "runtime.modulesinit" &&
			bucket.first+uint32(sub) <= uint32(i) && uint32(i) < bucket.first+uint32(sub)+256
	}
	return false
}

func cString(b []byte) string {
	for i, c := range b {
		if c == 0 {
			return string(b[:i])
		}
	}
	return string(b)
}
