package session

import (
	"fmt"
	"go/ast"
	"go/types"
	"regexp"
	"strings"

	"locuslab/kernel/worker/loader"
)

// The kernel's own names in what it compiles. Each contains a letter that no
// identifier of a cell may have, so that none can clash with one of the user's,
// at the top of a cell or in any scope within it.
const reserved = "ǃ"

// bodyName is the function that holds the cell's statements.
func (u *unit) bodyName() string { return fmt.Sprintf("cell%s%d", reserved, u.id) }

// initName is what the growing package calls the init that stands at an offset.
func (u *unit) initName(start int) string {
	return fmt.Sprintf("init%s%d%s%d", reserved, u.id, reserved, start)
}

// entryPrefix begins the name of the function by which the worker runs a unit.
const entryPrefix = "entry" + reserved

func entryName(id int) string { return fmt.Sprintf("%s%d", entryPrefix, id) }

// entry is the symbol of that function.
func (u *unit) entry() string { return loader.CellPackage + "." + entryName(u.id) }

// stopName is the address of the interrupt flag that a unit's loops look at, and
// stopLocal the local that a function holds it in.
func stopName(id int) string { return fmt.Sprintf("stop%s%d", reserved, id) }

const stopLocal = "stop" + reserved

// zeroName is the function that gives a variable its zero value.
const zeroName = "zero" + reserved

// errorName is how the probe spells the type error, and resultName the result of
// its function, also where something of the user's has either name.
const (
	errorName  = "error" + reserved
	resultName = "err" + reserved
)

// earlierName is what a probe calls the version of a name that the cell is
// about to replace.
func earlierName(name string) string { return name + reserved + "earlier" }

// standInName is what a probe calls a version of a name that the text of an earlier
// declaration means.
func standInName(d *declaration) string {
	return fmt.Sprintf("%s%s%dmeant", d.name, reserved, d.serial)
}

// copyName is the local that a loop reads in place of a variable.
func copyName(d *declaration) string { return d.ident + reserved + "copy" }

// versionName is the identifier of a later version of a name.
func versionName(name string, id int) string { return fmt.Sprintf("%s%s%d", name, reserved, id) }

// embedName is the unit's own variable that the compiler fills with files.
func (u *unit) embedName(name string) string {
	return fmt.Sprintf("%s%s%d%sfiles", name, reserved, u.id, reserved)
}

// suffix is what the kernel puts behind a user's name.
var suffix = regexp.MustCompile(reserved + `[\pL\pN_]*`)

// isReserved reports whether a name is one of the kernel's own.
func isReserved(name string) bool { return strings.Contains(name, reserved) }

// reservedFailure refuses an identifier that has the kernel's letter.
func (u *unit) reservedFailure(p parsed) error {
	if !strings.Contains(u.cell.Source(p.item), reserved) { // mostly
		return nil
	}
	var found *ast.Ident
	ast.Inspect(p.node(), func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && found == nil && isReserved(id.Name) {
			found = id
		}
		return found == nil
	})
	if found == nil {
		return nil
	}
	line, column := u.cell.Position(p.offset(found.Pos()))
	return u.failureOf("CompileError", []place{{line: line, column: column,
		message: "the letter U+01C3 in an identifier is kept for the kernel's own names: use another"}})
}

// predeclared inserts the names by which a probe means Go's own things.
func predeclared(scope *types.Scope, pkg *types.Package) {
	scope.Insert(types.NewTypeName(0, pkg, errorName, types.Universe.Lookup("error").Type()))
}
