package loader

import (
	"strconv"
	"strings"
	"unicode"

	"locuslab/kernel/build/goobj"
)

const (
	cellPrefix = CellPackage + "."
	localMark  = "·"  // before the number of a type that a function declares, among others
	funcValue  = "·f" // behind a function's name: the word that a func value points to
)

// Name is the name of a symbol. Where a cell's has the number of a type that was declared
// in a function, and Request.Locals knows that type, it has what that says.
func (o *object) Name(i uint32) goobj.Name {
	n := o.Object.Name(i)
	if len(o.pkg.locals) == 0 || !strings.Contains(n.Text, localMark) {
		return n
	}
	var b strings.Builder
	done := 0
	eachLocal(n.Text, func(from, to, number int) bool {
		if known := o.pkg.locals[number]; known != "" {
			b.WriteString(n.Text[done:from] + known)
			done = to
		}
		return true
	})
	if done > 0 {
		n.Text = b.String() + n.Text[done:]
	}
	return n
}

// mentionsLocal reports whether a name has something in it that is a cell's alone: the
// value of a function, or a type that a function declares and no other cell knows, also
// as []main.local·1 or in the name of an itab.
func mentionsLocal(name string) bool {
	fn, found := strings.CutSuffix(name, funcValue)
	found = found && strings.HasPrefix(fn, cellPrefix)
	eachLocal(name, func(int, int, int) bool {
		found = true
		return false
	})
	return found
}

// eachLocal calls f with where the numbers of types that functions of cells declare stand
// in a name: main.T·3 or, in a generic function, main.T[int]·3.
func eachLocal(name string, f func(from, to, number int) bool) {
	for end := 0; ; {
		i := strings.Index(name[end:], localMark)
		if i < 0 {
			return
		}
		before := withoutArguments(name[:end+i])
		from := end + i + len(localMark)
		for end = from; end < len(name) && '0' <= name[end] && name[end] <= '9'; {
			end++
		}
		number, err := strconv.Atoi(name[from:end])
		if err != nil {
			continue
		}
		before, own := strings.CutSuffix(before[:len(before)-identifierEnd(before)], cellPrefix)
		if own && !strings.HasSuffix(before, "/") && identifierEnd(before) == 0 && !f(from, end, number) {
			return
		}
	}
}

// withoutArguments is a text without the list of type arguments that it ends with.
func withoutArguments(text string) string {
	if !strings.HasSuffix(text, "]") {
		return text
	}
	depth := 0
	for i := len(text) - 1; i >= 0; i-- {
		switch text[i] {
		case ']':
			depth++
		case '[':
			if depth--; depth == 0 {
				return text[:i]
			}
		}
	}
	return text
}

// identifierEnd is the length of the identifier that a text ends with.
func identifierEnd(text string) int {
	return len(text) - 1 - strings.LastIndexFunc(text, func(c rune) bool { return c != '_' && !unicode.IsLetter(c) && !unicode.IsDigit(c) })
}
