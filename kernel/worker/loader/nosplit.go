package loader

import (
	"encoding/binary"
	"fmt"

	"locuslab/kernel/build/goobj"
)

// A function begins with a check whether its stack has room, but for those that the
// compiler or the user (//go:nosplit) says need none. A chain of these must fit into what
// the last check has left. The linker verifies that for a program; nobody does for
// a cell but this file. Too long a chain would write over memory of others.

// nosplitLimit is what a check leaves.
const nosplitLimit = 800 - callSize - frameReserve

// unbounded is the height of functions that call each other in a circle.
const unbounded = 1 << 20

// stackCheck knows how much stack functions take without a check.
type stackCheck struct {
	*load
	known map[def]int
}

// checkStack verifies the functions of the load that begin a chain or are in one.
func (ld *load) checkStack() error {
	c := stackCheck{ld, map[def]int{}}
	for _, s := range ld.order {
		if !s.kind.IsText() || !s.NoSplit(s.index) {
			continue
		}
		h, err := c.height(s.def)
		if err != nil {
			return err
		}
		name := s.Name(s.index)
		if h > nosplitLimit {
			return fmt.Errorf("load the cell: nosplit stack overflow: %s and what it calls need %d bytes of stack without a check, of which there are %d", ld.shown.function(name.Text), h, nosplitLimit)
		}
		if s.isCell() {
			ld.nosplit = append(ld.nosplit, nosplitFunction{name, h})
		}
	}
	return nil
}

// height is how much stack a function and those that it calls take without a check.
func (c *stackCheck) height(d def) (int, error) {
	if h, ok := c.known[d]; ok {
		return h, nil
	}
	if _, ok, err := d.FuncInfo(d.index); !ok || err != nil { // no Go code: runs on another stack
		return 0, err
	}
	if !d.NoSplit(d.index) {
		return callSize, nil // to call the check's own function
	}
	c.known[d] = unbounded
	frames := frameSizes(d.AuxData(d.index, goobj.AuxPcsp))
	most := 0
	for _, f := range frames {
		most = max(most, f.size)
	}
	for r := range d.Relocs(d.index) {
		if !isCall(r.Type) && r.Type != relCallInd {
			continue
		}
		for len(frames) > 1 && uintptr(r.Offset) >= frames[0].end {
			frames = frames[1:]
		}
		callee := callSize // an indirect call is to a function with a check
		if isCall(r.Type) {
			var err error
			if callee, err = c.calleeHeight(d.object, r.Target); err != nil {
				return 0, err
			}
		}
		if len(frames) > 0 {
			most = max(most, frames[0].size+callSize+callee)
		}
	}
	c.known[d] = min(most, unbounded)
	return c.known[d], nil
}

// calleeHeight is the height of a function that is called.
func (c *stackCheck) calleeHeight(o *object, r goobj.Ref) (int, error) {
	class, number, i := o.Resolve(r)
	name := goobj.Name{}
	switch class {
	case goobj.Own:
		return c.height(def{o, i})
	case goobj.Other:
		d, ok, err := c.packages.other(o, number, i)
		if !ok {
			return 0, err
		}
		return c.height(d)
	case goobj.ByName:
		name = o.Name(i)
	case goobj.Builtin:
		var err error
		if name, err = c.builtin(i); err != nil {
			return 0, err
		}
	}
	if name.Text == "runtime.morestack" { // goes on on another stack
		return 0, nil
	}
	if h, ok := c.heights[name]; ok {
		return h, nil
	}
	if _, ok := c.names[name]; ok { // an earlier cell's
		return callSize, nil
	}
	d, ok, err := c.packages.find(name)
	if !ok || err != nil {
		return callSize, err
	}
	return c.height(d)
}

// nosplitFunction is a cell's, which later cells may call.
type nosplitFunction struct {
	name   goobj.Name
	height int
}

// A frame is the size of a function's frame up to a place in its code.
type frame struct {
	end  uintptr
	size int
}

// frameSizes reads the table of them: pairs of a difference in size, zigzag, and one of
// the place.
func frameSizes(table []byte) (frames []frame) {
	size, place := -1, uintptr(0)
	for first := true; len(table) > 0; first = false {
		delta, n := binary.Uvarint(table)
		if n <= 0 || delta == 0 && !first {
			break
		}
		step, k := binary.Uvarint(table[n:])
		if k <= 0 {
			break
		}
		table = table[n+k:]
		size += int(int32(uint32(delta)>>1) ^ -int32(delta&1))
		place += uintptr(step) * instructionUnit
		frames = append(frames, frame{place, size})
	}
	return frames
}
