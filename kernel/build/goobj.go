package build

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
)

var le = binary.LittleEndian

// The Go object file, as far as a stub needs it: which symbols an object defines
// and which it refers to by name. Layout: magic, fingerprint, flags, then the
// offsets of blocks; symbols are records of 21 bytes.
const (
	objectMagic   = "\x00go120ld"
	offsetsAt     = 8 + 8 + 4
	symbolSize    = 21
	blockSymdef   = 3
	blockNonpkgre = 7 // names referred to; the definitions' blocks lie before it
	blockRefFlags = 8
	blocks        = 19
)

// reference is a symbol that an object names. A function's name alone does not tell
// which: Go and assembly pass arguments in different ways, and one name may stand for
// two functions, one of which calls the other.
type reference struct {
	name string
	abi  uint16
}

const (
	abi0        = 0 // the assembler's calling convention; data has this number, too
	abiInternal = 1 // the compiler's
)

// objectSymbols lists what the Go objects in an archive define and refer to.
func objectSymbols(file string) (defined map[reference]bool, refs []reference, err error) {
	archive, err := os.ReadFile(file)
	if err != nil {
		return nil, nil, err
	}
	defer func() { // a length or offset outside of the file
		if recover() != nil {
			err = fmt.Errorf("read the Go object %s: it is not laid out as in go1.26", file)
		}
	}()
	defined = map[reference]bool{}
	rest, found := archive, false
	for {
		i := bytes.Index(rest, []byte(objectMagic))
		if i < 0 {
			break
		}
		found = true
		o := rest[i:]
		var at [blocks]uint32
		for k := range at {
			at[k] = le.Uint32(o[offsetsAt+4*k:])
		}
		name := func(p uint32) string { return string(o[le.Uint32(o[p+4:]):][:le.Uint32(o[p:])]) }
		for p := at[blockSymdef]; p < at[blockNonpkgre]; p += symbolSize {
			defined[reference{name(p), le.Uint16(o[p+8:])}] = true
		}
		for p := at[blockNonpkgre]; p < at[blockRefFlags]; p += symbolSize {
			refs = append(refs, reference{name(p), le.Uint16(o[p+8:])})
		}
		rest = o[len(objectMagic):]
	}
	if !found {
		return nil, nil, errors.New("no Go object in " + file)
	}
	return defined, refs, nil
}

// withObject is an archive in the format of ar with another object at its end.
func withObject(archive, object []byte) []byte {
	var b bytes.Buffer
	b.Write(archive)
	pad := func() {
		if b.Len()%2 == 1 {
			b.WriteByte(0)
		}
	}
	pad()
	fmt.Fprintf(&b, "%-16s%-12d%-6d%-6d%-8o%-10d`\n", "shim.o", 0, 0, 0, 0o644, len(object))
	b.Write(object)
	pad()
	return b.Bytes()
}
