package cell

import (
	"errors"
	"go/parser"
	"go/scanner"
	"go/token"
	"strings"
)

// Fault returns the first syntax error of the cell that nothing written behind the cell could
// mend, as Go's parser sees it; nil if there is none. Text that only goes on is none.
func (c *Cell) Fault() *SyntaxError {
	if c.Err != nil {
		return c.Err
	}
	for _, item := range c.Items {
		if f := c.faultOf(item); f != nil {
			return f
		}
	}
	return nil
}

func (c *Cell) faultOf(item Item) *SyntaxError {
	prefix := "package p;"
	switch item.Kind {
	case Magic, Package:
		return nil
	case Statement:
		prefix += "func _() {"
	}
	source := c.Source(item)
	_, err := parser.ParseFile(token.NewFileSet(), "", prefix+source, parser.SkipObjectResolution)
	var list scanner.ErrorList
	if !errors.As(err, &list) {
		return nil
	}
	last := lastToken(source)
	for _, e := range list {
		offset := e.Pos.Offset - len(prefix)
		if offset >= last {
			return nil // the text may go on there
		}
		if isWhereItStands(e.Msg) {
			return &SyntaxError{Offset: item.Start + max(offset, 0), Message: e.Msg}
		}
	}
	return nil
}

// isWhereItStands reports whether a message of Go's parser is about the token where it stands. Others
// are about what stands before and may be mended behind it, such as a list of names without :=.
func isWhereItStands(message string) bool {
	return strings.HasPrefix(message, "missing ',' ") ||
		strings.HasPrefix(message, "expected ") && strings.Contains(message, ", found ") && !strings.Contains(message, "boolean expression")
}

// lastToken returns the offset of the last token, which the user may be typing.
func lastToken(source string) int {
	var s scanner.Scanner
	file := token.NewFileSet().AddFile("", -1, len(source))
	s.Init(file, []byte(source), nil, 0)
	last := 0
	for {
		pos, kind, literal := s.Scan()
		if kind == token.EOF {
			return last
		}
		if kind != token.SEMICOLON || literal == ";" {
			last = file.Offset(pos)
		}
	}
}
