package build

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
)

// elfFile writes the small ELF files that a stub link needs, without a C
// compiler: sections and symbols in, bytes out.
type elfFile struct {
	kind     elf.Type
	machine  elf.Machine
	sections []elf.Section64
	contents [][]byte
	names    bytes.Buffer
	symbols  bytes.Buffer
	strings  bytes.Buffer
}

func newELF(kind elf.Type, goarch string) *elfFile {
	f := &elfFile{kind: kind, machine: elf.EM_X86_64}
	if goarch == "arm64" {
		f.machine = elf.EM_AARCH64
	}
	f.names.WriteByte(0)
	f.strings.WriteByte(0)
	f.symbols.Write(make([]byte, 24))
	f.section("", elf.Section64{}, nil)
	return f
}

// section adds a section and returns its index.
func (f *elfFile) section(name string, s elf.Section64, content []byte) uint16 {
	if name != "" {
		s.Name = uint32(f.names.Len())
		f.names.WriteString(name + "\x00")
	}
	f.sections = append(f.sections, s)
	f.contents = append(f.contents, content)
	return uint16(len(f.sections) - 1)
}

func (f *elfFile) symbol(name string, info, other byte, section uint16, value, size uint64) {
	var s [24]byte
	le.PutUint32(s[0:], uint32(f.strings.Len()))
	s[4], s[5] = info, other
	le.PutUint16(s[6:], section)
	le.PutUint64(s[8:], value)
	le.PutUint64(s[16:], size)
	f.symbols.Write(s[:])
	f.strings.WriteString(name + "\x00")
}

// bytes lays the file out; the symbols go into a dynamic table for a shared
// object, into a plain one for a relocatable.
func (f *elfFile) bytes() []byte {
	table, stringTable, kind, flags := ".symtab", ".strtab", elf.SHT_SYMTAB, elf.SectionFlag(0)
	if f.kind == elf.ET_DYN {
		table, stringTable, kind, flags = ".dynsym", ".dynstr", elf.SHT_DYNSYM, elf.SHF_ALLOC
	}
	link := uint32(len(f.sections) + 1)
	f.section(table, elf.Section64{Type: uint32(kind), Flags: uint64(flags), Link: link, Info: 1, Addralign: 8, Entsize: 24}, f.symbols.Bytes())
	f.section(stringTable, elf.Section64{Type: uint32(elf.SHT_STRTAB), Flags: uint64(flags), Addralign: 1}, f.strings.Bytes())
	if f.kind == elf.ET_DYN { // the Go linker looks for it
		f.section(".rela.dyn", elf.Section64{Type: uint32(elf.SHT_RELA), Flags: uint64(flags), Link: link - 1, Addralign: 8, Entsize: 24}, nil)
	}
	last := f.section(".shstrtab", elf.Section64{Type: uint32(elf.SHT_STRTAB), Addralign: 1}, nil)
	f.contents[last] = f.names.Bytes()

	var out bytes.Buffer
	out.Write(make([]byte, 64))
	align := func() {
		for out.Len()%8 != 0 {
			out.WriteByte(0)
		}
	}
	for i := range f.sections {
		if i == 0 {
			continue
		}
		align()
		f.sections[i].Off, f.sections[i].Size = uint64(out.Len()), uint64(len(f.contents[i]))
		out.Write(f.contents[i])
	}
	align()
	header := elf.Header64{Type: uint16(f.kind), Machine: uint16(f.machine), Version: 1, Shoff: uint64(out.Len()), Ehsize: 64, Shentsize: 64, Shnum: uint16(len(f.sections)), Shstrndx: last}
	copy(header.Ident[:], "\x7fELF\x02\x01\x01")
	// Writes to a bytes.Buffer of fixed-size values cannot fail.
	_ = binary.Write(&out, le, f.sections)
	var head bytes.Buffer
	_ = binary.Write(&head, le, header)
	file := out.Bytes()
	copy(file, head.Bytes())
	return file
}
