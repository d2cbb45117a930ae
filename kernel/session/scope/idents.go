package scope

import (
	"fmt"
	"go/types"
	"regexp"
	"strings"
)

// PackagePath is the path of the one growing package for the type checker. The compiler
// has loader.CellPackage.
const PackagePath = "notebook"

// Reserved is a letter that no identifier of a cell may have. What the kernel itself calls
// something in what it compiles begins with the letter; what it makes of a user's name, such
// as a later version, begins with that name and has the letter behind it. So none of these
// can clash with a name of the user's, at the top of a cell or in any scope within it, and
// none of the two kinds with one of the other, whatever the user calls things.
const Reserved = "ǃ"

// EntryPrefix begins the name of the function by which the worker runs a unit.
const EntryPrefix = Reserved + "entry"

func EntryName(id int) string { return fmt.Sprintf("%s%d", EntryPrefix, id) }

// StopName is the address of the interrupt flag that a unit's loops look at, and
// stopLocal the local that a function holds it in.
func StopName(id int) string { return fmt.Sprintf("%sstop%d", Reserved, id) }

const StopLocal = Reserved + "stop"

// SettledName is the local that holds where a unit notes which of its variables have their values.
const SettledName = Reserved + "settled"

// ZeroName is the function that gives a variable its zero value.
const ZeroName = Reserved + "zero"

// ErrorName is how the probe spells the type error, and resultName the result of
// its function, also where something of the user's has either name.
const (
	ErrorName  = Reserved + "error"
	ResultName = Reserved + "err"
)

// EarlierName is what a probe calls the version of a name that the cell is
// about to replace.
func EarlierName(name string) string { return name + Reserved + "earlier" }

// StandInName is what a probe calls a version of a name that the text of an earlier
// declaration means.
func StandInName(d *Declaration) string {
	return fmt.Sprintf("%s%s%dmeant", d.Name, Reserved, d.Serial)
}

// CopyName is the local that a loop reads in place of a variable.
func CopyName(d *Declaration) string { return d.Ident + Reserved + "copy" }

// VersionName is the identifier of a later version of a name.
func VersionName(name string, id int) string { return fmt.Sprintf("%s%s%d", name, Reserved, id) }

// alias is what the kernel calls a package, own another name of its own, and suffix what it
// puts behind a user's.
var (
	alias  = regexp.MustCompile(Reserved + `p\d+_`)
	own    = regexp.MustCompile(`(^|[^\pL\pN_])` + Reserved + `(\pL+)[\pN_]*`)
	suffix = regexp.MustCompile(Reserved + `[\pL\pN_]*`)
)

// IsReserved reports whether a name is one of the kernel's own.
func IsReserved(name string) bool { return strings.Contains(name, Reserved) }

// Predeclared inserts the names by which a probe means Go's own things.
func Predeclared(scope *types.Scope, pkg *types.Package) {
	scope.Insert(types.NewTypeName(0, pkg, ErrorName, types.Universe.Lookup("error").Type()))
}

// Recognisable takes the kernel's own names out of a message.
func Recognisable(message string) string {
	message = alias.ReplaceAllString(WithoutReloaded(message), "")
	message = suffix.ReplaceAllString(own.ReplaceAllString(message, "$1$2"), "")
	message = strings.ReplaceAll(message, PackagePath+".", "")
	return laterUnit.ReplaceAllString(message, "In[")
}

// laterUnit finds the file names of a cell's second and later units.
var laterUnit = regexp.MustCompile(`\b\d+/In\[`)

// WithoutReloaded takes out the import paths of what %reload has copied.
func WithoutReloaded(message string) string {
	return reloadedPath.ReplaceAllString(reloadedQuoted.ReplaceAllString(message, "reloaded $2"), "")
}

// The import paths of what %reload has copied.
var (
	reloadedPath   = regexp.MustCompile(`([\w.~-]+/)*locuslab\.session/reloaded-\d+/`)
	reloadedQuoted = regexp.MustCompile(`"([\w.~-]+/)*locuslab\.session/reloaded-\d+/([^"]*)"`)
)
