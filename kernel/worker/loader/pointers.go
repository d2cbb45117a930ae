package loader

import (
	"fmt"

	"locuslab/kernel/build/goobj"
	"locuslab/kernel/worker/loader/memory"
	"locuslab/kernel/worker/loader/runtimedata"
)

// describePointers tells the garbage collector which words of the load's variables are
// pointers: one bit a word, at the word's place in the mask of the whole region. It
// looks at them only when register moves the region's end.
func (ld *load) describePointers() error {
	for _, s := range ld.sections.data.symbols {
		address, err := ld.variableType(s)
		if err != nil {
			return err
		}
		if address == 0 {
			if s.Size(s.index) >= runtimedata.PointerSize {
				return fmt.Errorf("load the cell: the object does not tell the type of the variable %s", s.Name(s.index).Text)
			}
			continue
		}
		typ := memory.At[runtimedata.AbiType](address)
		mask := typ.GCData
		if typ.Flags&runtimedata.TypeFlagMaskOnDemand != 0 {
			mask = ld.rt.PointerMask(address)
		}
		if typ.PtrBytes > s.Size(s.index) {
			return fmt.Errorf("load the cell: the variable %s is smaller than its type", s.Name(s.index).Text)
		}
		for word := range typ.PtrBytes / runtimedata.PointerSize {
			if *memory.At[byte](mask + word/8)>>(word%8)&1 != 0 {
				ld.module.MarkPointer(s.addr + word*runtimedata.PointerSize)
			}
		}
	}
	return nil
}

// variableType is where the descriptor of a variable's type lies; 0 for none.
func (ld *load) variableType(s *symbol) (address uintptr, err error) {
	for a := range s.Auxs(s.index) {
		if a.Kind == goobj.AuxType {
			t, err := ld.target(s.object, a.Target)
			if t == nil || err != nil {
				return 0, err
			}
			address = t.addr
		}
	}
	return address, nil
}
