package goobj

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"unsafe"
)

// An Object is one compiled or assembled unit.
type Object struct {
	b     []byte
	block [blocks]uint32

	// How many symbols of each class it defines. Their indices follow each other in
	// this order.
	selfs, hashed64, hashed, named uint32
	refs                           uint32 // names that it refers to and does not define
}

// A Fingerprint identifies what a package exports. An object that was compiled
// against another version of a package bears another one, and its references by index
// then mean something else.
type Fingerprint [8]byte

var errDamaged = errors.New("damaged object")

func damaged(format string, args ...any) error {
	return fmt.Errorf("%w: %s", errDamaged, fmt.Sprintf(format, args...))
}

// Parse reads the binary part of an object.
func Parse(b []byte) (*Object, error) {
	if len(b) < headerSize || !bytes.HasPrefix(b, []byte(magic)) {
		return nil, errors.New("not an object in the format of Go 1.20 and later")
	}
	if uint64(len(b)) > 1<<32-1 {
		return nil, damaged("larger than 4 GB")
	}
	o := &Object{b: b}
	last := uint32(headerSize)
	for i := range o.block {
		at := binary.LittleEndian.Uint32(b[offsetsAt+4*i:])
		if at < last && i > 0 || at > uint32(len(b)) {
			return nil, damaged("block %d at %#x lies outside of it", i, at)
		}
		o.block[i], last = at, at
	}
	if o.flags()&flagUnlinkable != 0 {
		return nil, errors.New("compiled without a package path (-p), so that it cannot be linked")
	}
	for _, c := range []struct {
		count *uint32
		block int
	}{{&o.selfs, blockSymdef}, {&o.hashed64, blockHashed64def}, {&o.hashed, blockHasheddef}, {&o.named, blockNonpkgdef}, {&o.refs, blockNonpkgref}} {
		*c.count = o.length(c.block, symbolSize)
	}
	return o, o.check()
}

// check verifies every offset that an accessor follows without looking.
func (o *Object) check() error {
	for _, t := range []struct {
		block int
		size  uint32
	}{
		{blockAutolib, autolibSize}, {blockPkgIndex, stringSize}, {blockFile, stringSize},
		{blockSymdef, symbolSize}, {blockHashed64def, symbolSize}, {blockHasheddef, symbolSize}, {blockNonpkgdef, symbolSize}, {blockNonpkgref, symbolSize},
	} {
		if (o.block[t.block+1]-o.block[t.block])%t.size != 0 {
			return damaged("block %d is no whole number of records", t.block)
		}
		for at := o.block[t.block]; at < o.block[t.block+1]; at += t.size {
			n, p := uint64(o.word(at)), uint64(o.word(at+4))
			if n != 0 && n+p > uint64(len(o.b)) {
				return damaged("a name at %#x lies outside of it", at)
			}
		}
	}
	if o.length(blockHash64, hash64Size) < o.hashed64 || o.length(blockHash, hashSize) < o.hashed {
		return damaged("it has fewer hashes than hashed symbols")
	}
	for _, t := range []struct {
		index, block int
		size         uint32
	}{{blockRelocIndex, blockReloc, relocSize}, {blockAuxIndex, blockAux, auxSize}, {blockDataIndex, blockData, 1}} {
		if o.length(t.index, indexSize) < o.Defs()+1 {
			return damaged("the index of block %d is too short", t.block)
		}
		limit, last := o.length(t.block, t.size), uint32(0)
		for i := range o.Defs() + 1 {
			n := o.word(o.block[t.index] + i*indexSize)
			if n < last || n > limit {
				return damaged("the index of block %d points outside of it", t.block)
			}
			last = n
		}
	}
	return nil
}

// length is how many records of a size a block has.
func (o *Object) length(block int, size uint32) uint32 {
	return (o.block[block+1] - o.block[block]) / size
}

func (o *Object) word(at uint32) uint32 { return binary.LittleEndian.Uint32(o.b[at:]) }
func (o *Object) flags() uint32         { return o.word(uint32(flagsAt)) }

func (o *Object) text(at uint32) string {
	n, p := o.word(at), o.word(at+4)
	if n == 0 {
		return ""
	}
	return unsafe.String(&o.b[p], n)
}

// Assembly reports whether the assembler wrote it.
func (o *Object) Assembly() bool { return o.flags()&flagAssembly != 0 }

// Fingerprint identifies what the package exports.
func (o *Object) Fingerprint() (f Fingerprint) {
	copy(f[:], o.b[fingerprintAt:])
	return f
}

// Imports calls yield with each package that it was compiled against.
func (o *Object) Imports(yield func(path string, f Fingerprint) bool) {
	for at := o.block[blockAutolib]; at < o.block[blockAutolib+1]; at += autolibSize {
		if !yield(o.text(at), Fingerprint(o.b[at+stringSize:])) {
			return
		}
	}
}

// Packages is how many packages its references name, the unused number 0 included.
func (o *Object) Packages() uint32 { return o.length(blockPkgIndex, stringSize) }

// Package is the path of the i-th of them.
func (o *Object) Package(i uint32) string { return o.text(o.block[blockPkgIndex] + i*stringSize) }

// Files is how many source files its line tables name.
func (o *Object) Files() uint32 { return o.length(blockFile, stringSize) }

// File is the i-th of them.
func (o *Object) File(i uint32) string { return o.text(o.block[blockFile] + i*stringSize) }

// Defs is how many symbols it defines.
func (o *Object) Defs() uint32 { return o.selfs + o.hashed64 + o.hashed + o.named }

// Selfs is how many of them other packages may refer to by index. They come first.
func (o *Object) Selfs() uint32 { return o.selfs }

// ByName calls yield with each symbol that can be referred to by name: all but those
// that are told apart by their content.
func (o *Object) ByName(yield func(i uint32) bool) {
	for i := range o.Defs() {
		if (i < o.selfs || i >= o.selfs+o.hashed64+o.hashed) && !yield(i) {
			return
		}
	}
}
