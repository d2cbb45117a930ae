package loader

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"unsafe"
)

// The mirrors of what the runtime reads. compare holds them against what the linker
// wrote for this very executable.

// pcHeader heads a function table.
type pcHeader struct {
	magic   uint32
	_       [3]uint8
	ptrSize uint8
	nfunc   int
	_       [7]uintptr
}

const pclntabMagic = 0xfffffff1

// functab is an entry of the table by which a function is found.
type functab struct{ entryOffset, funcOffset uint32 }

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
		ftab                                             []functab
		findfunctab                                      uintptr
		minpc, maxpc, text, etext, noptrdata, enoptrdata uintptr
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
		types, etypes, rodata, gofunc, epclntab *uintptr // the last is nil where there is none
		textsectmap                             *[][3]uintptr
		*moduleLists                            // nil where there is none
		*moduleTail
	}
)

// moduleAt is moduledata at an address, and its size.
func (r *release) moduleAt(address uintptr) (m module, size uintptr) {
	m.address = address
	m.moduleHead = at[moduleHead](address)
	a := address + unsafe.Sizeof(moduleHead{})
	words := map[string]**uintptr{"types": &m.types, "etypes": &m.etypes, "rodata": &m.rodata, "gofunc": &m.gofunc, "epclntab": &m.epclntab}
	for word := range strings.FieldsSeq(r.words) {
		if field := words[word]; field != nil {
			*field = at[uintptr](a)
		}
		a += pointerSize
	}
	m.textsectmap = at[[][3]uintptr](a)
	a += unsafe.Sizeof(*m.textsectmap)
	if r.typelinks {
		m.moduleLists = at[moduleLists](a)
		a += unsafe.Sizeof(*m.moduleLists)
	}
	m.moduleTail = at[moduleTail](a)
	return m, a + unsafe.Sizeof(*m.moduleTail) - address
}

// abiType is the head of a type descriptor.
type abiType struct {
	size, ptrBytes uintptr
	hash           uint32
	flags          uint8
	_              [2]uint8
	kind           uint8
	_              uintptr
	gcdata         uintptr
}

const (
	typeFlagNamed        = 1 << 2
	typeFlagMaskOnDemand = 1 << 4
)

// mapType is the descriptor of a map type, up to the function value that hashes keys.
type mapType struct {
	_         abiType
	_         uintptr // its name, and the pointer type to it
	key, elem uintptr
	_         uintptr // what lies in a slot
	hasher    uintptr
}

// itab joins an interface type with a concrete one. Its functions follow.
type itab struct {
	inter, typ uintptr
	hash       uint32
	_          uint32
	fun        uintptr // the first; 0 where the type does not implement the interface
}

const (
	funcSize         = 44 // of runtime._func
	funcPcspAt       = 16
	funcFlagsAt      = 41
	funcFlagAssembly = 1 << 2
)

// runtimeParts are what the loader uses of the runtime and of reflect.
type runtimeParts struct {
	*release
	first      module
	last       *uintptr // lastmoduledatap
	moduleSize uintptr

	modulesInit  func()
	runInit      func(task uintptr)
	lock, unlock func(mutex uintptr)
	itabLock     uintptr
	itabTable    *uintptr
	itabFind     func(table, inter, typ uintptr) uintptr
	itabAdd      func(itab uintptr)
	pointerMask  func(typ uintptr) uintptr // getGCMaskOnDemand
	// The lists of types for reflect where moduledata has none, a map[*moduledata][]*_type,
	// and their lock.
	typelists    *map[unsafe.Pointer][]unsafe.Pointer
	typelistLock uintptr
	zeroBase     uintptr
	reflect      reflectParts
}

// findRuntime looks the parts up and compares.
func findRuntime(exe *executable, r *release) (*runtimeParts, error) {
	var missing []string
	need := func(name string) uintptr {
		a := exe.names[mangle(name)]
		if a == 0 {
			missing = append(missing, name)
		}
		return a
	}
	p := &runtimeParts{
		release:     r,
		last:        at[uintptr](need("runtime.lastmoduledatap")),
		modulesInit: callable[func()](need("runtime.modulesinit")),
		runInit:     callable[func(uintptr)](need("runtime.doInit1")),
		lock:        callable[func(uintptr)](need("runtime.lock2")),
		unlock:      callable[func(uintptr)](need("runtime.unlock2")),
		itabLock:    need("runtime.itabLock"),
		itabTable:   at[uintptr](need("runtime.itabTable")),
		itabFind:    callable[func(table, inter, typ uintptr) uintptr](need("runtime.(*itabTableType).find")),
		itabAdd:     callable[func(uintptr)](need("runtime.itabAdd")),
		pointerMask: callable[func(uintptr) uintptr](need("runtime.getGCMaskOnDemand")),
		zeroBase:    need("runtime.zerobase"),
		reflect:     findReflect(need),
	}
	if !r.typelinks {
		p.typelists = at[map[unsafe.Pointer][]unsafe.Pointer](need("runtime.moduleToTypelinks"))
		p.typelistLock = need("runtime.moduleToTypelinksLock")
	}
	first := need("runtime.firstmoduledata")
	if len(missing) > 0 {
		return nil, fmt.Errorf("the worker lacks %q: it was linked without its symbols", missing)
	}
	p.first, p.moduleSize = r.moduleAt(first)
	if what := p.compare(first, exe.names); what != "" {
		return nil, fmt.Errorf("the runtime of this worker is not laid out as known: %s differs", what)
	}
	if err := p.reflect.compare(); err != nil {
		return nil, err
	}
	if p.typelists != nil && len((*p.typelists)[unsafe.Pointer(at[byte](first))]) == 0 { // reflect has just asked for it
		return nil, errors.New("the runtime of this worker does not list its types as known")
	}
	return p, nil
}

// compare returns the first part that is not as known.
func (p *runtimeParts) compare(first uintptr, names map[string]uintptr) string {
	m := p.first
	intType := names[mangle("type:int")]
	for _, c := range []struct {
		what string
		ok   bool
	}{
		{"moduledata's next", m.next == 0 && *p.last == first},
		{"the function table's head", at[pcHeader](m.pcHeader).magic == pclntabMagic && at[pcHeader](m.pcHeader).ptrSize == 8},
		{"moduledata's text", m.text == names["runtime.text"] && m.etext == names["runtime.etext"] && len(*m.textsectmap) <= 1},
		{"moduledata's types", *m.types == names["runtime.types"] && *m.etypes == names["runtime.etypes"]},
		{"moduledata's rodata", *m.rodata == names["runtime.rodata"]},
		{"moduledata's data", m.data == names["runtime.data"] && m.ebss == names["runtime.ebss"] && m.end == names["runtime.end"]},
		{"moduledata's gofunc", *m.gofunc > *m.rodata && *m.gofunc < m.end},
		{"moduledata's epclntab", m.epclntab == nil || *m.epclntab == names["runtime.epclntab"]},
		{"moduledata's hasmain", m.hasmain == 1 && !m.bad},
		{"the pointer masks", m.gcdatamask.bytes != 0 && uintptr(m.gcdatamask.n) == (m.edata-m.data)/8},
		{"the function table", len(m.ftab) == at[pcHeader](m.pcHeader).nfunc+1 && m.minpc == m.text+uintptr(m.ftab[0].entryOffset)},
		{"a function's record", p.compareFunction(names["runtime.modulesinit"])},
		{"a type descriptor", intType != 0 && addressOf(reflect.TypeFor[int]()) == intType && at[abiType](intType).kind == uint8(reflect.Int) && at[abiType](intType).size == 8},
	} {
		if !c.ok {
			return c.what
		}
	}
	return ""
}

// compareFunction looks for a function in the table as the runtime would.
func (p *runtimeParts) compareFunction(entry uintptr) bool {
	m := p.first
	for i, f := range m.ftab[:len(m.ftab)-1] {
		if m.text+uintptr(f.entryOffset) != entry {
			continue
		}
		record := m.pclntable[f.funcOffset:][:funcSize]
		name := *at[uint32](uintptr(unsafe.Pointer(&record[4])))
		bucket := at[findBucket](m.findfunctab + (entry-m.minpc)/bucketSize*unsafe.Sizeof(findBucket{}))
		sub := bucket.sub[(entry-m.minpc)%bucketSize/subBucketSize]
		return *at[uint32](uintptr(unsafe.Pointer(&record[0]))) == f.entryOffset &&
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
