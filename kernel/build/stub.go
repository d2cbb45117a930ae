package build

import (
	"bytes"
	"debug/elf"
	"slices"
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

// stub makes the shared library that the linker believes to hold every
// package: it defines just the symbols that a unit refers to, each as the worker
// or an earlier unit has it. Functions and variables are names only. A type's
// descriptor is copied, as the linker reads from it which words of a variable of
// that type are pointers.
func (t *symbolTable) stub(goarch string, refs []reference, onlyABI0 func(string) (bool, error)) (*stub, error) {
	s := stubWriter{table: t, file: newELF(elf.ET_DYN, goarch), names: map[string]bool{}, onlyABI0: onlyABI0}
	// The sections' numbers are fixed before their contents are known.
	text := s.file.section(".text", elf.Section64{Type: uint32(elf.SHT_PROGBITS), Flags: uint64(elf.SHF_ALLOC | elf.SHF_EXECINSTR), Addr: textAddress, Addralign: 1}, []byte{0})
	rodata := s.file.section(".rodata", elf.Section64{Type: uint32(elf.SHT_PROGBITS), Flags: uint64(elf.SHF_ALLOC), Addr: dataAddress, Addralign: 8}, nil)
	s.text, s.rodata = text, rodata
	// The linker looks some up by itself for every plugin.
	own := []reference{{"runtime.tlsg", 0}, {"runtime.lastmoduledatap", 0}, {"type:runtime.moduledata", 0}, {"runtime.unreachableMethod", abiInternal}}
	seen := map[reference]bool{}
	var missing []string
	for i, r := range slices.Concat(refs, own) {
		if seen[r] {
			continue
		}
		seen[r] = true
		defined, err := s.define(r)
		if err != nil {
			return nil, err
		}
		if !defined && i < len(refs) {
			missing = append(missing, r.name)
		}
	}
	s.symbol(abiHash, byte(elf.STT_OBJECT), text, textAddress, 16)
	if noop := (reference{"runtime.mapinitnoop", abiInternal}); !seen[noop] {
		s.symbol(noop.name+".abiinternal", byte(elf.STT_FUNC), text, textAddress, 1)
	}
	s.file.contents[rodata] = s.types.Bytes()
	return &stub{s.file.bytes(), s.names, missing}, nil
}

// stub is such a library.
type stub struct {
	content []byte
	defined map[string]bool // the names in it, as the linker's object spells them
	missing []string        // references that nothing defines
}

const global = byte(elf.STB_GLOBAL) << 4

type stubWriter struct {
	table        *symbolTable
	file         *elfFile
	text, rodata uint16
	types        bytes.Buffer
	names        map[string]bool
	onlyABI0     func(string) (bool, error)
}

func (s *stubWriter) symbol(name string, kind byte, section uint16, value, size uint64) {
	s.file.symbol(name, global|kind, 0, section, value, size)
	s.names[mangle(name)] = true
	if strings.Contains(name, "@") { // mangled, it loses the suffix
		s.names[mangle(strings.TrimSuffix(name, ".abiinternal"))] = true
	}
}

// define reports whether there is what a reference is to. A function is taken in the
// calling convention that the reference wants or not at all: what runs otherwise is
// the right function on the wrong arguments.
func (s *stubWriter) define(r reference) (bool, error) {
	isType := strings.HasPrefix(r.name, "type:")
	if r.abi == abi0 && !isType {
		if f, ok := s.table.symbols[r.name+".abi0"]; ok && f.kind == elf.STT_FUNC {
			s.symbol(r.name+".abi0", byte(elf.STT_FUNC), s.text, textAddress, f.size)
			return true, nil
		}
	}
	sym, ok := s.table.symbols[mangle(r.name)]
	if !ok {
		return false, nil
	}
	name := r.name
	if sym.kind == elf.STT_FUNC && r.abi == abiInternal {
		name += ".abiinternal" // how a shared library spells the compiler's calling convention
	}
	if sym.kind == elf.STT_FUNC && r.abi == abi0 && !isType {
		// The linker gives the plain name to the compiler's function where there is one.
		if only, err := s.onlyABI0(r.name); err != nil || !only {
			return false, err
		}
	}
	section, value := s.text, uint64(textAddress)
	if isType && sym.kind == elf.STT_OBJECT {
		if at, ok := s.descriptor(sym); ok {
			section, value = s.rodata, at
		}
	}
	s.symbol(name, byte(sym.kind), section, value, sym.size)
	return true, nil
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
