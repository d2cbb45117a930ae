package build

import (
	"fmt"
	"strings"
	"time"
)

// packagePath is the -p under which every cell is compiled: all cells are one
// growing package, whose symbols the dynamic linker resolves to their first
// definition. The package clause says main, so that types print as main.T.
const packagePath = "notebook"

// Unit is one cell, as Go source that continues the growing package.
type Unit struct {
	ID      int      // distinct for each unit of a session
	Source  []byte   // one file with "package main"
	Imports []string // import paths that Source uses
	// Rename maps the Go identifier of a version of a type or a function to the
	// name that the user knows it by, so that %T prints main.Pt for Pt_3.
	Rename map[string]string
	Embed  Embed
}

// Embed is what the unit's //go:embed directives stand for, as the compiler reads it.
type Embed struct {
	Patterns map[string][]string // pattern -> files by their names in the notebook's folder
	Files    map[string]string   // file -> path
}

// Object is a unit built.
type Object struct {
	Path    string // the shared object; its owner may delete it once it is loaded
	Mode    Mode   // the link that was used: Stub, Mixed, Full or Loader
	Compile time.Duration
	Link    time.Duration
	// Packages and Names go to a worker that links cells itself; see worker.Run.
	Packages, Names map[string]string
	// packages that the worker lacked and the object brings
	packages []string
	// uses are packages beyond the worker's that the unit was compiled against
	uses []string
}

// CompileError is what the compiler has against a unit's source. The session
// checks types first, so a user should not see one.
type CompileError struct {
	Unit   int
	Output string // the compiler's lines, positions as //line directives give them
}

func (e *CompileError) Error() string {
	return fmt.Sprintf("compile unit %d: %s", e.Unit, strings.TrimSpace(e.Output))
}

// LinkError is what a linker has against a unit's object.
type LinkError struct {
	Unit   int
	Mode   Mode
	Output string
}

func (e *LinkError) Error() string {
	out := strings.TrimSpace(e.Output)
	if len(out) > 2000 {
		out = out[:2000] + "…"
	}
	return fmt.Sprintf("%v link of unit %d: %s", e.Mode, e.Unit, out)
}
