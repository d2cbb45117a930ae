package display

import "unicode/utf8"

// Whole returns the length of text without a character at its end that lacks some of its
// bytes.
func Whole[T string | []byte](text T) int {
	for at := len(text) - 1; at >= 0 && at > len(text)-1-utf8.UTFMax; at-- {
		if utf8.RuneStart(text[at]) {
			if !utf8.FullRune([]byte(text[at:])) {
				return at
			}
			break
		}
	}
	return len(text)
}

// Characters makes text of what a program writes, of which a reader gets any number of bytes
// at a time: a character comes when its last byte has. The zero value is ready for use.
type Characters struct{ part []byte }

// Take returns the characters that written completes.
func (c *Characters) Take(written []byte) string {
	all := append(c.part, written...)
	whole := Whole(all)
	c.part = append([]byte(nil), all[whole:]...)
	return string(all[:whole])
}

// Rest returns what is left of a character whose other bytes do not come.
func (c *Characters) Rest() string {
	rest := string(c.part)
	c.part = nil
	return rest
}
