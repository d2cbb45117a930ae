package locuskit

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"unicode/utf8"
)

// byteOrderMark may stand before a text, as spreadsheets write it.
var byteOrderMark = []byte("\xef\xbb\xbf")

// csvHeader is the names in the first line, and where the first row starts.
func csvHeader(text []byte, comma byte) ([]string, int, error) {
	start := 0
	if bytes.HasPrefix(text, []byte("\xff\xfe")) || bytes.HasPrefix(text, []byte("\xfe\xff")) {
		return nil, 0, errors.New("the file is UTF-16: save it as UTF-8, for example with iconv -f UTF-16 -t UTF-8")
	}
	if bytes.HasPrefix(text, byteOrderMark) {
		start = len(byteOrderMark)
	}
	var names []string
	for i := start; ; {
		end, value, ok := csvField(text, i, comma)
		if !ok {
			return nil, 0, errors.New("header: a quote is not closed, or text follows the closing quote of a name")
		}
		if text[i] == '"' {
			value = unquote(value)
		} else if bytes.IndexByte(value, '\r') >= 0 {
			return nil, 0, errors.New("lines end in a carriage return alone: end them in \\n or \\r\\n, for example with tr '\\r' '\\n'")
		}
		name := string(value)
		if !utf8.ValidString(name) {
			return nil, 0, fmt.Errorf("header: the name %q %w", name, errNotUTF8)
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

// inferKinds finds the narrowest kinds that hold every value of a block.
func inferKinds(text []byte, header []string, comma byte, given, wider map[string]Kind) []Kind {
	kinds := make([]Kind, len(header))
	column := 0
	for i := 0; i < len(text); {
		end, value, _ := csvField(text, i, comma)
		if column < len(kinds) && len(value) > 0 {
			kinds[column] = narrowest(kinds[column], value)
		}
		column++
		if text[end] == '\r' && end+1 < len(text) && text[end+1] == '\n' {
			end++
		}
		if text[end] == '\n' {
			column = 0
		}
		i = end + 1
	}
	for i, name := range header {
		if kinds[i] == 0 {
			kinds[i] = String
		}
		if k, ok := wider[name]; ok {
			kinds[i] = k
		}
		if k, ok := given[name]; ok {
			kinds[i] = k
		}
	}
	return kinds
}

// narrowest is the narrowest kind of a value and of those before it, which k (0:
// none) holds.
func narrowest(k Kind, value []byte) Kind {
	if k == String {
		return k
	}
	if k == 0 || k == Int {
		if _, ok := parseInt(value); ok {
			return Int
		}
	}
	if k == 0 || k == Int || k == Float {
		if _, ok := parseFloat(value); ok {
			return Float
		}
	}
	if k == 0 || k == Bool {
		if _, ok := parseBool(value); ok {
			return Bool
		}
	}
	return String
}
