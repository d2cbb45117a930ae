package program

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
)

// Captured tells of a name of the notebook's that a local of its piece hides, so that
// the cell would mean something else than the reference; "" when there is none.
func Captured(p Program) string {
	for _, piece := range p.Pieces() {
		if name := captured(piece); name != "" {
			return fmt.Sprintf("%s is hidden in %s", name, piece.Text)
		}
	}
	return ""
}

func captured(p Piece) string {
	head, tail := "package p\n", ""
	switch p.Kind {
	case Result:
		head, tail = head+"func _() {\n_ = ", "\n}\n"
	case Statement, Define, Wrong:
		head, tail = head+"func _() {\n", "\n}\n"
	}
	marked := map[int]bool{} // offsets without marks
	for i, place := range places(p.Text) {
		marked[len(head)+place.Offset-i*len(Mark)] = true
	}
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "", head+strings.ReplaceAll(p.Text, Mark, "")+tail, 0)
	if err != nil {
		return err.Error()
	}
	found := ""
	ast.Inspect(file, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok || id.Obj == nil || !marked[fset.Position(id.Pos()).Offset] || id.Obj.Kind == ast.Lbl {
			return true
		}
		if !marked[fset.Position(id.Obj.Pos()).Offset] {
			found = id.Name
		}
		return true
	})
	return found
}
