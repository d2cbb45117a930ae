package loader

import (
	"fmt"

	"locuslab/kernel/build/goobj"
	"locuslab/kernel/worker/loader/memory"
	"locuslab/kernel/worker/loader/runtimedata"
)

const (
	reach     = 1 << 32 // what a pair of instructions reaches
	codeAlign = 16
	// instructionUnit is what the runtime counts program counters in.
	instructionUnit = 4
	// callSize is what a call takes of the stack, frameReserve what a function may use
	// below its frame.
	callSize     = 0
	frameReserve = 8
)

// Relocations of arm64.
const (
	relPageOff     goobj.RelocType = 3  // ADRP, then ADD
	relTLSOffset   goobj.RelocType = 32 // MOVZ
	relPageOff8    goobj.RelocType = 37 // ADRP, then a load or store of so many bits
	relPageOff16   goobj.RelocType = 38
	relPageOff32   goobj.RelocType = 39
	relPageOff64   goobj.RelocType = 40
	branchDistance                 = 1 << 27
	pageMask                       = 0xfff
	threadHeader                   = 2 * runtimedata.PointerSize // between the thread pointer and thread-local variables
)

func (ld *load) applyMachine(f *fixup) error {
	switch f.Type {
	case relCallARM64:
		return ld.putBranch(f)
	case relPageOff, relPageOff8, relPageOff16, relPageOff32, relPageOff64:
		return ld.putPage(f)
	case relTLSOffset:
		*memory.At[uint32](f.place) |= uint32(ld.exe.TLSValue+threadHeader) << 5
		return nil
	}
	return fmt.Errorf("relocation %d is not known", f.Type)
}

// putBranch writes the distance of a call or jump, which is 26 bits of words. One that
// does not reach its target goes to a trampoline behind the load's code.
func (ld *load) putBranch(f *fixup) error {
	v := f.value()
	d := int64(v) - int64(f.place)
	if d < -branchDistance || d >= branchDistance {
		t, err := ld.sections.trampolines.to(v)
		if err != nil {
			return err
		}
		if d = int64(t) - int64(f.place); d < -branchDistance || d >= branchDistance {
			return fmt.Errorf("the code of one cell is larger than a branch reaches")
		}
	}
	*memory.At[uint32](f.place) |= uint32(d>>2) & 0x03ffffff
	return nil
}

// putPage writes an address into a pair of instructions: ADRP makes the page's, the
// second adds what is left or reads there.
func (ld *load) putPage(f *fixup) error {
	v := f.value()
	first, second := memory.At[uint32](f.place), memory.At[uint32](f.place+4)
	kind := f.Type
	if d := pageDistance(v, f.place); d < -reach || d >= reach {
		switch { // a type or itab that lies on the heap, or in memory of the runtime
		case kind == relPageOff && f.Add == 0:
			slot, err := ld.slot(f.target)
			if err != nil {
				return err
			}
			v, kind = slot, relPageOff64
			const loadWord = 0xf9400000
			*second = loadWord | *second&0x3ff // ADD $x, R, S becomes MOVD x(R), S
		case kind != relPageOff && f.own != 0:
			v = f.own + uintptr(f.Add) // what stands in it can as well be read from the copy
		default:
			return fmt.Errorf("%#x is out of reach", v)
		}
	}
	shift := uint32(0)
	switch kind {
	case relPageOff16:
		shift = 1
	case relPageOff32:
		shift = 2
	case relPageOff64:
		shift = 3
	}
	low := uint32(v & pageMask)
	if low&(1<<shift-1) != 0 {
		return fmt.Errorf("%#x is not aligned for what is read there", v)
	}
	putPageDistance(first, pageDistance(v, f.place))
	*second |= low >> shift << 10
	return nil
}

// pageDistance is the distance between two pages of 4 KB.
func pageDistance(to, from uintptr) int64 { return int64(to&^pageMask) - int64(from&^pageMask) }

func putPageDistance(adrp *uint32, distance int64) {
	pages := uint32(distance >> 12)
	*adrp |= pages&3<<29 | pages>>2&0x7ffff<<5
}

// trampolines are jumps that reach everything, behind the code of a load.
type trampolines struct {
	next, end uintptr
	made      map[uintptr]uintptr
}

const trampolineSize = 16 // three instructions and a trap

// to is a trampoline to an address.
func (t *trampolines) to(target uintptr) (uintptr, error) {
	if a := t.made[target]; a != 0 {
		return a, nil
	}
	a := memory.AlignUp(t.next, codeAlign)
	if a+trampolineSize > t.end {
		return 0, fmt.Errorf("no room for a jump to %#x", target)
	}
	t.next = a + trampolineSize
	code := memory.At[[3]uint32](a)
	*code = [3]uint32{0x90000010, 0x91000210, 0xd61f0200} // ADRP x, R16; ADD $x, R16; JMP (R16)
	d := pageDistance(target, a)
	if d < -reach || d >= reach {
		return 0, fmt.Errorf("%#x is out of reach of a jump", target)
	}
	putPageDistance(&code[0], d)
	code[1] |= uint32(target&pageMask) << 10
	if t.made == nil {
		t.made = map[uintptr]uintptr{}
	}
	t.made[target] = a
	return a, nil
}

// roomForTrampolines is as much as the load can need: nothing where all code is near,
// else a trampoline for each target of a call.
func (ld *load) roomForTrampolines() uintptr {
	text := &ld.space.Text
	if text.Next+ld.sections.text.size < ld.exe.Text+branchDistance {
		return 0
	}
	type target struct {
		symbol *symbol
		add    int64
	}
	targets := map[target]bool{}
	for _, s := range ld.sections.text.symbols {
		for r := range s.Relocs(s.index) {
			if r.Type == relCallARM64 {
				if t, err := ld.target(s.object, r.Target); err == nil && t != nil {
					targets[target{t, r.Add}] = true
				}
			}
		}
	}
	return uintptr(len(targets)+1) * trampolineSize
}

// fillWithTraps fills memory with instructions that nobody should reach.
func fillWithTraps(b []byte) {
	for i := range b {
		b[i] = 0 // UDF
	}
}

// flushInstructions makes the processor fetch code anew from memory.
func flushInstructions(base, n uintptr)

const deferReturnOffset = 0
