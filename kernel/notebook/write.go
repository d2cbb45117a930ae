package notebook

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/google/renameio/v2"
)

// Write writes the notebook to a file. The file is replaced in one step, so that
// an interrupted run leaves the old notebook or the new one, and nothing between.
func (nb *Notebook) Write(path string) error {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real // replace what a link points to, not the link
	}
	err := renameio.WriteFile(path, nb.Bytes(), 0o644, renameio.WithTempDir(filepath.Dir(path)), renameio.WithExistingPermissions())
	if err != nil {
		return fmt.Errorf("cannot save notebook %s: %w", path, err)
	}
	return nil
}

// Bytes returns the notebook as Jupyter writes it: keys sorted, one space of
// indentation, text as UTF-8 without escapes, a newline at the end.
func (nb *Notebook) Bytes() []byte {
	return append(appendJSON(nil, nb.doc, 0), '\n')
}

// appendJSON encodes what json.Decoder decodes. The encoder of encoding/json
// would escape U+2028 and U+2029, which Jupyter does not.
func appendJSON(b []byte, v any, depth int) []byte {
	switch v := v.(type) {
	case nil:
		return append(b, "null"...)
	case bool:
		return fmt.Append(b, v)
	case json.Number:
		return append(b, v...)
	case string:
		return appendString(b, v)
	case []any:
		if len(v) == 0 {
			return append(b, "[]"...)
		}
		b = append(b, '[')
		for i, e := range v {
			b = appendJSON(newline(b, i, depth+1), e, depth+1)
		}
		return append(newline(b, 0, depth), ']')
	case map[string]any:
		if len(v) == 0 {
			return append(b, "{}"...)
		}
		keys := make([]string, 0, len(v))
		for k := range v {
			keys = append(keys, k)
		}
		slices.Sort(keys)
		b = append(b, '{')
		for i, k := range keys {
			b = append(appendString(newline(b, i, depth+1), k), ": "...)
			b = appendJSON(b, v[k], depth+1)
		}
		return append(newline(b, 0, depth), '}')
	}
	// A value that a display carried, not one that was read.
	plain, err := plainJSON(v)
	if err != nil {
		return appendString(b, fmt.Sprintf("%T cannot be saved as JSON: %v", v, err))
	}
	return appendJSON(b, plain, depth)
}

// newline starts an element on a line of its own, after a comma unless it is
// the first.
func newline(b []byte, i, depth int) []byte {
	if i > 0 {
		b = append(b, ',')
	}
	b = append(b, '\n')
	for range depth {
		b = append(b, ' ')
	}
	return b
}

func appendString(b []byte, s string) []byte {
	const short = "\b\f\n\r\t\"\\"
	b = append(b, '"')
	for _, r := range s { // invalid UTF-8 becomes U+FFFD
		switch i := strings.IndexRune(short, r); {
		case i >= 0:
			b = append(b, '\\', "bfnrt\"\\"[i])
		case r < ' ':
			b = fmt.Appendf(b, `\u%04x`, r)
		default:
			b = utf8.AppendRune(b, r)
		}
	}
	return append(b, '"')
}

// plainJSON turns any value into what json.Decoder makes of its encoding.
func plainJSON(v any) (any, error) {
	data, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	dec := json.NewDecoder(strings.NewReader(string(data)))
	dec.UseNumber()
	var plain any
	err = dec.Decode(&plain)
	return plain, err
}
