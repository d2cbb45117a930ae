package goobj

import "encoding/binary"

// A Ref refers to a symbol: by a number that stands for a package or a class of
// symbols, and an index.
type Ref struct{ pkg, sym uint32 }

// A Class says how a reference is to be understood.
type Class int

const (
	Nothing Class = iota // a reference to nothing
	Own                  // a symbol that the object defines: its index
	ByName               // a symbol of some object: the index of the name in this one
	Other                // a symbol of another package's first object: its index there
	Builtin              // what the compiler knows of the runtime: an index into its list
	Bad                  // outside of the object
)

// Resolve says what a reference of the object refers to. For Other, the package is the
// second result's and the index the third.
func (o *Object) Resolve(r Ref) (c Class, pkg, index uint32) {
	first, count := uint32(0), uint32(0)
	switch r.pkg {
	case 0:
		return Nothing, 0, 0
	case idxBuiltin:
		return Builtin, 0, r.sym
	case idxSelf:
		first, count = 0, o.selfs
	case idxHashed64:
		first, count = o.selfs, o.hashed64
	case idxHashed:
		first, count = o.selfs+o.hashed64, o.hashed
	case idxNone:
		first, count = o.selfs+o.hashed64+o.hashed, o.named+o.refs
	default:
		if r.pkg >= o.Packages() {
			return Bad, 0, 0
		}
		return Other, r.pkg, r.sym
	}
	if r.sym >= count {
		return Bad, 0, 0
	}
	if index = first + r.sym; index >= o.Defs() {
		return ByName, 0, index
	}
	return Own, 0, index
}

// A RelocType says what to write at a relocation's place. The numbers are those of
// cmd/internal/objabi, which may change from release to release.
type RelocType uint16

// Weak is a flag of a relocation whose target need not be there.
const Weak RelocType = 1 << 15

// A Reloc is a place in a symbol's bytes that depends on another symbol's address.
type Reloc struct {
	Offset uint32
	Size   uint8
	Type   RelocType
	Add    int64
	Target Ref
}

// Relocs calls yield with each relocation of symbol i, in the order of their offsets.
func (o *Object) Relocs(i uint32) func(yield func(Reloc) bool) {
	return func(yield func(Reloc) bool) {
		from, to := o.span(blockRelocIndex, i)
		for b := o.b[o.block[blockReloc]:][from*relocSize : to*relocSize]; len(b) > 0; b = b[relocSize:] {
			if !yield(Reloc{
				Offset: binary.LittleEndian.Uint32(b), Size: b[4], Type: RelocType(binary.LittleEndian.Uint16(b[5:])),
				Add: int64(binary.LittleEndian.Uint64(b[7:])), Target: ref(b[15:]),
			}) {
				return
			}
		}
	}
}

// HasRelocs reports whether symbol i refers to others.
func (o *Object) HasRelocs(i uint32) bool {
	from, to := o.span(blockRelocIndex, i)
	return from != to
}

// An AuxKind says what a symbol that belongs to another one tells of it.
type AuxKind uint8

const (
	AuxType     AuxKind = 0  // the type of a variable
	AuxFuncInfo AuxKind = 1  // a function's FuncInfo
	AuxFuncdata AuxKind = 2  // one of a function's tables
	AuxPcsp     AuxKind = 7  // the stack's size by program counter
	AuxPcfile   AuxKind = 8  // the file
	AuxPcline   AuxKind = 9  // the line
	AuxPcinline AuxKind = 10 // the place in the tree of inlined calls
	AuxPcdata   AuxKind = 11 // one of a function's further tables by program counter
)

// An Aux is a symbol that belongs to another one.
type Aux struct {
	Kind   AuxKind
	Target Ref
}

// Auxs calls yield with what belongs to symbol i.
func (o *Object) Auxs(i uint32) func(yield func(Aux) bool) {
	return func(yield func(Aux) bool) {
		from, to := o.span(blockAuxIndex, i)
		for b := o.b[o.block[blockAux]:][from*auxSize : to*auxSize]; len(b) > 0; b = b[auxSize:] {
			if !yield(Aux{AuxKind(b[0]), ref(b[1:])}) {
				return
			}
		}
	}
}

// AuxData is the content of what belongs to symbol i and is of a kind; nil for none.
func (o *Object) AuxData(i uint32, kind AuxKind) (b []byte) {
	for a := range o.Auxs(i) {
		if class, _, index := o.Resolve(a.Target); a.Kind == kind && class == Own {
			b = o.Data(index)
		}
	}
	return b
}

func ref(b []byte) Ref {
	return Ref{binary.LittleEndian.Uint32(b), binary.LittleEndian.Uint32(b[4:])}
}
