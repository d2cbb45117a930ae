package build

import (
	"context"
	"encoding/json"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// What a worker holds decides what a cell can be linked against in a few
// milliseconds: the standard library and what the notebooks of the folder import
// in any case, and what earlier sessions of the module imported as far as that
// was known when it was built.

// leftOut are packages of the standard library that a worker does not hold
// unless asked: they do something on import, or are large and rare.
var leftOut = map[string]bool{
	"expvar": true, "net/http/pprof": true, "time/tzdata": true, "unsafe": true, "runtime/race": true,
	"runtime/cgo": true, "plugin": true, "testing/synctest": true, "crypto/fips140": true, "runtime/coverage": true,
}

// workerPackages lists the import paths that the worker must hold, sorted.
func (w *Workspace) workerPackages(ctx context.Context) ([]string, error) {
	all := map[string]bool{}
	std, err := w.stdPackages(ctx)
	if err != nil {
		return nil, err
	}
	for path := range std {
		if !leftOut[path] {
			all[path] = true
		}
	}
	for _, path := range w.notebookImports() {
		if path != "C" && path != "unsafe" && !strings.HasPrefix(path, ".") && !strings.HasPrefix(path, w.module) {
			all[path] = true
		}
	}
	for _, own := range []string{"/nb", "/wire"} {
		all[w.module+own] = true
	}
	return slices.Sorted(maps.Keys(all)), nil
}

// notebookImports are the import paths in the code cells of the notebooks beside
// the one that is open.
func (w *Workspace) notebookImports() []string {
	var paths []string
	files, _ := filepath.Glob(filepath.Join(w.dir, "*.ipynb"))
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			continue
		}
		var notebook struct {
			Cells []struct {
				Type   string          `json:"cell_type"`
				Source json.RawMessage `json:"source"`
			} `json:"cells"`
		}
		if json.Unmarshal(text, &notebook) != nil {
			continue // the session tells what is wrong with it
		}
		for _, c := range notebook.Cells {
			if c.Type == "code" {
				paths = append(paths, cellImports(cellText(c.Source))...)
			}
		}
	}
	return paths
}

// cellText reads a notebook's source field, a string or a list of lines.
func cellText(raw json.RawMessage) string {
	var lines []string
	if json.Unmarshal(raw, &lines) == nil {
		return strings.Join(lines, "")
	}
	var text string
	_ = json.Unmarshal(raw, &text)
	return text
}

// cellImports finds the imports of a cell, which may begin with magics and mix
// declarations and statements.
func cellImports(cell string) []string {
	i := strings.Index(cell, "import")
	for i > 0 && cell[i-1] != '\n' {
		next := strings.Index(cell[i+1:], "import")
		if next < 0 {
			return nil
		}
		i += 1 + next
	}
	if i < 0 {
		return nil
	}
	f, _ := parser.ParseFile(token.NewFileSet(), "", "package p\n"+cell[i:], parser.ImportsOnly)
	if f == nil {
		return nil
	}
	var paths []string
	for _, s := range f.Imports {
		if p, err := strconv.Unquote(s.Path.Value); err == nil {
			paths = append(paths, p)
		}
	}
	return paths
}

func (w *Workspace) importsFile() string { return filepath.Join(w.home, "imports.txt") }

// remembered are the packages that earlier sessions of this module imported
// beyond what the worker held.
func (w *Workspace) remembered() []string {
	text, err := os.ReadFile(w.importsFile())
	if err != nil {
		return nil
	}
	return strings.Fields(string(text))
}

// remember notes packages for the next worker of this module.
func (w *Workspace) remember(paths []string) error {
	all := map[string]bool{}
	for _, p := range append(w.remembered(), paths...) {
		if !leftOut[p] && !strings.HasPrefix(p, w.module+"/") { // what was reloaded is of this session only
			all[p] = true
		}
	}
	return writeFile(w.importsFile(), []byte(strings.Join(slices.Sorted(maps.Keys(all)), "\n")+"\n"))
}
