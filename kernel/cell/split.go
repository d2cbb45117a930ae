package cell

import (
	"go/parser"
	"go/scanner"
	"go/token"
	"strings"
	"unicode/utf8"
)

// Split takes a cell apart. A line that begins with % or ! (or with ? , or that
// is a name and a ?) is a magic only where Go would begin a statement: inside a
// raw string, a comment, a bracket or behind an operator it is Go's.
func Split(text string) *Cell {
	s := &splitter{cell: &Cell{Text: text, Open: -1}}
	s.run()
	return s.cell
}

// A tok is one token of the cell with its offset in the cell's text.
type tok struct {
	kind    token.Token
	literal string
	offset  int
}

type splitter struct {
	cell     *Cell
	scanner  scanner.Scanner
	base     int // offset in the cell's text at which the scanner began
	file     *token.File
	brackets []tok // those open, outermost first
}

// begin points the scanner at an offset; a magic's line is never scanned, since
// what stands in it need not be tokens of Go.
func (s *splitter) begin(offset int) {
	src := []byte(s.cell.Text[offset:])
	s.base = offset
	s.file = token.NewFileSet().AddFile("", -1, len(src))
	s.scanner.Init(s.file, src, s.fault, scanner.ScanComments)
}

func (s *splitter) fault(pos token.Position, message string) {
	if strings.Contains(message, "not terminated") && !strings.Contains(message, "rune") &&
		!strings.HasPrefix(message, "string") {
		s.cell.Unfinished = true // a comment or a raw string
		return
	}
	if strings.HasPrefix(message, "illegal character U+003F '?'") {
		return // name? asks for help, and is seen as a token
	}
	s.fail(s.base+pos.Offset, message)
}

func (s *splitter) fail(offset int, message string) {
	if s.cell.Err == nil {
		s.cell.Err = &SyntaxError{Offset: offset, Message: message}
	}
}

// next reads a token; comments on the way are noted.
func (s *splitter) next() tok {
	for {
		pos, kind, literal := s.scanner.Scan()
		offset := s.base + s.file.Offset(pos)
		if kind != token.COMMENT {
			return tok{kind, literal, offset}
		}
		s.cell.Comments = append(s.cell.Comments, Comment{offset, offset + len(literal)})
	}
}

func (s *splitter) run() {
	s.begin(0)
	for {
		t := s.next()
		switch {
		case t.kind == token.EOF:
			return
		case t.kind == token.SEMICOLON:
			continue
		case s.isMagic(t):
			end := magicEnd(s.cell.Text, t.offset)
			s.cell.Items = append(s.cell.Items, Item{Kind: Magic, Start: t.offset, End: end})
			s.begin(end)
		default:
			s.item(t)
		}
	}
}

// isMagic tells whether the token that would begin a statement begins a magic.
func (s *splitter) isMagic(t tok) bool {
	text := s.cell.Text
	lineStart := strings.LastIndexByte(text[:t.offset], '\n') + 1
	if strings.TrimSpace(text[lineStart:t.offset]) != "" {
		return false
	}
	switch t.kind {
	case token.REM, token.REM_ASSIGN, token.NOT, token.NEQ:
		return true
	case token.ILLEGAL:
		return t.literal == "?"
	case token.IDENT:
		line, _, _ := strings.Cut(text[t.offset:], "\n")
		line = strings.TrimSpace(line)
		return strings.HasSuffix(line, "?") && isPath(strings.TrimRight(line, "?"))
	}
	return false
}

// isPath tells whether s is names joined by dots, where * may stand for any part of the last,
// as in strings.Trim*?.
func isPath(s string) bool {
	if i := strings.LastIndexByte(s, '.'); strings.Contains(s[i+1:], "*") {
		s = s[:i+1] + "x" + strings.ReplaceAll(s[i+1:], "*", "")
	}
	for name := range strings.SplitSeq(s, ".") {
		if !token.IsIdentifier(name) {
			return false
		}
	}
	return true
}

// magicEnd returns the offset behind a magic that begins at start: the end of
// its line, or of the last of the lines that a backslash joins to it.
func magicEnd(text string, start int) int {
	for i := start; ; {
		n := strings.IndexByte(text[i:], '\n')
		if n < 0 {
			return len(text)
		}
		line := strings.TrimSuffix(text[i:i+n], "\r")
		if !strings.HasSuffix(line, "\\") {
			return i + len(line)
		}
		i += n + 1
	}
}

// item reads one declaration or statement whose first token is t.
func (s *splitter) item(first tok) {
	item := Item{Kind: kindOf(first.kind), Start: first.offset, End: first.offset}
	// A func is a declaration if a name follows it, or a receiver and a name.
	afterFunc, receiver := first.kind == token.FUNC, 0
	s.brackets = s.brackets[:0]
	last := first
	headed := false // a for, an if or a switch, whose head may have semicolons
	for t := first; ; t = s.next() {
		switch t.kind {
		case token.FOR, token.IF, token.SWITCH:
			headed = headed || len(s.brackets) == 0 && (t == first || last.kind == token.COLON)
		}
		switch t.kind {
		case token.EOF:
			s.cell.Items = append(s.cell.Items, item)
			if n := len(s.brackets); n > 0 {
				s.cell.Open = s.brackets[n-1].offset
			}
			s.cell.Unfinished = s.cell.Unfinished || len(s.brackets) == 0 && last.kind.IsOperator() && !ends(last.kind)
			return
		case token.SEMICOLON:
			if len(s.brackets) > 0 || t.literal == ";" && headed && s.inHead(item, last) {
				continue
			}
			item.Hidden = t.literal == ";"
			s.cell.Items = append(s.cell.Items, item)
			return
		case token.LPAREN, token.LBRACK, token.LBRACE:
			s.brackets = append(s.brackets, t)
			if afterFunc && len(s.brackets) == 1 && t.kind == token.LPAREN && receiver == 0 {
				receiver = 1
			}
		case token.RPAREN, token.RBRACK, token.RBRACE:
			s.closeBracket(t)
			if receiver == 1 && len(s.brackets) == 0 {
				receiver = 2
			}
		case token.IDENT:
			if afterFunc && len(s.brackets) == 0 {
				if receiver == 0 {
					item.Kind, afterFunc = Func, false
				} else if receiver == 2 && last.kind == token.RPAREN {
					// func (r T) name( is a method; func (a T) R { is a literal.
					if s.followedByParen(t) {
						item.Kind = Method
					}
					afterFunc = false
				}
			}
		}
		if t.kind == token.LBRACE && receiver == 2 {
			afterFunc = false
		}
		item.End = t.offset + s.width(t)
		last = t
		if s.cell.Err != nil {
			s.cell.Items = append(s.cell.Items, item)
			s.begin(len(s.cell.Text))
			return
		}
	}
}

func kindOf(first token.Token) Kind {
	switch first {
	case token.IMPORT:
		return Import
	case token.CONST:
		return Const
	case token.TYPE:
		return Type
	case token.VAR:
		return Var
	case token.PACKAGE:
		return Package
	}
	return Statement
}

// followedByParen tells whether a parameter list follows the name.
func (s *splitter) followedByParen(name tok) bool {
	rest := s.cell.Text[name.offset+s.width(name):]
	rest = strings.TrimLeft(rest, " \t")
	return strings.HasPrefix(rest, "(")
}

// inHead tells whether a semicolon behind last belongs to the head of the
// statement. One that is complete ends with a brace; so may a head, and only
// then is the parser asked.
func (s *splitter) inHead(item Item, last tok) bool {
	if last.kind != token.RBRACE {
		return true
	}
	text := "package p;func _() {" + s.cell.Source(item) + "}"
	_, err := parser.ParseFile(token.NewFileSet(), "", text, parser.SkipObjectResolution)
	return err != nil
}

var partner = map[token.Token]token.Token{
	token.RPAREN: token.LPAREN, token.RBRACK: token.LBRACK, token.RBRACE: token.LBRACE,
}

func (s *splitter) closeBracket(t tok) {
	n := len(s.brackets)
	if n == 0 {
		s.fail(t.offset, "unexpected "+t.kind.String())
		return
	}
	if open := s.brackets[n-1]; open.kind != partner[t.kind] {
		s.fail(t.offset, "unexpected "+t.kind.String()+" where the "+open.kind.String()+" before it is still open")
		return
	}
	s.brackets = s.brackets[:n-1]
}

// ends tells whether an operator may end a statement.
func ends(k token.Token) bool {
	switch k {
	case token.RPAREN, token.RBRACK, token.RBRACE, token.INC, token.DEC,
		token.COLON: // of a label
		return true
	}
	return false
}

// width returns the number of bytes of a token in the text.
func (s *splitter) width(t tok) int {
	switch {
	case t.kind == token.ILLEGAL: // the literal is the replacement character
		_, size := utf8.DecodeRuneInString(s.cell.Text[t.offset:])
		return size
	case t.literal != "":
		return len(t.literal)
	}
	return len(t.kind.String())
}
