package build

import (
	"fmt"
	"strings"
	"time"
)

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
	Path    string // the archive that the compiler wrote
	Compile time.Duration
	// Packages and Names go to the worker with it; see worker.Run.
	Packages, Names map[string]string
	Locals          map[int]string // so does this
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
