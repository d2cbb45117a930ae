package build

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"locuslab/kernel/build/toolchain"
)

// A process holds one version of a package. A later import may bring another: sources
// were edited, or the new package needs a newer version of a module that an earlier one
// needs, too. What no code in the process was linked with is simply taken anew.

// change is a package that the process holds and that has another form by now.
type change struct {
	before, now toolchain.Package
	folder      bool // its source is in a folder that may be edited
}

// take makes listed packages known, and returns what would change in the process by it;
// then nothing is taken.
func (w *Workspace) take(image *workerImage, listed map[string]toolchain.Package) []change {
	w.mu.Lock()
	defer w.mu.Unlock()
	held := func(path string) (toolchain.Package, bool) {
		if e, ok := image.Packages[path]; ok {
			return e, true
		}
		e, ok := w.exports[path]
		return e, ok && w.inProcess[path]
	}
	var changes []change
	outdated := map[string]bool{}
	for path, e := range listed {
		if before, ok := held(path); ok && before.Export != e.Export {
			changes = append(changes, change{before, e, w.isFolder(before)})
		}
		if before, ok := w.exports[path]; ok && before.Export != e.Export {
			outdated[path] = true
		}
	}
	for path, e := range w.exports { // compiled against what changes
		if _, again := listed[path]; !again && slices.ContainsFunc(e.Deps, func(d string) bool { return outdated[d] }) {
			if w.inProcess[path] {
				changes = append(changes, change{e, e, w.isFolder(e)})
			} else {
				outdated[path] = true
			}
		}
	}
	if len(changes) > 0 {
		return changes
	}
	for path := range outdated {
		delete(w.exports, path)
	}
	for path, e := range listed {
		if _, ok := image.Packages[path]; !ok {
			w.exports[path] = e
		}
	}
	return nil
}

// linked tells that packages beyond the worker's are in the process now.
func (w *Workspace) linked(packages []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, p := range packages {
		w.inProcess[p] = true
	}
}

// StaleError says that a package cannot be compiled against what the process holds.
type StaleError struct {
	Edited   []string // packages whose sources have changed on disk
	Upgraded []string // modules: path, version in the process, version that is needed
	Imports  []string // what was to be imported
}

func (e *StaleError) Error() string {
	if len(e.Edited) > 0 {
		return "these packages have changed on disk since the session took them, and %reload takes them as they are now: " + strings.Join(e.Edited, ", ")
	}
	return fmt.Sprintf("import %s: this needs other versions of what the session has taken already (%s): %%reset takes them, and forgets what was declared; then run the cells again",
		strings.Join(e.Imports, ", "), strings.Join(e.Upgraded, ", "))
}

func staleError(imports []string, changes []change) *StaleError {
	edited, upgraded, others := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, c := range changes {
		module, before := moduleVersion(c.before.Dir)
		_, now := moduleVersion(c.now.Dir)
		switch {
		case c.folder:
			edited[c.before.ImportPath] = true
		case before != now:
			upgraded[fmt.Sprintf("%s %s, now %s", module, before, now)] = true
		default: // what it depends on has changed
			others[c.before.ImportPath] = true
		}
	}
	if len(upgraded) == 0 {
		upgraded = others
	}
	return &StaleError{slices.Sorted(maps.Keys(edited)), slices.Sorted(maps.Keys(upgraded)), imports}
}

// moduleVersion reads the name of a folder of the module cache.
func moduleVersion(dir string) (path, version string) {
	path, rest, ok := strings.Cut(dir, "@")
	if !ok {
		return dir, ""
	}
	version, _, _ = strings.Cut(rest, "/")
	return path, version
}
