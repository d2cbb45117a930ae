package runtimedata

import (
	"fmt"
	"reflect"
	"sync"
	"sync/atomic"
	"unsafe"

	"locuslab/kernel/worker/loader/memory"
)

// reflectParts are the caches in which reflect keeps the types that it has made or
// found. A type is looked for there first, and of two goroutines that put the same type
// in at the same time one wins. So they are where a cell's types have to be made known.
//
//   - ptrMap has pointer types, by what they point to;
//   - lookupCache has arrays, channels, maps and slices, by what they are made of;
//   - funcLookupCache and structLookupCache have lists of function and struct types, by
//     a hash. Under their mutexes reflect also looks for a type that a module has
//     brought (typelinks), before it makes one.
type reflectParts struct {
	pointers, composites *sync.Map
	Funcs, Structs       *hashedTypes
	keyType, pointerType uintptr // descriptors of cacheKey and *ptrType
	identical            func(a, b uintptr, tags bool) bool
}

// hashedTypes mirrors funcLookupCache and structLookupCache.
type hashedTypes struct {
	sync.Mutex
	m sync.Map
}

// cacheKey mirrors the key of lookupCache.
type cacheKey struct {
	kind  reflect.Kind
	t1    uintptr
	t2    uintptr
	extra uintptr
}

func findReflect(need func(string) uintptr) reflectParts {
	return reflectParts{
		pointers:    memory.At[sync.Map](need("reflect.ptrMap")),
		composites:  memory.At[sync.Map](need("reflect.lookupCache")),
		Funcs:       memory.At[hashedTypes](need("reflect.funcLookupCache")),
		Structs:     memory.At[hashedTypes](need("reflect.structLookupCache")),
		keyType:     need("type:reflect.cacheKey"),
		pointerType: need("type:*reflect.ptrType"),
		identical:   memory.Callable[func(a, b uintptr, tags bool) bool](need("reflect.haveIdenticalUnderlyingType")),
	}
}

// compare has reflect make a type of each kind and looks where it lies. By that the
// worker holds the functions that make them, too: a cell must not bring a second set of
// caches.
func (p *reflectParts) compare() error {
	type own struct{ _ int }
	t := reflect.TypeFor[own]()
	field := reflect.StructField{Name: "F", Type: t}
	for _, made := range []reflect.Type{
		reflect.PointerTo(reflect.PointerTo(t)), reflect.SliceOf(t), reflect.ArrayOf(3, t), reflect.ChanOf(reflect.RecvDir, t), reflect.MapOf(reflect.TypeFor[int](), t),
		reflect.FuncOf([]reflect.Type{t}, nil, false), reflect.StructOf([]reflect.StructField{field}),
	} {
		if p.Find(addressOf(made)) != addressOf(made) {
			return fmt.Errorf("reflect of this worker is not laid out as known: its %s is not where it should be", made)
		}
		if made.Kind() == reflect.Map {
			if m := memory.At[MapType](addressOf(made)); m.key != addressOf(made.Key()) || m.elem != addressOf(made.Elem()) || m.Hasher == 0 {
				return fmt.Errorf("the descriptor of %s is not laid out as known", made)
			}
		}
	}
	return nil
}

// Find is the descriptor that reflect would give for an unnamed type; 0 where it would
// make one, or ask the modules for one.
func (p *reflectParts) Find(typ uintptr) uintptr {
	switch t := TypeAt(typ); t.Kind() {
	case reflect.Pointer:
		if v, ok := p.pointers.Load(t.Elem()); ok {
			return dataWord(v)
		}
	case reflect.Func:
		return p.findHashed(p.Funcs, typ)
	case reflect.Struct:
		return p.findHashed(p.Structs, typ)
	default:
		if v, ok := p.composites.Load(p.key(t)); ok {
			return dataWord(v)
		}
	}
	return 0
}

// ByHash reports whether a type is a function or struct.
func ByHash(typ uintptr) bool {
	k := TypeAt(typ).Kind()
	return k == reflect.Func || k == reflect.Struct
}

// findHashed looks through all, since the hash of a type that reflect makes is not
// that of a descriptor. There are few: those that programs have asked reflect for.
func (p *reflectParts) findHashed(h *hashedTypes, typ uintptr) (found uintptr) {
	p.each(h, func(t uintptr) {
		if found == 0 && (t == typ || p.identical(typ, t, true)) {
			found = t
		}
	})
	return found
}

// ShareHash gives a type that reflect has made the hash that the compiler gives it. A type
// switch looks for that one, which is in its instructions, before it compares addresses.
// Where reflect has made a function or a struct of the type, the hash stays, as reflect would
// not find that one again; and so does that of a type with methods, by which the runtime finds
// its itabs: reflect makes such of structs that embed one field alone.
func (p *reflectParts) ShareHash(made, compiled uintptr) {
	if TypeAt(made).Kind() == reflect.Struct && memory.At[AbiType](made).Flags&TypeFlagUncommon != 0 {
		return
	}
	p.Funcs.Lock()
	defer p.Funcs.Unlock()
	p.Structs.Lock()
	defer p.Structs.Unlock()
	used := false
	for _, h := range []*hashedTypes{p.Funcs, p.Structs} {
		p.each(h, func(t uintptr) {
			for _, part := range parts(TypeAt(t)) {
				used = used || addressOf(part) == made
			}
		})
	}
	if !used {
		atomic.StoreUint32(&memory.At[AbiType](made).Hash, memory.At[AbiType](compiled).Hash)
	}
}

func (p *reflectParts) each(h *hashedTypes, visit func(uintptr)) {
	h.m.Range(func(_, list any) bool {
		switch h {
		case p.Funcs: // of []*abi.Type
			for _, t := range *memory.At[[]uintptr](dataWord(list)) {
				visit(t)
			}
		default: // of []reflect.Type
			for _, t := range *memory.At[[]reflect.Type](dataWord(list)) {
				visit(addressOf(t))
			}
		}
		return true
	})
}

// parts are the types that a function or struct is made of.
func parts(t reflect.Type) (list []reflect.Type) {
	if t.Kind() == reflect.Struct {
		for i := range t.NumField() {
			list = append(list, t.Field(i).Type)
		}
		return list
	}
	for i := range t.NumIn() {
		list = append(list, t.In(i))
	}
	for i := range t.NumOut() {
		list = append(list, t.Out(i))
	}
	return list
}

// Publish makes a type of a load known that is neither a function nor a struct. It
// reports whether that was the first: running code may just have made the same.
func (p *reflectParts) Publish(typ uintptr) bool {
	var first any
	switch t := TypeAt(typ); t.Kind() {
	case reflect.Pointer:
		first, _ = p.pointers.LoadOrStore(t.Elem(), anyOf(p.pointerType, typ))
	default:
		first, _ = p.composites.LoadOrStore(p.key(t), t)
	}
	return dataWord(first) == typ
}

// key is the key of a type in lookupCache, as a value of reflect's own type.
func (p *reflectParts) key(t reflect.Type) any {
	k := &cacheKey{kind: t.Kind(), t1: addressOf(t.Elem())}
	switch k.kind {
	case reflect.Array:
		k.extra = uintptr(t.Len())
	case reflect.Chan:
		k.extra = uintptr(t.ChanDir())
	case reflect.Map:
		k.t1, k.t2 = addressOf(t.Key()), addressOf(t.Elem())
	}
	var v any
	*(*[2]unsafe.Pointer)(unsafe.Pointer(&v)) = [2]unsafe.Pointer{unsafe.Pointer(memory.At[byte](p.keyType)), unsafe.Pointer(k)}
	return v
}

// anyOf is an interface value of a pointer type.
func anyOf(typ, pointer uintptr) (v any) {
	*(*[2]unsafe.Pointer)(unsafe.Pointer(&v)) = [2]unsafe.Pointer{unsafe.Pointer(memory.At[byte](typ)), unsafe.Pointer(memory.At[byte](pointer))}
	return v
}

// dataWord is the second word of an interface value.
func dataWord(v any) uintptr { return (*[2]uintptr)(unsafe.Pointer(&v))[1] }

var typeItab = func() unsafe.Pointer {
	t := reflect.TypeFor[int]()
	return (*[2]unsafe.Pointer)(unsafe.Pointer(&t))[0]
}()

// TypeAt is the type whose descriptor lies at an address.
func TypeAt(a uintptr) (t reflect.Type) {
	*(*[2]unsafe.Pointer)(unsafe.Pointer(&t)) = [2]unsafe.Pointer{typeItab, unsafe.Pointer(memory.At[byte](a))}
	return t
}

// addressOf is where the descriptor of a type lies.
func addressOf(t reflect.Type) uintptr { return (*[2]uintptr)(unsafe.Pointer(&t))[1] }
