package loader

import (
	"fmt"

	"locuslab/kernel/build/goobj"
	"locuslab/kernel/worker/loader/memory"
	"locuslab/kernel/worker/loader/runtimedata"
)

// Relocations that are the same on all machines, as cmd/internal/objabi numbers them.
const (
	relAddr           goobj.RelocType = 1
	relAddrOff        goobj.RelocType = 5
	relCall           goobj.RelocType = 7
	relCallARM64      goobj.RelocType = 9
	relCallInd        goobj.RelocType = 10
	relUseField       goobj.RelocType = 21
	relUseType        goobj.RelocType = 22
	relUseIface       goobj.RelocType = 23
	relUseIfaceMethod goobj.RelocType = 24
	relUseNamedMethod goobj.RelocType = 25
	relMethodOff      goobj.RelocType = 26
	relKeep           goobj.RelocType = 27
)

// marks reports whether a relocation only tells the linker something and changes no
// bytes.
func (ld *load) marks(t goobj.RelocType) bool {
	switch t {
	case relUseField, relUseType, relUseIface, relUseIfaceMethod, relUseNamedMethod, relCallInd, relKeep, ld.rt.InitOrder:
		return true
	}
	return false
}

// onlyMarks reports whether a relocation does not even make its target needed.
func (ld *load) onlyMarks(t goobj.RelocType) bool {
	return ld.marks(t) && t != relKeep && t != ld.rt.InitOrder
}

func isCall(t goobj.RelocType) bool { return t == relCall || t == relCallARM64 }

// relocate fills the addresses in.
func (ld *load) relocate() error {
	for n, s := range ld.order {
		if n%1024 == 0 && ld.ctx.Err() != nil {
			return ld.ctx.Err()
		}
		if err := ld.relocateSymbol(s); err != nil {
			return err
		}
	}
	return ld.closeText()
}

// A fixup is a relocation whose target is known.
type fixup struct {
	goobj.Reloc
	place  uintptr // what is to be changed
	target uintptr // 0 for a weak one whose target is not there
	own    uintptr // this or an earlier load's copy of a descriptor that lies out of reach
}

func (f *fixup) value() uintptr { return f.target + uintptr(f.Add) }

// relocateSymbol changes the load's own bytes of a symbol, if there are any.
func (ld *load) relocateSymbol(s *symbol) error {
	base := s.addr
	switch {
	case s.own != 0:
		base = s.own
	case s.bound:
		return nil
	}
	for r := range s.Relocs(s.index) {
		if ld.marks(r.Type) {
			continue
		}
		if uint64(r.Offset)+uint64(r.Size) > uint64(s.Size(s.index)) {
			return fmt.Errorf("load the cell: a relocation of %s lies outside of it", s.Name(s.index).Text)
		}
		f := fixup{Reloc: r, place: base + uintptr(r.Offset)}
		t, err := ld.relocTarget(s, r)
		if err != nil {
			return err
		}
		if t != nil {
			f.target, f.own = t.addr, t.own
			if f.own == 0 {
				f.own = ld.copies[t.addr]
			}
		}
		f.Type &^= goobj.Weak
		if err := ld.apply(&f); err != nil {
			return fmt.Errorf("load the cell: %s at %#x: %w", s.Name(s.index).Text, r.Offset, err)
		}
	}
	return nil
}

// relocTarget is what a relocation refers to; a weak one only to what is there anyway.
func (ld *load) relocTarget(s *symbol, r goobj.Reloc) (*symbol, error) {
	if ld.selects(s.object, s.index, r.Type) {
		return ld.target(s.object, r.Target)
	}
	class, number, i := s.Resolve(r.Target)
	d := def{s.object, i}
	switch class {
	case goobj.Nothing, goobj.Builtin, goobj.Bad:
		return nil, nil
	case goobj.Other:
		var ok bool
		var err error
		if d, ok, err = ld.packages.other(s.object, number, i); !ok {
			return nil, err
		}
	}
	if class != goobj.ByName {
		if symbols := ld.symbols[d.object]; symbols != nil && symbols[d.index] != nil {
			return symbols[d.index], nil
		}
		if a, ok := d.placed[d.index]; ok {
			return &symbol{bound: true, addr: a}, nil
		}
		if _, hashed := d.Hash(d.index); hashed || d.Static(d.index) || private(d.object, d.index) {
			return nil, nil
		}
	}
	name := d.Name(d.index)
	if t := ld.named[name]; t != nil {
		return t, nil
	}
	e, ok, err := ld.existing(name)
	if !ok || err != nil {
		return nil, err
	}
	return &symbol{bound: true, addr: e.address}, nil
}

// apply changes the bytes of one relocation. What depends on the machine is in
// relocate_GOARCH.go.
func (ld *load) apply(f *fixup) error {
	switch f.Type {
	case relAddr:
		return putAddress(f)
	case relAddrOff, relMethodOff:
		*memory.At[uint32](f.place) = ld.sectionOffset(f)
		return nil
	}
	return ld.applyMachine(f)
}

func putAddress(f *fixup) error {
	switch v := f.value(); {
	case f.Size == 8:
		*memory.At[uintptr](f.place) = v
	case f.Size == 4 && v < 1<<31:
		*memory.At[uint32](f.place) = uint32(v)
	default:
		return fmt.Errorf("the address %#x does not fit in %d bytes", v, f.Size)
	}
	return nil
}

// sectionOffset is how the runtime refers to code and types in half a word: counted from
// where the executable's begin. What is out of reach (a type on the heap, which reflect
// has made) is referred to by a copy of it that a load has brought, for which the module's
// typemap names the true one.
func (ld *load) sectionOffset(f *fixup) uint32 {
	v := f.value()
	if f.own != 0 {
		v = f.own + uintptr(f.Add)
	}
	switch {
	case f.target == 0:
		return 0
	case ld.exe.IsText(v) || ld.space.Text.Contains(v):
		return uint32(v - ld.rt.First.Text)
	}
	return uint32(v - *ld.rt.First.Types)
}

// slot is a word within reach that holds an address which is not.
func (l *Loader) slot(address uintptr) (uintptr, error) {
	if s := l.slots[address]; s != 0 {
		return s, nil
	}
	s, err := l.space.NoPtr.Take(runtimedata.PointerSize, runtimedata.PointerSize)
	if err != nil {
		return 0, err
	}
	*memory.At[uintptr](s) = address
	l.slots[address] = s
	return s, nil
}
