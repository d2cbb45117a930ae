package build

import (
	"bytes"
	"debug/elf"
	"strings"
)

// stubName is the file name of the stub; the linker derives the name of a
// symbol from it that holds the hash of the shared library's ABI.
const stubName = "stub.so"

const (
	textAddress = 0x100
	dataAddress = 0x10000
)

// abiHash is the symbol in which the linker wants to find that hash.
const abiHash = "go:link.abihash." + stubName

// writeStub makes the shared library that the linker believes to hold every
// package: it defines just the symbols that a unit refers to, each as the worker
// or an earlier unit has it. Functions and variables are names only. A type's
// descriptor is copied, as the linker reads from it which words of a variable of
// that type are pointers. It returns the references that nothing defines.
func (t *symbolTable) writeStub(goarch string, refs []reference) (stub []byte, missing []string) {
	s := stubWriter{table: t, file: newELF(elf.ET_DYN, goarch)}
	// The sections' numbers are fixed before their contents are known.
	text := s.file.section(".text", elf.Section64{Type: uint32(elf.SHT_PROGBITS), Flags: uint64(elf.SHF_ALLOC | elf.SHF_EXECINSTR), Addr: textAddress, Addralign: 1}, []byte{0})
	rodata := s.file.section(".rodata", elf.Section64{Type: uint32(elf.SHT_PROGBITS), Flags: uint64(elf.SHF_ALLOC), Addr: dataAddress, Addralign: 8}, nil)
	s.text, s.rodata = text, rodata
	seen := map[string]bool{}
	for _, r := range refs {
		if !seen[r.name] {
			seen[r.name] = true
			if !s.define(r) {
				missing = append(missing, r.name)
			}
		}
	}
	// What the linker looks up by itself for every plugin.
	for _, r := range []reference{{"runtime.tlsg", 0}, {"runtime.lastmoduledatap", 0}, {"type:runtime.moduledata", 0}, {"runtime.unreachableMethod", 1}} {
		if !seen[r.name] {
			s.define(r)
		}
	}
	s.file.symbol(abiHash, global|byte(elf.STT_OBJECT), 0, text, textAddress, 16)
	if !seen["runtime.mapinitnoop"] {
		s.file.symbol("runtime.mapinitnoop.abiinternal", global|byte(elf.STT_FUNC), 0, text, textAddress, 1)
	}
	s.file.contents[rodata] = s.types.Bytes()
	return s.file.bytes(), missing
}

const global = byte(elf.STB_GLOBAL) << 4

type stubWriter struct {
	table        *symbolTable
	file         *elfFile
	text, rodata uint16
	types        bytes.Buffer
}

func (s *stubWriter) define(r reference) bool {
	isType := strings.HasPrefix(r.name, "type:")
	if r.abi == 0 && !isType {
		if f, ok := s.table.symbols[r.name+".abi0"]; ok && f.kind == elf.STT_FUNC {
			s.file.symbol(r.name+".abi0", global|byte(elf.STT_FUNC), 0, s.text, textAddress, f.size)
			return true
		}
	}
	mangled := mangle(r.name)
	sym, ok := s.table.symbols[mangled]
	if !ok {
		return false
	}
	name := r.name
	if sym.kind == elf.STT_FUNC && r.abi == 1 {
		name += ".abiinternal" // how a shared library spells the compiler's calling convention
	}
	section, value := s.text, uint64(textAddress)
	if isType && sym.kind == elf.STT_OBJECT {
		if at, ok := s.descriptor(sym); ok {
			section, value = s.rodata, at
		}
	}
	s.file.symbol(name, global|byte(sym.kind), 0, section, value, sym.size)
	return true
}

// Offsets in the head of abi.Type, 48 bytes.
const (
	typePtrBytes  = 8
	typeTFlag     = 20
	typeKind      = 23
	typeGCData    = 32
	tflagOnDemand = 1 << 4 // the GC mask is made when it is first needed
	kindPointer   = 26     // unsafe.Pointer
)

// descriptor copies a type's descriptor and its GC mask. Its kind becomes one
// that has nothing else for the linker to look at.
func (s *stubWriter) descriptor(sym symbol) (address uint64, ok bool) {
	original := sym.image.read(sym.value, sym.size)
	if len(original) < 48 {
		return 0, false
	}
	d := append([]byte(nil), original...)
	if words := le.Uint64(d[typePtrBytes:]) / 8; words > 0 && d[typeTFlag]&tflagOnDemand == 0 {
		mask := sym.image.read(le.Uint64(d[typeGCData:]), (words+7)/8)
		if mask == nil {
			return 0, false
		}
		le.PutUint64(d[typeGCData:], s.put(mask))
		d[typeKind] = kindPointer
	}
	return s.put(d), true
}

func (s *stubWriter) put(data []byte) (address uint64) {
	address = dataAddress + uint64(s.types.Len())
	s.types.Write(data)
	for s.types.Len()%8 != 0 {
		s.types.WriteByte(0)
	}
	return address
}

// hashObject is a relocatable object with the two symbols that a plugin linked
// with -linkshared refers to and that nothing may take from elsewhere: the hash
// of the stub's ABI, and the function that initialises no map.
func hashObject(goarch string) []byte {
	f := newELF(elf.ET_REL, goarch)
	ret := []byte{0xc3}
	if goarch == "arm64" {
		ret = []byte{0xc0, 0x03, 0x5f, 0xd6}
	}
	data := f.section(".data", elf.Section64{Type: uint32(elf.SHT_PROGBITS), Flags: uint64(elf.SHF_ALLOC | elf.SHF_WRITE), Addralign: 8}, make([]byte, 16))
	text := f.section(".text", elf.Section64{Type: uint32(elf.SHT_PROGBITS), Flags: uint64(elf.SHF_ALLOC | elf.SHF_EXECINSTR), Addralign: 16}, ret)
	f.section(".note.GNU-stack", elf.Section64{Type: uint32(elf.SHT_PROGBITS), Addralign: 1}, nil) // no executable stack
	f.symbol(abiHash, global|byte(elf.STT_OBJECT), byte(elf.STV_HIDDEN), data, 0, 16)
	f.symbol("runtime.mapinitnoop", global|byte(elf.STT_FUNC), byte(elf.STV_HIDDEN), text, 0, uint64(len(ret)))
	return f.bytes()
}
