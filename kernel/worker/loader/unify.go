package loader

import (
	"reflect"
	"strings"
	"sync/atomic"

	"locuslab/kernel/build/goobj"
	"locuslab/kernel/worker/loader/memory"
	"locuslab/kernel/worker/loader/runtimedata"
)

// The language compares types, and interfaces, by the addresses of their descriptors and
// itabs. There must be one of each, but the runtime makes an itab, and reflect a type,
// when running code needs one that no module has brought; later a cell may bring the
// same. Then what is there already is used, and the load's own becomes a copy (own) that
// nobody compares.

// unify gives symbols the addresses of their equals.
func (ld *load) unify() error {
	if err := ld.unifyTypes(); err != nil {
		return err
	}
	return ld.unifyItabs()
}

// shareHashers gives named map types the function that hashes the keys of the unnamed
// type below, once their descriptors are written. A map can be converted from one to the other; the compiler refers to that
// type from a named one for this reason. The function that reflect gives to a map type
// takes the fields of a struct one by one, the compiler's takes several at once.
func (ld *load) shareHashers() error {
	for _, s := range ld.sections.noptr.symbols {
		if s.own != 0 || !s.IsType(s.index) || memory.At[runtimedata.AbiType](s.addr).Flags&runtimedata.TypeFlagNamed == 0 || runtimedata.TypeAt(s.addr).Kind() != reflect.Map {
			continue
		}
		for r := range s.Relocs(s.index) {
			if r.Type&^goobj.Weak != relKeep {
				continue
			}
			below, err := ld.target(s.object, r.Target)
			if err != nil {
				return err
			}
			if below != nil && below.IsType(below.index) && runtimedata.TypeAt(below.addr).Kind() == reflect.Map {
				memory.At[runtimedata.MapType](s.addr).Hasher = memory.At[runtimedata.MapType](below.addr).Hasher
			}
		}
	}
	return nil
}

// unifyTypes looks each type up as reflect would when asked to make it. A type is made
// of others, so that finding one may let another be found.
func (ld *load) unifyTypes() error {
	var types []*symbol
	for _, s := range ld.sections.noptr.symbols {
		if s.IsType(s.index) || strings.HasPrefix(s.Name(s.index).Text, "type:.") {
			types = append(types, s)
		}
	}
	for again := true; again; {
		again = false
		for _, s := range types {
			if err := ld.relocateSymbol(s); err != nil {
				return err
			}
		}
		for _, s := range types {
			if s.own != 0 || !s.Typelink(s.index) {
				continue
			}
			if made := ld.rt.Reflect.Find(s.addr); made != 0 && made != s.addr {
				ld.rt.Reflect.ShareHash(made, s.addr)
				s.addr, s.own, s.bound, again = made, s.addr, true, true
			}
		}
	}
	return nil
}

// unifyItabs takes the itabs that the runtime has made. It leaves their hash zero, since
// "they never participate in type switches". Now they do.
func (ld *load) unifyItabs() error {
	for _, s := range ld.sections.noptr.symbols {
		if !isItab(s.object, s.index) {
			continue
		}
		var parts [2]uintptr // the interface's type, the concrete type
		for r := range s.Relocs(s.index) {
			if r.Offset > runtimedata.PointerSize || r.Type&^goobj.Weak != relAddr {
				continue
			}
			t, err := ld.target(s.object, r.Target)
			if err != nil {
				return err
			}
			if t != nil {
				parts[r.Offset/runtimedata.PointerSize] = t.addr
			}
		}
		made := ld.rt.FindItab(parts[0], parts[1])
		if made == 0 {
			continue
		}
		if hash := &memory.At[runtimedata.Itab](made).Hash; *hash == 0 {
			atomic.StoreUint32(hash, memory.At[runtimedata.AbiType](parts[1]).Hash)
		}
		s.addr, s.own, s.bound = made, s.addr, true
	}
	return nil
}
