package csvtext

import (
	"bytes"
	"errors"
	"fmt"
	"unicode/utf8"
)

// ErrNoHeader is why a text without a line that has anything is refused.
var ErrNoHeader = errors.New("the file is empty: a header line with the names of the columns was expected")

// Header returns the names in the first line that is not blank, and where the first row starts.
func Header(text []byte, comma byte) (names []string, start int, err error) {
	i := 0
	for i < len(text) && (text[i] == '\n' || text[i] == '\r' && i+1 < len(text) && text[i+1] == '\n') {
		i++
	}
	if i == len(text) {
		return nil, 0, ErrNoHeader
	}
	for {
		end, value, ok := Field(text, i, comma)
		if !ok {
			return nil, 0, errors.New("header: a quote is not closed, or text follows the closing quote of a name")
		}
		if text[i] == '"' {
			value = Unquote(value)
		} else if bytes.IndexByte(value, '\r') >= 0 {
			return nil, 0, ErrBareCR
		}
		name := string(value)
		if !utf8.ValidString(name) {
			return nil, 0, fmt.Errorf("header: the name %q %w", name, ErrNotUTF8)
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
