package godoc

import (
	"bytes"
	"go/ast"
	"go/doc/comment"
	"go/parser"
	"go/scanner"
	"go/token"
	"strings"
)

// functionEnd is where the function declaration ends that a text begins with.
func functionEnd(text string) int {
	var tokens scanner.Scanner
	file := token.NewFileSet().AddFile("", -1, len(text))
	tokens.Init(file, []byte(text), nil, 0)
	for depth := 0; ; {
		pos, kind, literal := tokens.Scan()
		switch kind {
		case token.LPAREN, token.LBRACK, token.LBRACE:
			depth++
		case token.RPAREN, token.RBRACK, token.RBRACE:
			depth--
		case token.SEMICOLON:
			if depth == 0 && literal != ";" {
				return min(file.Offset(pos), len(text))
			}
		case token.EOF:
			return len(text)
		}
	}
}

// Comment turns the text of a doc comment into wrapped text and into Markdown.
func Comment(text string) (plain, markdown string) {
	d := new(comment.Parser).Parse(text)
	p := &comment.Printer{HeadingLevel: 4, HeadingID: func(*comment.Heading) string { return "" }}
	return strings.TrimRight(string(p.Text(d)), "\n"), strings.TrimRight(string(p.Markdown(d)), "\n")
}

// Member documents a field of a type, or a method of an interface, from the type's
// declaration.
func Member(declaration, name string) (Entry, bool) {
	fset := token.NewFileSet()
	file, _ := parser.ParseFile(fset, "", "package p\n"+declaration, parser.ParseComments|parser.SkipObjectResolution)
	if file == nil {
		return Entry{}, false
	}
	var found *ast.Field
	ast.Inspect(file, func(n ast.Node) bool {
		if spec, ok := n.(*ast.TypeSpec); ok && found == nil {
			found = fieldOf(spec.Type, name)
		}
		return found == nil
	})
	if found == nil {
		return Entry{}, false
	}
	text := found.Doc
	if text == nil {
		text = found.Comment
	}
	plain, markdown := Comment(text.Text())
	return Entry{Doc: plain, Markdown: markdown}, true
}

// Synopsis is the first sentence of a comment's text.
func Synopsis(text string) string {
	text = strings.Join(strings.Fields(firstParagraph(text)), " ")
	if i := strings.Index(text, ". "); i >= 0 {
		return text[:i+1]
	}
	return text
}

func firstParagraph(text string) string {
	before, _, _ := bytes.Cut([]byte(strings.TrimLeft(text, "\n")), []byte("\n\n"))
	return string(before)
}

// commentAbove is where the comment begins that ends on the line above an offset, or the
// offset itself.
func commentAbove(text []byte, offset int) int {
	start := bytes.LastIndexByte(text[:offset], '\n') + 1
	if len(bytes.TrimSpace(text[start:offset])) > 0 {
		return offset
	}
	for found := offset; ; {
		if start == 0 {
			return found
		}
		above := bytes.LastIndexByte(text[:start-1], '\n') + 1
		line := bytes.TrimSpace(text[above:start])
		switch {
		case bytes.HasPrefix(line, []byte("//")):
		case bytes.HasSuffix(line, []byte("*/")):
			i := bytes.LastIndex(text[:start], []byte("/*"))
			if i < 0 {
				return found
			}
			return i
		default:
			return found
		}
		start = above
		found = above + bytes.Index(text[above:], []byte("//"))
	}
}
