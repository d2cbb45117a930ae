package goobj

import (
	"encoding/binary"
	"strings"
)

// A Kind says which section a symbol belongs to.
type Kind uint8

// Kinds of symbols, as cmd/internal/objabi numbers them. What comes after is for
// debuggers and coverage.
const (
	Text Kind = iota + 1
	TextFIPS
	ROData
	RODataFIPS
	NoptrData
	NoptrDataFIPS
	Data
	DataFIPS
	BSS
	NoptrBSS
	TLSBSS
	Debug // the first kind that is never loaded
)

// IsText reports whether the symbol is code.
func (k Kind) IsText() bool { return k == Text || k == TextFIPS }

// Writable reports whether the program can change the symbol's bytes.
func (k Kind) Writable() bool { return k >= NoptrData && k <= TLSBSS }

// HasPointers reports whether the garbage collector looks into the symbol.
func (k Kind) HasPointers() bool { return k == Data || k == DataFIPS || k == BSS }

// Zero reports whether the symbol has no bytes in the object, since they are zero.
func (k Kind) Zero() bool { return k == BSS || k == NoptrBSS }

// An ABI is a calling convention.
type ABI uint8

const (
	ABI0     ABI = 0 // arguments on the stack: assembly
	Internal ABI = 1 // arguments in registers: what the compiler writes
)

// A Name is what a reference without an index gives. A function may be defined under
// both conventions.
type Name struct {
	Text string
	ABI  ABI
}

// A Hash is the content of a symbol that may stand for any other of the same content.
type Hash [hashSize]byte

func (o *Object) symbol(i uint32) []byte {
	at := o.block[blockSymdef] + i*symbolSize
	return o.b[at : at+symbolSize]
}

func (o *Object) symbolFlags(i uint32) uint16 {
	return binary.LittleEndian.Uint16(o.symbol(i)[11:])
}

// Name is the name of symbol i, which may also be one that the object refers to and
// does not define. Its text lies in the object.
func (o *Object) Name(i uint32) Name {
	s := o.symbol(i)
	return Name{o.text(o.block[blockSymdef] + i*symbolSize), ABI(s[8])}
}

// Static reports whether a symbol can only be referred to by the object itself, so
// that its name need not be the only one of that kind.
func (o *Object) Static(i uint32) bool {
	return binary.LittleEndian.Uint16(o.symbol(i)[8:]) == staticABI
}

// Kind is the kind of a defined symbol.
func (o *Object) Kind(i uint32) Kind { return Kind(o.symbol(i)[10]) }

// Loadable reports whether a symbol becomes a part of the program.
func (o *Object) Loadable(i uint32) bool { k := o.Kind(i); return k != 0 && k < Debug }

// DupOK reports whether other objects may define the same symbol, any of which will do.
func (o *Object) DupOK(i uint32) bool { return o.symbolFlags(i)&flagDupOK != 0 }

// Typelink reports whether reflection must find the type that the symbol describes.
func (o *Object) Typelink(i uint32) bool { return o.symbolFlags(i)&flagTypelink != 0 }

// NoSplit reports whether a function does not check for room on the stack.
func (o *Object) NoSplit(i uint32) bool { return o.symbolFlags(i)&flagNoSplit != 0 }

// IsType reports whether the symbol is a type descriptor.
func (o *Object) IsType(i uint32) bool { return o.symbolFlags(i)&flagGoType != 0 }

// IsItab reports whether the symbol is an itab.
func (o *Object) IsItab(i uint32) bool { return o.symbolFlags(i)&flagItab != 0 }

// Size is the size of the symbol, which may be more than it has bytes: the rest is zero.
func (o *Object) Size(i uint32) uintptr {
	return uintptr(binary.LittleEndian.Uint32(o.symbol(i)[13:]))
}

// Align is the alignment that the symbol asks for; 0 leaves it to the linker.
func (o *Object) Align(i uint32) uintptr {
	return uintptr(binary.LittleEndian.Uint32(o.symbol(i)[17:]))
}

// StandsForC reports whether a symbol only stands for one of C code, as cgo declares them:
// a variable without a value, whose name has no package in front.
func (o *Object) StandsForC(i uint32) bool {
	return o.Kind(i).Zero() && !o.Assembly() && !o.Static(i) && o.Name(i).Text != "" && !strings.ContainsAny(o.Name(i).Text, ".:")
}

// Data is the symbol's bytes.
func (o *Object) Data(i uint32) []byte {
	from, to := o.span(blockDataIndex, i)
	return o.b[o.block[blockData]:][from:to:to]
}

// Hash is the content hash of a symbol that is told apart by its content.
func (o *Object) Hash(i uint32) (h Hash, ok bool) {
	switch {
	case i < o.selfs || i >= o.selfs+o.hashed64+o.hashed:
		return h, false
	case i < o.selfs+o.hashed64: // short: size and content are all of it
		copy(h[:8], o.b[o.block[blockHash64]+(i-o.selfs)*hash64Size:])
		binary.LittleEndian.PutUint32(h[8:], uint32(o.Size(i)))
		h[15] = 0xff
	default:
		copy(h[:], o.b[o.block[blockHash]+(i-o.selfs-o.hashed64)*hashSize:])
	}
	return h, true
}

// span is what an index says of symbol i.
func (o *Object) span(index int, i uint32) (from, to uint32) {
	at := o.block[index] + i*indexSize
	return o.word(at), o.word(at + indexSize)
}
