package build

import (
	"bytes"
	"debug/elf"
	"fmt"
)

// symbolTable is what a cell can be linked against: the dynamic symbols of the
// worker and of the objects that it has loaded. The first definition counts, as
// for the dynamic linker.
type symbolTable struct {
	symbols map[string]symbol
}

type symbol struct {
	kind        elf.SymType
	value, size uint64
	image       *elfImage
}

// elfImage is the initialised data of an ELF file, for reading type descriptors.
type elfImage struct {
	sections []elfSection
}

type elfSection struct {
	addr uint64
	data []byte
}

func readSymbols(exe string) (*symbolTable, error) {
	t := &symbolTable{symbols: map[string]symbol{}}
	return t, t.add(exe)
}

// add adds what an executable or a unit's shared object defines.
func (t *symbolTable) add(file string) error {
	f, err := elf.Open(file)
	if err != nil {
		return fmt.Errorf("read the symbols of %s: %w", file, err)
	}
	defer f.Close()
	names, table := f.Section(".dynstr"), f.Section(".dynsym")
	if names == nil || table == nil {
		return fmt.Errorf("read the symbols of %s: it has no dynamic symbols", file)
	}
	strtab, err := names.Data()
	if err != nil {
		return fmt.Errorf("read the symbols of %s: %w", file, err)
	}
	symtab, err := table.Data()
	if err != nil {
		return fmt.Errorf("read the symbols of %s: %w", file, err)
	}
	image, err := readImage(f, f.Type == elf.ET_DYN)
	if err != nil {
		return fmt.Errorf("read the data of %s: %w", file, err)
	}
	all := string(strtab) // names below are parts of this one string
	if len(t.symbols) == 0 {
		t.symbols = make(map[string]symbol, len(symtab)/24)
	}
	for ; len(symtab) >= 24; symtab = symtab[24:] {
		at := le.Uint32(symtab)
		end := bytes.IndexByte(strtab[at:], 0)
		if le.Uint16(symtab[6:]) == 0 || end <= 0 { // undefined
			continue
		}
		name := all[at : int(at)+end]
		if _, ok := t.symbols[name]; !ok {
			t.symbols[name] = symbol{kind: elf.SymType(symtab[4] & 0xf), value: le.Uint64(symtab[8:]), size: le.Uint64(symtab[16:]), image: image}
		}
	}
	return nil
}

func readImage(f *elf.File, relocated bool) (*elfImage, error) {
	image := &elfImage{}
	for _, s := range f.Sections {
		if s.Type == elf.SHT_PROGBITS && s.Flags&elf.SHF_ALLOC != 0 && s.Flags&elf.SHF_EXECINSTR == 0 {
			data, err := s.Data()
			if err != nil {
				return nil, err
			}
			image.sections = append(image.sections, elfSection{s.Addr, data})
		}
	}
	if relocated {
		if s := f.Section(".rela.dyn"); s != nil {
			data, err := s.Data()
			if err != nil {
				return nil, err
			}
			for ; len(data) >= 24; data = data[24:] {
				switch kind := le.Uint32(data[8:]); {
				case f.Machine == elf.EM_X86_64 && kind == uint32(elf.R_X86_64_RELATIVE),
					f.Machine == elf.EM_AARCH64 && kind == uint32(elf.R_AARCH64_RELATIVE):
					if word := image.read(le.Uint64(data), 8); word != nil {
						le.PutUint64(word, le.Uint64(data[16:]))
					}
				}
			}
		}
	}
	return image, nil
}

// read returns n bytes at an address of the file, nil when it has none there.
func (i *elfImage) read(addr, n uint64) []byte {
	for _, s := range i.sections {
		if addr >= s.addr && addr+n <= s.addr+uint64(len(s.data)) {
			return s.data[addr-s.addr:][:n]
		}
	}
	return nil
}
