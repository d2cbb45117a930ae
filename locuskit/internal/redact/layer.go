package redact

import (
	"html"
	"strconv"
	"strings"
)

// mostLayers bounds how often a text is taken to have been quoted: a page that quotes an answer that quotes an error.
// Nobody reads a text that is longer than mostLayered: in such one, quoting is seen through once.
const (
	mostLayers  = 6
	mostLayered = 1 << 20
)

// layer is a text that was quoted, with the quoting undone so and so often.
type layer struct {
	text string
	at   []int // where each byte, and the end, came from in the text as given; nil if they are where they were
}

func plain(text string) layer { return layer{text: text} }

func (l layer) source(i int) int {
	if l.at == nil {
		return i
	}
	return l.at[i]
}

// decoded undoes one quoting of each kind.
func (l layer) decoded() layer {
	var b strings.Builder
	at := make([]int, 0, len(l.text)+1)
	for i := 0; i < len(l.text); {
		c, end := escape(l.text, i)
		b.WriteByte(c)
		at = append(at, l.source(i))
		i = end
	}
	return layer{b.String(), append(at, l.source(len(l.text)))}
}

// escape returns the character that begins at text[at], be it an escape, and where it ends.
func escape(text string, at int) (c byte, end int) {
	switch rest := text[at:]; rest[0] {
	case '\\':
		if len(rest) == 1 {
			break
		}
		switch rest[1] {
		case '\\', '/', '"', '\'':
			return rest[1], at + 2
		case 'x':
			c, end = number(text, at+2, 2)
		case 'u':
			c, end = number(text, at+2, 4)
		case 'U':
			c, end = number(text, at+2, 8)
		}
	case '%':
		c, end = number(text, at+1, 2)
	case '&':
		const longest = 24
		if length := strings.IndexByte(rest[:min(len(rest), longest)], ';'); length > 0 {
			if one := html.UnescapeString(rest[:length+1]); len(one) == 1 {
				return one[0], at + length + 1
			}
		}
	}
	if end == 0 {
		return text[at], at + 1
	}
	return c, end
}

// number returns the printable character whose code stands at text[at] in so many hexadecimal digits, and where it ends; 0
// if there is none.
func number(text string, at, digits int) (c byte, end int) {
	if at+digits > len(text) {
		return 0, 0
	}
	v, err := strconv.ParseUint(text[at:at+digits], 16, 64)
	if err != nil || v < ' ' || v > '~' {
		return 0, 0
	}
	return byte(v), at + digits
}
