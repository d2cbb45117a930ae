package csvtext

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"unicode/utf8"
)

// ByteOrderMark may stand before a text, as spreadsheets write it.
var ByteOrderMark = []byte("\xef\xbb\xbf")

// Header is the names in the first line, and where the first row starts.
func Header(text []byte, comma byte) ([]string, int, error) {
	start := 0
	if bytes.HasPrefix(text, []byte("\xff\xfe")) || bytes.HasPrefix(text, []byte("\xfe\xff")) {
		return nil, 0, errors.New("the file is UTF-16: save it as UTF-8, for example with iconv -f UTF-16 -t UTF-8")
	}
	if bytes.HasPrefix(text, ByteOrderMark) {
		start = len(ByteOrderMark)
	}
	var names []string
	for i := start; ; {
		end, value, ok := Field(text, i, comma)
		if !ok {
			return nil, 0, errors.New("header: a quote is not closed, or text follows the closing quote of a name")
		}
		if text[i] == '"' {
			value = Unquote(value)
		} else if bytes.IndexByte(value, '\r') >= 0 {
			return nil, 0, errors.New("lines end in a carriage return alone: end them in \\n or \\r\\n, for example with tr '\\r' '\\n'")
		}
		name := string(value)
		if !utf8.ValidString(name) {
			return nil, 0, fmt.Errorf("header: the name %q %w", name, ErrNotUTF8)
		}
		if slices.Contains(names, name) {
			return nil, 0, fmt.Errorf("header: two columns are named %q: rename one in the file", name)
		}
		names = append(names, name)
		if text[end] == '\r' && end+1 < len(text) {
			end++
		}
		if text[end] == '\n' {
			return names, end + 1, nil
		}
		i = end + 1
	}
}
