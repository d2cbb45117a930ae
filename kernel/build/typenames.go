package build

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"regexp"
	"strings"
)

// nameRewriter makes type names read as the user wrote them: cells are compiled
// as package notebook, which shows in arguments of generic types and in import
// paths, and a new version of a type has an identifier of its own.
//
// Only what is printed changes. The runtime tells types apart by descriptors,
// and across modules by a hash of the name before this change.
func nameRewriter(rename map[string]string) func(string) string {
	pattern := `\b` + packagePath + `\.`
	if len(rename) > 0 {
		var versions []string
		for v := range rename {
			versions = append(versions, regexp.QuoteMeta(v))
		}
		pattern = `\b(` + packagePath + `|main)\.(` + strings.Join(versions, "|") + `)\b|` + pattern
	}
	re := regexp.MustCompile(pattern)
	return func(name string) string {
		if plain, ok := rename[name]; ok {
			return plain // an embedded field
		}
		return re.ReplaceAllStringFunc(name, func(found string) string {
			_, ident, _ := strings.Cut(found, ".")
			if plain, ok := rename[ident]; ok {
				ident = plain
			}
			return "main." + ident
		})
	}
}

const (
	typeNamePrefix   = "type:.namedata."
	importPathSymbol = "type:.importpath." + packagePath + "."

	blockDataIdx = 13
	blockData    = 16

	nameHasTag     = 1 << 1 // bits of a name's first byte, as internal/abi has them
	nameHasPkgPath = 1 << 2
)

// rewriteTypeNames changes the names in a compiled archive. The data of a name
// are a byte of flags, the length as a varint and the text, and a tag in the same
// form; what a shorter text leaves behind is read by nothing.
func rewriteTypeNames(file string, rewrite func(string) string) (err error) {
	archive, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	defer func() { // a length or offset outside of the file
		if recover() != nil {
			err = fmt.Errorf("read the Go object %s: it is not laid out as in go1.26", file)
		}
	}()
	changed := dropExportTable(archive)
	rest := archive
	for {
		i := bytes.Index(rest, []byte(objectMagic))
		if i < 0 {
			break
		}
		o := rest[i:]
		block := func(n int) uint32 { return le.Uint32(o[offsetsAt+4*n:]) }
		symbol := 0
		for p := block(blockSymdef); p < block(blockNonpkgre); p += symbolSize {
			name := o[le.Uint32(o[p+4:]):][:le.Uint32(o[p:])]
			if bytes.HasPrefix(name, []byte(typeNamePrefix)) || string(name) == importPathSymbol {
				at := block(blockDataIdx) + uint32(4*symbol)
				data := o[block(blockData):][le.Uint32(o[at:]):le.Uint32(o[at+4:])]
				changed = rewriteName(data, rewrite) || changed
			}
			symbol++
		}
		rest = o[len(objectMagic):]
	}
	if !changed {
		return nil
	}
	return os.WriteFile(file, archive, 0o644)
}

// dropExportTable renames the table by which package plugin finds the exported
// names of a plugin, so that the linker has none to make: a cell is loaded without
// it, and an entry whose type the worker has cannot be linked by a stub. What is
// exported stays in the object, by another table.
func dropExportTable(archive []byte) (changed bool) {
	const table, unused = "go:plugin.tabs", "go:plugin.none"
	for rest := archive; ; {
		i := bytes.Index(rest, []byte(objectMagic))
		if i < 0 {
			return changed
		}
		rest = rest[i+len(objectMagic):]
		if at := bytes.Index(rest, []byte(table)); at >= 0 { // the names come first in an object
			copy(rest[at:], unused)
			changed = true
		}
	}
}

func rewriteName(data []byte, rewrite func(string) string) bool {
	if len(data) < 2 || data[0]&nameHasPkgPath != 0 {
		return false
	}
	size, n := binary.Uvarint(data[1:])
	old, tag := string(data[1+n:][:size]), []byte(nil)
	if data[0]&nameHasTag != 0 {
		tag = data[1+n+int(size):] // its length and text
	}
	text := rewrite(old)
	if old == packagePath {
		text = "main" // an import path
	}
	if text == old {
		return false
	}
	written := append(binary.AppendUvarint([]byte{data[0]}, uint64(len(text))), text...)
	written = append(written, tag...)
	if len(written) > len(data) {
		return false
	}
	clear(data[copy(data, written):])
	return true
}
