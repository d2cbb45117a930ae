package session

import (
	"go/types"

	"locuslab/kernel/build"
)

// A scope is what the cells of a session may mention.
type scope struct {
	names     *names
	workspace *build.Workspace
	importer  *packageImporter
	runtime   string // import path of package nb
	folder    string // the notebook's
	// superseded are the import paths of packages as they were before a %reload.
	superseded map[string]bool
}

func newScope(workspace *build.Workspace, runtime, folder string) *scope {
	return &scope{newNames(), workspace, newImporter(), runtime, folder, map[string]bool{}}
}

var _ types.Importer = (*packageImporter)(nil)
