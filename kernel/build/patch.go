package build

import (
	"bytes"
	"fmt"
	"os"
	"strings"

	"debug/elf"
)

// patchObject changes the object that the Go linker made, before ld sees it:
//   - symbols that are to stay the unit's own become hidden;
//   - undefined functions lose the suffix of the compiler's calling convention,
//     which only names in shared libraries have;
//   - the plugin's path, which the linker takes for the package's name, too,
//     becomes one of the unit's own;
//   - calls of functions that earlier units define go through the PLT: the linker
//     took them for functions of the same object (amd64 only);
//   - functions get the names that the user gave them.
//
// It returns the names that the object does not define, as the linker wrote them.
func patchObject(file, pluginPath string, hide func(string) bool, name func(string) string) (undefined []string, err error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	f, err := elf.NewFile(bytes.NewReader(b))
	if err != nil {
		return nil, fmt.Errorf("read the linker's object: %w", err)
	}
	for i, s := range f.Sections {
		if s.Type == elf.SHT_SYMTAB {
			if undefined, err = patchSymbols(b, f, s, pluginPath, hide); err != nil {
				return nil, err
			}
		}
		if s.Type == elf.SHT_RELA && f.Machine == elf.EM_X86_64 {
			patchCalls(b, f, f.Sections[i])
		}
	}
	patchFunctionNames(b, f, name)
	return undefined, os.WriteFile(file, b, 0o644)
}

func patchSymbols(b []byte, f *elf.File, s *elf.Section, pluginPath string, hide func(string) bool) (undefined []string, err error) {
	strtab := b[f.Sections[s.Link].Offset:][:f.Sections[s.Link].Size]
	for p := s.Offset; p+24 <= s.Offset+s.Size; p += 24 {
		sym := b[p:][:24]
		at := int(le.Uint32(sym))
		nameBytes := strtab[at:]
		end := bytes.IndexByte(nameBytes, 0)
		name := string(nameBytes[:end])
		section := le.Uint16(sym[6:])
		if section == 0 {
			undefined = append(undefined, name)
			if plain, ok := strings.CutSuffix(name, ".abiinternal"); ok {
				strtab[at+len(plain)] = 0
			}
			continue
		}
		if name == "go:link.thispluginpath" {
			size := int(le.Uint64(sym[16:]))
			if len(pluginPath) > size {
				return nil, fmt.Errorf("the plugin path %q is longer than the place of %d bytes for it", pluginPath, size)
			}
			place := b[f.Sections[section].Offset+le.Uint64(sym[8:]):][:size]
			copy(place, pluginPath+strings.Repeat(".", size))
		}
		if elf.ST_BIND(sym[4]) == elf.STB_GLOBAL && hide(name) {
			sym[5] = byte(elf.STV_HIDDEN)
		}
	}
	return undefined, nil
}

func patchCalls(b []byte, f *elf.File, s *elf.Section) {
	symtab := f.Sections[s.Link]
	strtab := b[f.Sections[symtab.Link].Offset:]
	for p := s.Offset; p+24 <= s.Offset+s.Size; p += 24 {
		info := le.Uint64(b[p+8:])
		if elf.R_X86_64(uint32(info)) != elf.R_X86_64_PC32 {
			continue
		}
		sym := b[symtab.Offset+24*(info>>32):]
		if le.Uint16(sym[6:]) == 0 && bytes.HasPrefix(strtab[le.Uint32(sym):], []byte(packagePath+".")) {
			le.PutUint64(b[p+8:], info&^0xffffffff|uint64(elf.R_X86_64_PLT32))
		}
	}
}
