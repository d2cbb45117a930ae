// Package scope is what the cells of a session have declared and imported: the versions of
// each name with their objects for the type checker and their texts for the compiler, what
// reaches them, and how the kernel's own identifiers look. It writes types as source in
// these terms.
//
// It does not know what a cell is, how one is compiled, or that a worker runs it. It is not
// safe for concurrent use.
package scope

import (
	"go/types"

	"locuslab/kernel/build"
)

// A Scope is what the cells of a session may mention.
type Scope struct {
	Names     *Names
	Workspace *build.Workspace
	Importer  *Importer
	Runtime   string // import path of package nb
	Folder    string // the notebook's
	// Superseded are the import paths of packages as they were before a %reload.
	Superseded map[string]bool
}

// New returns the scope of a session that has declared nothing.
func New(workspace *build.Workspace, runtime, folder string) *Scope {
	return &Scope{newNames(), workspace, NewImporter(), runtime, folder, map[string]bool{}}
}

var _ types.Importer = (*Importer)(nil)
