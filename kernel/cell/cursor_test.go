package cell

import (
	"strings"
	"testing"
)

func TestAt(t *testing.T) {
	for _, c := range []struct {
		text  string // with | for the cursor
		place Place
		typed string
		dot   bool
		paren string // what follows the call's bracket
		arg   int
	}{
		{"fmt.Pri|", InCode, "Pri", true, "", 0},
		{"x := ab|c + 1", InCode, "ab", false, "", 0},
		{"|", InCode, "", false, "", 0},
		{"x := 1\n|", InCode, "", false, "", 0},
		{"größe|", InCode, "größe", false, "", 0},
		{"x.\n  Sort|", InCode, "Sort", false, "", 0},
		{"12|", InNumber, "", false, "", 0},
		{"// fmt.Pri|", InComment, "Pri", false, "", 0},
		{"x := 1 // note |", InComment, "", false, "", 0},
		{"/* a\n b|", InComment, "b", false, "", 0},
		{"/* a */ b|", InCode, "b", false, "", 0},
		{"// a\nb|", InCode, "b", false, "", 0},
		{"f(\"a // b|", InString, "a // b", false, "\"a // b", 0},
		{"f(`a\nb|", InString, "a\nb", false, "`a\nb", 0},
		{"f('a|", InRune, "a", false, "'a", 0},
		{"f(\"a\"|", InCode, "", false, "\"a\"", 0},
		{"import \"net/ht|", InImport, "net/ht", false, "", 0},
		{"import (\n\t\"fmt\"\n\th \"net/ht|", InImport, "net/ht", false, "\n\t\"fmt\"\n\th \"net/ht", 0},
		{"%ti|", InMagic, "%ti", false, "", 0},
		{"x := 1\n%cd a b|", InMagic, "%cd a b", false, "", 0},
		{"%cd a\n|", InCode, "", false, "", 0},
		{"!ls da|", InShell, "!ls da", false, "", 0},
		{"x := `\n%cd |", InString, "\n%cd ", false, "", 0},
		{"strings.Replace(\"a\", |", InCode, "", false, "\"a\", ", 1},
		{"strings.Replace(f(1, 2), \"b\", x|", InCode, "x", false, "f(1, 2), \"b\", x", 2},
		{"f(1, []int{2, 3|", InNumber, "", false, "1, []int{2, 3", 1},
		{"f(1, func() {\n\tg|", InCode, "g", false, "", 0},
		{"f(1)|", InCode, "", false, "", 0},
	} {
		offset := strings.IndexByte(c.text, '|')
		text := c.text[:offset] + c.text[offset+1:]
		at := At(text, offset)
		paren := ""
		if at.Paren >= 0 {
			paren = text[at.Paren+1 : offset]
		}
		if at.Place != c.place || text[at.Start:offset] != c.typed || at.Dot != c.dot || paren != c.paren || at.Argument != c.arg {
			t.Errorf("%q: place %d, typed %q, dot %t, call %q, argument %d", c.text, at.Place, text[at.Start:offset], at.Dot, paren, at.Argument)
		}
	}
}
