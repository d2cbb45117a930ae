package cell

import (
	"go/scanner"
	"go/token"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Place tells what a cursor stands in.
type Place int

// The places of a cursor.
const (
	InCode    Place = iota // where Go's names stand
	InComment              // a comment, where anything may stand
	InRune                 // a rune literal
	InNumber               // a number
	InString               // a string literal that is not closed before the cursor
	InImport               // the path of an import declaration
	InMagic                // the line of a magic or of a question
	InShell                // the line of a shell command
)

// A Cursor is what the text before a cursor says of what is being typed there.
type Cursor struct {
	Place Place
	// Start is the offset of the part before the cursor that is being typed: of a name in
	// code, of the text behind the quote in a string, of the line in a magic.
	Start int
	// Dot is set where a name in code follows a dot.
	Dot bool
	// Paren is the offset of the bracket that opens the arguments in which the cursor stands,
	// as far as tokens tell, or -1, and Argument counts the commas behind it.
	Paren, Argument int
	// Open are the brackets that are open at the cursor, the outermost first.
	Open string
}

// At looks at a cell's text up to a cursor.
func At(text string, offset int) Cursor {
	text = text[:min(max(offset, 0), len(text))]
	at := Cursor{Start: nameStart(text), Paren: -1}
	c := Split(text)
	for _, comment := range c.Comments {
		if comment.End == len(text) && isOpen(text[comment.Start:]) {
			at.Place = InComment
			return at
		}
	}
	if len(c.Items) == 0 {
		return at
	}
	last := c.Items[len(c.Items)-1]
	if last.Kind == Magic {
		if last.End == len(text) {
			at.Place, at.Start = InMagic, last.Start
			if text[last.Start] == '!' {
				at.Place = InShell
			}
		}
		return at
	}
	at.read(text, last)
	return at
}

// isOpen reports whether a comment goes on behind its end.
func isOpen(comment string) bool {
	return strings.HasPrefix(comment, "//") || len(comment) < 4 || !strings.HasSuffix(comment, "*/")
}

// An opening is a bracket that is open, with the commas behind it.
type opening struct {
	kind   token.Token
	offset int
	commas int
}

// read looks at the tokens from an item to the end of the text.
func (at *Cursor) read(text string, from Item) {
	src := []byte(text[from.Start:])
	file := token.NewFileSet().AddFile("", -1, len(src))
	var tokens scanner.Scanner
	unterminated := -1
	tokens.Init(file, src, func(p token.Position, message string) {
		if strings.HasSuffix(message, "not terminated") {
			unterminated = p.Offset
		}
	}, 0)
	var open []opening
	inNumber := false
	for {
		pos, kind, literal := tokens.Scan()
		offset := file.Offset(pos)
		if kind == token.EOF {
			break
		}
		switch {
		case unterminated >= 0 && kind == token.CHAR:
			at.Place = InRune
		case unterminated >= 0 && kind == token.STRING:
			at.Place, at.Start = InString, from.Start+offset+1
			if from.Kind == Import {
				at.Place = InImport
			}
		}
		switch kind {
		case token.LPAREN, token.LBRACK, token.LBRACE:
			open = append(open, opening{kind, from.Start + offset, 0})
		case token.RPAREN, token.RBRACK, token.RBRACE:
			if len(open) > 0 {
				open = open[:len(open)-1]
			}
		case token.COMMA:
			if len(open) > 0 {
				open[len(open)-1].commas++
			}
		}
		if kind != token.SEMICOLON || literal == ";" {
			isNumber := kind == token.INT || kind == token.FLOAT || kind == token.IMAG
			inNumber = isNumber && from.Start+offset+len(literal) == len(text)
		}
		if kind == token.PERIOD && from.Start+offset+1 == at.Start {
			at.Dot = true
		}
	}
	if at.Place == InCode && inNumber {
		at.Place, at.Start = InNumber, len(text)
	}
	for _, o := range open {
		at.Open += o.kind.String()
	}
	for i := len(open) - 1; i >= 0; i-- {
		if open[i].kind == token.LPAREN {
			at.Paren, at.Argument = open[i].offset, open[i].commas
			return
		}
		if open[i].kind == token.LBRACE && strings.Contains(text[open[i].offset:], "\n") {
			return // the body of a function, not an argument
		}
	}
}

// IsNamePart reports whether a character may stand in a name.
func IsNamePart(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }

// nameStart is where the name begins that a text ends in.
func nameStart(text string) int {
	start := len(text)
	for start > 0 {
		r, size := utf8.DecodeLastRuneInString(text[:start])
		if !IsNamePart(r) {
			break
		}
		start -= size
	}
	return start
}

// NameEnd is where the name ends that goes on at an offset of a text.
func NameEnd(text string, offset int) int {
	for offset < len(text) {
		r, size := utf8.DecodeRuneInString(text[offset:])
		if !IsNamePart(r) {
			break
		}
		offset += size
	}
	return offset
}
