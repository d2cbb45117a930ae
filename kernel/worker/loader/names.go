package loader

import (
	"encoding/binary"
	"strings"
	"unicode"
	"unicode/utf8"
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
	return r.replace(symbol, func(string) bool { return true })
}

// replace replaces the identifiers that have another name, if what stands before them
// is right.
func (r *renamer) replace(text string, right func(before string) bool) string {
	if len(r.names) == 0 {
		return text
	}
	var b strings.Builder
	for rest := text; len(rest) > 0; {
		n := identifier(rest)
		name, ok := r.names[rest[:n]]
		switch {
		case n == 0:
			_, n = utf8.DecodeRuneInString(rest)
			name = rest[:n]
		case !ok || !right(text[:len(text)-len(rest)]):
			name = rest[:n]
		}
		b.WriteString(name)
		rest = rest[n:]
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

// namedata is how the names of symbols begin that hold a name as reflect reads it: of a
// type, in the form main.T, or of a field or method.
const namedata = "type:.namedata."

// Bits of the first byte of such a name.
const (
	nameHasTag     = 1 << 1
	nameHasPkgPath = 1 << 2
	nameIsEmbedded = 1 << 3
)

// nameData is what such a symbol of a cell is to hold; nil if it stays as it is. Renamed are
// types, and fields that bear the name of an embedded type. A field or method that is
// called like a version of something is called so by the user.
//
// The data are a byte of flags, the length as a varint, the text, and a tag in the same
// form. A shorter text leaves bytes behind that nothing refers to.
func (r *renamer) nameData(o *object, i uint32) []byte {
	if len(r.names) == 0 || !o.isCell() || !strings.HasPrefix(o.Name(i).Text, namedata) {
		return nil
	}
	data := o.Data(i)
	if len(data) < 2 || data[0]&nameHasPkgPath != 0 {
		return nil
	}
	size, n := binary.Uvarint(data[1:])
	if n <= 0 || size > uint64(len(data)-1-n) {
		return nil
	}
	old, tag := string(data[1+n:][:size]), []byte(nil)
	if data[0]&nameHasTag != 0 {
		tag = data[1+n+int(size):]
	}
	embedded := data[0]&nameIsEmbedded != 0
	text := r.replace(old, func(before string) bool {
		return strings.HasSuffix(before, cellPrefix) || embedded && before == ""
	})
	if text == old || len(text) > len(old) {
		return nil
	}
	written := make([]byte, 0, len(data))
	written = append(binary.AppendUvarint(append(written, data[0]), uint64(len(text))), text...)
	return append(written, tag...)[:len(data)]
}
