package build

import (
	"debug/elf"
	"regexp"
	"strings"
)

// Stacks, profiles and runtime.FuncForPC name a function by the runtime's table of
// functions. Like type names, what it says is changed to what the user wrote:
// main.(*Pt).Norm for notebook.(*Pt_7).Norm.

// functionNamer turns the name of a function's symbol into the user's. A closure's
// names each function that it stands in.
func functionNamer(rename map[string]string) func(string) string {
	return func(name string) string {
		if !ownPackage.MatchString(name) {
			return name
		}
		return identifier.ReplaceAllStringFunc(ownPackage.ReplaceAllString(name, "main."), func(ident string) string {
			if plain, ok := rename[ident]; ok {
				return plain
			}
			return ident
		})
	}
}

var (
	ownPackage = regexp.MustCompile(`\b` + packagePath + `\.`)
	identifier = regexp.MustCompile(`[\pL_][\pL\pN_]*`)
)

// The head of the runtime's table, as runtime.pcHeader has it since go1.20.
const (
	functionTableMagic = 0xfffffff1
	functionNamesAt    = 32 // the offset of the names
	unitsAt            = 40 // the offset of what follows them
)

// patchFunctionNames changes the names in the table. A shorter name leaves bytes
// behind it that nothing refers to; one that would be longer stays. A table of
// another layout is left alone: names read notebook.f there.
func patchFunctionNames(b []byte, f *elf.File, name func(string) string) {
	for _, s := range f.Sections {
		if !strings.HasSuffix(s.Name, ".gopclntab") || s.Type == elf.SHT_NOBITS || s.Size < unitsAt+8 {
			continue
		}
		table := b[s.Offset:][:s.Size]
		from, to := le.Uint64(table[functionNamesAt:]), le.Uint64(table[unitsAt:])
		if le.Uint32(table) != functionTableMagic || from > to || to > s.Size {
			continue
		}
		for names := table[from:to]; len(names) > 0; {
			old, _, _ := strings.Cut(string(names), "\x00")
			if now := name(old); len(now) < len(old) {
				clear(names[copy(names, now):len(old)])
			}
			names = names[min(len(old)+1, len(names)):]
		}
	}
}
