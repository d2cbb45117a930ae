package loader

import (
	"encoding/binary"
	"path/filepath"
	"strings"

	"locuslab/kernel/build/goobj"
	"locuslab/kernel/worker/loader/memory"
	"locuslab/kernel/worker/loader/runtimedata"
)

// functions are the entries of a load's code in the runtime's function table. By it
// the runtime finds, for a program counter: the function's name, file and line, how
// large its frame is, which words of it are pointers, and which calls were inlined. Their
// records are written ahead of register, since nothing refers to them until then.
type functions struct {
	entries []runtimedata.FuncTab
	end     uintptr
	values  map[string]uint32 // of this load's tables, by content
}

// Places in a function's tables that the linker fills in.
const (
	pcdataInlined   = 2
	funcdataInlined = 3
	noFuncdata      = ^uint32(0)
)

// describeFunctions makes the records.
func (ld *load) describeFunctions() error {
	t := &ld.sections.text
	if len(t.symbols) == 0 {
		return nil
	}
	ld.funcs.values = map[string]uint32{"": 0}
	for _, s := range t.symbols {
		record, err := ld.functionRecord(s)
		if err != nil {
			return err
		}
		if err := ld.addFunction(s.addr, record); err != nil {
			return err
		}
	}
	tramp := &ld.sections.trampolines
	if code := memory.AlignUp(t.base+t.size, codeAlign); tramp.next > code {
		record, err := ld.bareRecord(tramp.next - code)
		if err != nil {
			return err
		}
		if err := ld.addFunction(code, record); err != nil {
			return err
		}
	}
	ld.funcs.end = tramp.end
	return nil
}

func (ld *load) addFunction(entry uintptr, record []byte) error {
	offset := uint32(entry - ld.module.Text)
	binary.LittleEndian.PutUint32(record, offset)
	at, err := ld.module.AddRecord(record)
	if err != nil {
		return err
	}
	ld.funcs.entries = append(ld.funcs.entries, runtimedata.FuncTab{EntryOffset: offset, FuncOffset: at})
	return nil
}

// bareRecord describes jumps: code without a frame.
func (ld *load) bareRecord(size uintptr) ([]byte, error) {
	// The size of the frame: from -1, where such tables begin, up by one, for all of the
	// code.
	table := append(binary.AppendUvarint([]byte{2}, uint64(size/instructionUnit)), 0)
	at, err := ld.values(table)
	record := make([]byte, runtimedata.FuncSize)
	binary.LittleEndian.PutUint32(record[runtimedata.FuncPCSPAt:], at)
	return record, err
}

// functionRecord is the runtime's _func of a function, but for where it begins, and the
// tables behind it.
func (ld *load) functionRecord(s *symbol) ([]byte, error) {
	o := s.object
	info, _, err := o.FuncInfo(s.index)
	if err != nil {
		return nil, err
	}
	name, err := ld.module.Name(ld.shown.function(s.Name(s.index).Text))
	if err != nil {
		return nil, err
	}
	files, err := ld.filesOf(o)
	if err != nil {
		return nil, err
	}
	var pcsp, pcfile, pcline, inlinedAt uint32
	var pcdata, funcdata []uint32
	for a := range o.Auxs(s.index) {
		switch a.Kind {
		case goobj.AuxPcsp:
			pcsp, err = ld.valuesOf(o, a.Target)
		case goobj.AuxPcfile:
			pcfile, err = ld.valuesOf(o, a.Target)
		case goobj.AuxPcline:
			pcline, err = ld.valuesOf(o, a.Target)
		case goobj.AuxPcinline:
			inlinedAt, err = ld.valuesOf(o, a.Target)
		case goobj.AuxPcdata:
			var at uint32
			at, err = ld.valuesOf(o, a.Target)
			pcdata = append(pcdata, at)
		case goobj.AuxFuncdata:
			var t *symbol
			t, err = ld.funcdata(o, a.Target)
			offset := noFuncdata
			if t != nil {
				offset = uint32(t.addr - *ld.module.GoFunc)
			}
			funcdata = append(funcdata, offset)
		}
		if err != nil {
			return nil, err
		}
	}
	if len(info.Inlined) > 0 {
		tree, err := ld.inlineTree(o, info.Inlined)
		if err != nil {
			return nil, err
		}
		pcdata = set(pcdata, pcdataInlined, inlinedAt, 0)
		funcdata = set(funcdata, funcdataInlined, uint32(tree-*ld.module.GoFunc), noFuncdata)
	}
	record := make([]byte, 0, runtimedata.FuncSize+4*(len(pcdata)+len(funcdata)))
	for _, v := range []uint32{0, name, info.Args, ld.deferReturn(s), pcsp, pcfile, pcline, uint32(len(pcdata)), files, info.StartLine} {
		record = binary.LittleEndian.AppendUint32(record, v)
	}
	record = append(record, info.ID, info.Flags, 0, byte(len(funcdata)))
	for _, v := range append(pcdata, funcdata...) {
		record = binary.LittleEndian.AppendUint32(record, v)
	}
	return record, nil
}

// set sets an element, behind as many others as it takes.
func set(list []uint32, i int, v, none uint32) []uint32 {
	for len(list) <= i {
		list = append(list, none)
	}
	list[i] = v
	return list
}

// values keeps a table by program counter once for the load.
func (ld *load) values(content []byte) (uint32, error) {
	if at, ok := ld.funcs.values[string(content)]; ok {
		return at, nil
	}
	at, err := ld.module.Values.Append(content...)
	if err != nil {
		return 0, err
	}
	ld.funcs.values[string(content)] = uint32(at)
	return uint32(at), nil
}

func (ld *load) valuesOf(o *object, r goobj.Ref) (uint32, error) {
	if class, _, i := o.Resolve(r); class == goobj.Own {
		return ld.values(o.Data(i))
	}
	return 0, nil
}

// filesOf is where the object's files begin in the module's list of them.
func (ld *load) filesOf(o *object) (uint32, error) {
	if o.files > 0 {
		return o.files - 1, nil
	}
	first := uint32(ld.module.Units.Used)
	for i := range o.Files() {
		at, err := ld.module.File(ld.fileName(o.File(i)))
		if err != nil {
			return 0, err
		}
		if _, err := ld.module.Units.Append(at); err != nil {
			return 0, err
		}
	}
	o.files = first + 1
	return first, nil
}

func (ld *load) fileName(name string) string {
	name = strings.TrimPrefix(name, "gofile..")
	if rest, ok := strings.CutPrefix(name, "$GOROOT/"); ok && ld.goroot != "" {
		return filepath.Join(ld.goroot, rest)
	}
	return name
}

// deferReturn is where a function goes on after a panic that it has recovered from.
func (ld *load) deferReturn(s *symbol) uint32 {
	for r := range s.Relocs(s.index) {
		if !isCall(r.Type) {
			continue
		}
		class, _, i := s.Resolve(r.Target)
		if class != goobj.Builtin {
			continue
		}
		if name, err := ld.builtin(i); err == nil && name.Text == "runtime.deferreturn" {
			return uint32(int(r.Offset) + deferReturnOffset)
		}
	}
	return 0
}

// inlineTree writes the calls that were inlined into a function.
func (ld *load) inlineTree(o *object, calls []goobj.InlinedCall) (uintptr, error) {
	var tree []byte
	for _, c := range calls {
		callee, info, err := ld.inlinedFunction(o, c.Func)
		if err != nil {
			return 0, err
		}
		name, err := ld.module.Name(ld.shown.function(callee))
		if err != nil {
			return 0, err
		}
		for _, v := range []uint32{uint32(info.ID), name, c.ParentPC, info.StartLine} {
			tree = binary.LittleEndian.AppendUint32(tree, v)
		}
	}
	at, err := ld.space.NoPtr.Take(uintptr(len(tree)), 8)
	if err != nil {
		return 0, err
	}
	copy(memory.BytesAt(at, uintptr(len(tree))), tree)
	return at, nil
}

// inlinedFunction is the name of a function that was inlined, and what its own object
// says of it. The function itself need not be in the process.
func (ld *load) inlinedFunction(o *object, r goobj.Ref) (string, goobj.FuncInfo, error) {
	class, number, i := o.Resolve(r)
	d := def{o, i}
	switch class {
	case goobj.Builtin:
		name, err := ld.builtin(i)
		return name.Text, goobj.FuncInfo{}, err
	case goobj.ByName:
		name := o.Name(i)
		owner, err := ld.packages.ownerOf(name.Text)
		if err != nil {
			return "", goobj.FuncInfo{}, err
		}
		ok := false
		if owner != nil {
			d, ok = owner.lookup(name)
		}
		if !ok {
			return name.Text, goobj.FuncInfo{}, nil
		}
	case goobj.Other:
		var ok bool
		var err error
		if d, ok, err = ld.packages.other(o, number, i); !ok {
			return o.Package(number) + ".?", goobj.FuncInfo{}, err
		}
		ld.used[d.pkg] = true
	case goobj.Nothing, goobj.Bad:
		return "?", goobj.FuncInfo{}, nil
	}
	info, _, err := d.FuncInfo(d.index)
	return d.Name(d.index).Text, info, err
}
