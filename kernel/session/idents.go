package session

import (
	"fmt"
	"go/types"
	"regexp"
	"strings"
)

// packagePath is the path of the one growing package for the type checker. The compiler
// has loader.CellPackage.
const packagePath = "notebook"

// The kernel's own names in what it compiles. Each contains a letter that no
// identifier of a cell may have, so that none can clash with one of the user's,
// at the top of a cell or in any scope within it.
const reserved = "ǃ"

// entryPrefix begins the name of the function by which the worker runs a unit.
const entryPrefix = "entry" + reserved

func entryName(id int) string { return fmt.Sprintf("%s%d", entryPrefix, id) }

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

// suffix is what the kernel puts behind a user's name.
var suffix = regexp.MustCompile(reserved + `[\pL\pN_]*`)

// isReserved reports whether a name is one of the kernel's own.
func isReserved(name string) bool { return strings.Contains(name, reserved) }

// predeclared inserts the names by which a probe means Go's own things.
func predeclared(scope *types.Scope, pkg *types.Package) {
	scope.Insert(types.NewTypeName(0, pkg, errorName, types.Universe.Lookup("error").Type()))
}

// recognisable takes the kernel's own names out of a message.
func recognisable(message string) string {
	message = strings.ReplaceAll(suffix.ReplaceAllString(withoutReloaded(message), ""), packagePath+".", "")
	return laterUnit.ReplaceAllString(message, "In[")
}

// laterUnit finds the file names of a cell's second and later units.
var laterUnit = regexp.MustCompile(`\b\d+/In\[`)

// withoutReloaded takes out the import paths of what %reload has copied.
func withoutReloaded(message string) string {
	return reloadedPath.ReplaceAllString(reloadedQuoted.ReplaceAllString(message, "reloaded $2"), "")
}

// The import paths of what %reload has copied.
var (
	reloadedPath   = regexp.MustCompile(`([\w.~-]+/)*locuslab\.session/reloaded-\d+/`)
	reloadedQuoted = regexp.MustCompile(`"([\w.~-]+/)*locuslab\.session/reloaded-\d+/([^"]*)"`)
)
