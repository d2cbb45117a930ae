package goobj

import "encoding/binary"

// FuncInfo is what the compiler tells the linker of a function.
type FuncInfo struct {
	Args      uint32
	ID        uint8 // which function of the runtime it is; 0 for none
	Flags     uint8
	StartLine uint32
	Inlined   []InlinedCall
}

// An InlinedCall is a node of the tree of calls that were inlined into a function.
type InlinedCall struct {
	Func     Ref
	ParentPC uint32
}

const (
	funcInfoHead = 20 // up to the count of files, included
	inlinedSize  = 24 // parent, file, line, function (two words), parent's pc
)

// FuncInfo reads the function info of symbol i. ok is false where it has none, as
// code without Go's conventions.
func (o *Object) FuncInfo(i uint32) (f FuncInfo, ok bool, err error) {
	b := o.AuxData(i, AuxFuncInfo)
	if b == nil {
		return f, false, nil
	}
	if len(b) < funcInfoHead {
		return f, false, damaged("the function info of %s is too short", o.Name(i).Text)
	}
	f = FuncInfo{Args: binary.LittleEndian.Uint32(b), ID: b[8], Flags: b[9], StartLine: binary.LittleEndian.Uint32(b[12:])}
	files := uint64(binary.LittleEndian.Uint32(b[16:]))
	if b = b[funcInfoHead:]; uint64(len(b)) < files*4+4 {
		return f, false, damaged("the files of %s are not within its function info", o.Name(i).Text)
	}
	b = b[files*4:]
	calls := uint64(binary.LittleEndian.Uint32(b))
	if b = b[4:]; uint64(len(b)) < calls*inlinedSize {
		return f, false, damaged("the inlined calls of %s are not within its function info", o.Name(i).Text)
	}
	if calls > 0 {
		f.Inlined = make([]InlinedCall, calls)
	}
	for k := range f.Inlined {
		node := b[k*inlinedSize:]
		f.Inlined[k] = InlinedCall{Func: ref(node[12:]), ParentPC: binary.LittleEndian.Uint32(node[20:])}
	}
	return f, true, nil
}
