package loader

import (
	"encoding/binary"
	"strings"
	"unicode"
	"unicode/utf8"

	"locuslab/kernel/build/goobj"
)

// A renamer makes what is printed say what the user wrote: a name that was declared
// again bears a number in what the compiler sees. Only what is printed changes; types
// are told apart by their descriptors, and symbols by their own names.
type renamer struct{ names map[string]string }

// function is the name of a function as stacks and profiles show it. The type
// arguments of an instance are left out, as the linker does.
func (r *renamer) function(symbol string) string {
	if open, end := strings.IndexByte(symbol, '['), strings.LastIndexByte(symbol, ']'); open >= 0 && end > open {
		symbol = symbol[:open+1] + "..." + symbol[end:]
	}
	if !strings.Contains(symbol, cellPrefix) {
		return symbol
	}
	return r.all(symbol)
}

// all replaces each identifier that has another name.
func (r *renamer) all(text string) string {
	if len(r.names) == 0 {
		return text
	}
	var b strings.Builder
	for len(text) > 0 {
		n := identifier(text)
		if n == 0 {
			_, n = utf8.DecodeRuneInString(text)
			b.WriteString(text[:n])
		} else if name, ok := r.names[text[:n]]; ok {
			b.WriteString(name)
		} else {
			b.WriteString(text[:n])
		}
		text = text[n:]
	}
	return b.String()
}

// identifier is the length of the identifier that a text begins with.
func identifier(text string) int {
	for i, c := range text {
		if c != '_' && !unicode.IsLetter(c) && (i == 0 || !unicode.IsDigit(c)) {
			return i
		}
	}
	return len(text)
}

// namedata is how the names of symbols begin that hold a type's, field's or method's
// name as reflect reads it.
const namedata = "type:.namedata."

// Bits of the first byte of such a name.
const (
	nameHasTag     = 1 << 1
	nameHasPkgPath = 1 << 2
)

// typeName changes such a name: a byte of flags, the length as a varint, the text, and a
// tag in the same form. A shorter text leaves bytes behind that nothing refers to.
func (r *renamer) typeName(s *symbol) {
	data := bytesAt(s.addr, s.Size(s.index))
	if len(r.names) == 0 || len(data) < 2 || data[0]&nameHasPkgPath != 0 || s.kind != goobj.ROData {
		return
	}
	size, n := binary.Uvarint(data[1:])
	if n <= 0 || size > uint64(len(data)-1-n) {
		return
	}
	old, tag := string(data[1+n:][:size]), []byte(nil)
	if data[0]&nameHasTag != 0 {
		tag = append(tag, data[1+n+int(size):]...)
	}
	text := r.all(old)
	if text == old || len(text) > len(old) {
		return
	}
	written := append(binary.AppendUvarint([]byte{data[0]}, uint64(len(text))), text...)
	clear(data[copy(data, append(written, tag...)):])
}
