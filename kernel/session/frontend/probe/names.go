package probe

import (
	"fmt"
	"go/ast"
	"strings"

	"locuslab/kernel/session/report"
	"locuslab/kernel/session/scope"
)

// BodyName is the function that holds the cell's statements.
func (u *Unit) BodyName() string { return fmt.Sprintf("%scell%d", scope.Reserved, u.ID) }

// InitName is what the growing package calls the init that stands at an offset.
func (u *Unit) InitName(start int) string {
	return fmt.Sprintf("%sinit%d_%d", scope.Reserved, u.ID, start)
}

// TopName is what stacks call the top of a cell: main.In_3.
func (u *Unit) TopName() string { return fmt.Sprintf("In_%d", u.ID) }

// EmbedName is the unit's own variable that the compiler fills with files.
func (u *Unit) EmbedName(name string) string {
	return fmt.Sprintf("%s%s%d%sfiles", name, scope.Reserved, u.ID, scope.Reserved)
}

// reservedFailure refuses an identifier that has the kernel's letter.
func (u *Unit) reservedFailure(p parsed) error {
	if !strings.Contains(u.Cell.Source(p.item), scope.Reserved) { // mostly
		return nil
	}
	var found *ast.Ident
	ast.Inspect(p.node(), func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && found == nil && scope.IsReserved(id.Name) {
			found = id
		}
		return found == nil
	})
	if found == nil {
		return nil
	}
	line, column := u.Cell.Position(p.offset(found.Pos()))
	return u.Failure("CompileError", []report.Place{{Line: line, Column: column,
		Message: "the letter U+01C3 in an identifier is kept for the kernel's own names: use another"}})
}
