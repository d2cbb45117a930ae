package runtimedata

import (
	"crypto/sha256"
	"debug/elf"
	"encoding/base64"
	"fmt"
	"strings"

	"locuslab/kernel/worker/loader/memory"
)

// An Executable is the program that the loader runs in: what it was linked with, by
// name. Its linker was told to name every symbol (see kernel/build/LINKING.md).
type Executable struct {
	Names     map[string]uintptr
	Assembly  map[uintptr]bool // entries of functions in assembly
	Text      uintptr          // where code begins
	etext     uintptr          // and ends
	End       uintptr          // of all that is in memory
	TLSOffset int64            // of g, counted from the end of the thread's variables, as amd64 does
	TLSValue  uint64           // of g, counted from their beginning, as arm64 does

	locals map[string][]uintptr // symbols that only one object could refer to; read when one is needed
}

// sectionBounds are the local symbols that tell where parts begin and end.
var sectionBounds = map[string]bool{
	"runtime.text": true, "runtime.etext": true, "runtime.types": true, "runtime.etypes": true, "runtime.rodata": true,
	"runtime.data": true, "runtime.ebss": true, "runtime.end": true, "runtime.epclntab": true,
}

// ReadExecutable reads the symbol table of the program that runs.
func ReadExecutable() (*Executable, error) {
	f, list, err := openSymbols()
	if err != nil {
		return nil, err
	}
	defer f.Close()
	e := &Executable{Names: make(map[string]uintptr, len(list)), Assembly: map[uintptr]bool{}, TLSOffset: -8}
	for _, s := range list {
		switch {
		case s.Section == elf.SHN_UNDEF || s.Name == "" || strings.HasPrefix(s.Name, "local."):
		case elf.ST_TYPE(s.Info) == elf.STT_TLS:
			if s.Name == "runtime.tlsg" {
				e.TLSOffset, e.TLSValue = tlsOffset(f, s.Value), s.Value
			}
		case elf.ST_BIND(s.Info) == elf.STB_LOCAL && !sectionBounds[s.Name]:
		default:
			e.Names[s.Name] = uintptr(s.Value)
		}
	}
	e.Text, e.etext, e.End = e.Names["runtime.text"], e.Names["runtime.etext"], e.Names["runtime.end"]
	if e.Text == 0 || e.etext == 0 || e.End == 0 {
		return nil, fmt.Errorf("its symbol table does not say where its code lies: it was stripped, or not linked by the Go linker")
	}
	return e, nil
}

// openSymbols reads the executable's symbol table.
func openSymbols() (*elf.File, []elf.Symbol, error) {
	f, err := elf.Open("/proc/self/exe")
	if err != nil {
		return nil, nil, err
	}
	list, err := f.Symbols()
	if err != nil {
		f.Close()
	}
	return f, list, err
}

// AddC makes names of C code known, some of which shared libraries define. Their addresses
// stand in a table of the program's, from its second entry on.
func (e *Executable) AddC(tableName string, names []string) error {
	if len(names) == 0 {
		return nil
	}
	table := e.Names[tableName]
	if table == 0 {
		return fmt.Errorf("it has no table %s of addresses of C code", tableName)
	}
	for i, name := range names {
		e.Names[name] = *memory.At[uintptr](table + uintptr(i+1)*PointerSize)
	}
	return nil
}

// tlsOffset is where a thread-local variable lies, counted from the end of the
// executable's.
func tlsOffset(f *elf.File, value uint64) int64 {
	for _, p := range f.Progs {
		if p.Type == elf.PT_TLS {
			size, align := p.Memsz, max(p.Align, 1)
			return int64(value) - int64((size+align-1)/align*align)
		}
	}
	return -8
}

// Local is the address of a variable that only one object of the executable could
// refer to.
func (e *Executable) Local(name string) (uintptr, error) {
	if e.locals == nil {
		e.locals = map[string][]uintptr{}
		f, list, err := openSymbols()
		if err != nil {
			return 0, err
		}
		defer f.Close()
		for _, s := range list {
			if elf.ST_BIND(s.Info) == elf.STB_LOCAL && elf.ST_TYPE(s.Info) == elf.STT_OBJECT {
				e.locals[s.Name] = append(e.locals[s.Name], uintptr(s.Value))
			}
		}
	}
	switch found := e.locals[name]; len(found) {
	case 0:
		return 0, nil
	case 1:
		return found[0], nil
	}
	return 0, fmt.Errorf("the worker has several variables %s, each private to an assembly file, and it cannot be told which is meant", name)
}

// Size is the size of a variable of the executable.
func (e *Executable) Size(name string) (uintptr, error) {
	f, list, err := openSymbols()
	if err != nil {
		return 0, err
	}
	defer f.Close()
	for _, s := range list {
		if s.Name == name {
			return uintptr(s.Size), nil
		}
	}
	return 0, nil
}

// FindAssembly notes which functions are assembly, from the runtime's function table.
func (e *Executable) FindAssembly(m module) {
	for _, f := range m.ftab[:len(m.ftab)-1] {
		if m.pclntable[f.FuncOffset+funcFlagsAt]&funcFlagAssembly != 0 {
			e.Assembly[m.Text+uintptr(f.EntryOffset)] = true
		}
	}
}

// IsText reports whether an address is the executable's code.
func (e *Executable) IsText(a uintptr) bool { return a >= e.Text && a < e.etext }

// Mangle is how an executable that can load plugins spells the name of a symbol: long
// names of types are hashes.
func Mangle(name string) string {
	isType := strings.HasPrefix(name, "type:")
	hasAt := strings.Contains(name, "@")
	if !isType && !hasAt || strings.HasPrefix(name, "type:runtime.") || len(name) <= 14 && !hasAt {
		return name
	}
	switch {
	case strings.HasPrefix(name, "type:."):
		return "type:." + nameHash(name[5:])
	case isType:
		return "type:" + nameHash(name[5:])
	}
	open, end := strings.IndexByte(name, '['), strings.LastIndexByte(name, ']')
	if end <= open {
		end = len(name)
	}
	return name[:open+1] + nameHash(name[open+1:end]) + name[end:]
}

// nameHash is the linker's: SHA-256 with one byte inverted.
func nameHash(s string) string {
	h := sha256.Sum256([]byte(s))
	h[0] ^= 0xff
	return base64.StdEncoding.EncodeToString(h[:6])
}
