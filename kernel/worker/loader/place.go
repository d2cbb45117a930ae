package loader

import (
	"fmt"
	"strings"
	"syscall"

	"locuslab/kernel/build/goobj"
	"locuslab/kernel/worker/loader/memory"
	"locuslab/kernel/worker/loader/runtimedata"
)

// sections are what a load places, sorted by what it needs of memory.
type sections struct {
	text, data, noptr section
	trampolines       trampolines
}

// A section is a run of symbols in a region.
type section struct {
	symbols           []*symbol
	base, size, align uintptr
}

// place gives each symbol an address and copies its bytes there. Addresses in them
// are still missing.
func (ld *load) place() error {
	for _, s := range ld.order {
		switch {
		case s.kind.IsText():
			ld.sections.text.add(s, codeAlign)
		case s.kind == goobj.NoptrBSS && s.Size(s.index) == 0: // all variables without size lie at one address, which new also gives
			s.addr, s.bound = ld.rt.ZeroBase, true
		case s.kind.HasPointers():
			ld.sections.data.add(s, 1)
		case s.kind == goobj.TLSBSS || !s.Loadable(s.index):
			return fmt.Errorf("load the cell: %s is of kind %d, which only the linker of a program can place", s.Name(s.index).Text, s.kind)
		default:
			ld.sections.noptr.add(s, 1)
		}
	}
	if err := ld.placeText(); err != nil {
		return err
	}
	// Eight words of variables share a byte of the pointer mask, which belongs to one load.
	if err := ld.sections.data.place(&ld.space.Data, runtimedata.MaskByte); err != nil {
		return err
	}
	if err := ld.sections.noptr.place(&ld.space.NoPtr, runtimedata.PointerSize); err != nil {
		return err
	}
	for _, s := range ld.sections.noptr.symbols {
		if name := ld.shown.nameData(s.object, s.index); name != nil {
			copy(memory.BytesAt(s.addr, s.Size(s.index)), name)
		}
	}
	return nil
}

// placeText puts code on pages of its own, since they are writable or executable but
// never both.
func (ld *load) placeText() error {
	t := &ld.sections.text
	if len(t.symbols) == 0 {
		return nil
	}
	n := memory.AlignUp(t.size+ld.roomForTrampolines(), memory.PageSize)
	base, err := ld.space.Text.Take(n, memory.PageSize)
	if err != nil {
		return err
	}
	if err := memory.Protect(base, n, syscall.PROT_READ|syscall.PROT_WRITE); err != nil { // an earlier load has closed what it got
		return fmt.Errorf("make room for code: %w", err)
	}
	t.base = base
	ld.sections.trampolines.next, ld.sections.trampolines.end = base+t.size, base+n
	fillWithTraps(memory.BytesAt(base, n))
	t.copy()
	return nil
}

// closeText makes the code executable.
func (ld *load) closeText() error {
	t := &ld.sections.text
	if len(t.symbols) == 0 {
		return nil
	}
	n := ld.sections.trampolines.end - t.base
	flushInstructions(t.base, n)
	if err := memory.Protect(t.base, n, syscall.PROT_READ|syscall.PROT_EXEC); err != nil {
		return fmt.Errorf("make the cell's code executable: %w", err)
	}
	return nil
}

// add puts a symbol at the section's end. Its address counts from the beginning.
func (g *section) add(s *symbol, align uintptr) {
	align = max(alignment(s), align)
	g.size, g.align = memory.AlignUp(g.size, align), max(g.align, align)
	s.addr = g.size
	g.size += max(s.Size(s.index), 1) // each has an address of its own
	g.symbols = append(g.symbols, s)
}

// alignment is what the linker would give a symbol.
func alignment(s *symbol) uintptr {
	if a := s.Align(s.index); a != 0 {
		return a
	}
	if n := s.Name(s.index).Text; strings.HasPrefix(n, "go:string.") || strings.HasPrefix(n, namedata) {
		return 1
	}
	// Assembly does not say what it needs, and may load a table with instructions that
	// fault unless it is aligned.
	a := uintptr(32)
	for a > s.Size(s.index) && a > 1 {
		a /= 2
	}
	return a
}

// place takes room for the section.
func (g *section) place(r *memory.Region, align uintptr) (err error) {
	if len(g.symbols) == 0 {
		return nil
	}
	if g.base, err = r.Take(memory.AlignUp(g.size, align), max(align, g.align)); err != nil {
		return err
	}
	g.copy()
	return nil
}

func (g *section) copy() {
	for _, s := range g.symbols {
		s.addr += g.base
		if !s.kind.Zero() {
			copy(memory.BytesAt(s.addr, s.Size(s.index)), s.Data(s.index))
		}
	}
}
