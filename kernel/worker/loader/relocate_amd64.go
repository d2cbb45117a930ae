package loader

import (
	"fmt"

	"locuslab/kernel/build/goobj"
	"locuslab/kernel/worker/loader/memory"
)

const (
	reach     = 1 << 31 // addresses that fit in an instruction
	codeAlign = 32
	// instructionUnit is what the runtime counts program counters in.
	instructionUnit = 1
	// callSize is what a call takes of the stack, frameReserve what a function may use
	// below its frame.
	callSize     = 8
	frameReserve = 0
)

// Relocations of amd64.
const (
	relPCRel goobj.RelocType = 14
	relTLS   goobj.RelocType = 15
)

func (ld *load) applyMachine(f *fixup) error {
	switch f.Type {
	case relCall, relPCRel:
		return ld.putDistance(f)
	case relTLS:
		*memory.At[uint32](f.place) = uint32(ld.exe.TLSOffset)
		return nil
	}
	return fmt.Errorf("relocation %d is not known", f.Type)
}

// putDistance writes a distance from the end of the instruction.
func (ld *load) putDistance(f *fixup) error {
	distance := func(to uintptr) int64 { return int64(to) + f.Add - int64(f.place) - 4 }
	d := distance(f.target)
	if int64(int32(d)) != d {
		// A type or itab that lies on the heap, or in memory of the runtime.
		op := memory.At[[2]byte](f.place - 2)
		const lea, load, ripRelative = 0x8d, 0x8b, 5
		switch {
		case f.Type == relPCRel && f.Add == 0 && op[0] == lea && op[1]&0xc7 == ripRelative:
			slot, err := ld.slot(f.target) // LEAQ x(SB), R becomes MOVQ slot(SB), R
			if err != nil {
				return err
			}
			op[0] = load
			d = distance(slot)
		case f.Type == relPCRel && f.own != 0 && op[0] != lea:
			d = distance(f.own) // what stands in it can as well be read from the copy
		default:
			return fmt.Errorf("% x: %#x is out of reach", memory.BytesAt(f.place-3, 7), f.target)
		}
	}
	*memory.At[uint32](f.place) = uint32(d)
	return nil
}

// trampolines are not needed on amd64, whose calls reach as far as anything else.
type trampolines struct{ next, end uintptr }

func (ld *load) roomForTrampolines() uintptr { return 0 }

// fillWithTraps fills memory with instructions that nobody should reach.
func fillWithTraps(b []byte) {
	for i := range b {
		b[i] = 0xcc
	}
}

// flushInstructions is not needed on amd64, where the processor sees to it.
func flushInstructions(base, n uintptr) {}

// deferReturnOffset is where the call instruction begins whose operand a relocation
// changes.
const deferReturnOffset = -1
