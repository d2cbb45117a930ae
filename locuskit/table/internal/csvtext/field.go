package csvtext

import "bytes"

// Field finds the field that starts at i: where it ends (its separator), its
// text as it stands between quotes if it has any, and whether it is well formed.
func Field(text []byte, i int, comma byte) (end int, value []byte, ok bool) {
	ok = true
	start := i
	quoted := text[i] == '"'
	if quoted {
		closing := closingQuote(text, i)
		if closing < 0 {
			return len(text) - 1, text[i:], false
		}
		value = text[i+1 : closing]
		i = closing + 1
		ok = EndsField(text, i, comma)
	}
	for text[i] != comma && text[i] != '\n' {
		i++
	}
	if i > start && text[i] == '\n' && text[i-1] == '\r' {
		i--
	}
	if !quoted {
		value = text[start:i]
	}
	return i, value, ok
}

// EndsField reports whether a field ends at i.
func EndsField(text []byte, i int, comma byte) bool {
	return text[i] == comma || text[i] == '\n' || text[i] == '\r' && text[i+1] == '\n'
}

// Open reports whether the quoted field that starts at i does not close.
func Open(text []byte, i int) bool { return closingQuote(text, i) < 0 }

// closingQuote returns where the quoted field that opens at i closes, -1 for nowhere.
func closingQuote(text []byte, i int) int {
	for i++; ; i += 2 {
		q := bytes.IndexByte(text[i:], '"')
		if q < 0 {
			return -1
		}
		i += q
		if i+1 >= len(text) || text[i+1] != '"' {
			return i
		}
		if i+2 > len(text) {
			return -1
		}
	}
}

// Unquote makes each pair of quotes one.
func Unquote(v []byte) []byte {
	var out []byte
	from := 0
	for i := 0; i+1 < len(v); i++ {
		if v[i] == '"' && v[i+1] == '"' {
			out = append(out, v[from:i+1]...)
			i++
			from = i + 1
		}
	}
	if from == 0 {
		return v
	}
	return append(out, v[from:]...)
}
