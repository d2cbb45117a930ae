package cell

import (
	"go/ast"
	"go/parser"
	"go/token"
)

// Parse parses an item that is Go code on its own: a declaration as it stands, a statement in the
// body of a function. What has position p in the file is at p+base in the cell's text.
func (c *Cell) Parse(item Item) (file *ast.File, base int, err error) {
	prefix, suffix := "package p;", ""
	if item.Kind == Statement {
		prefix, suffix = prefix+"func _() (e error) {", "\n}"
	}
	file, err = parser.ParseFile(token.NewFileSet(), "", prefix+c.Source(item)+suffix, parser.SkipObjectResolution)
	return file, item.Start - len(prefix) - 1, err
}
