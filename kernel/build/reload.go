package build

import (
	"context"
	"fmt"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"locuslab/kernel/build/toolchain"
)

// A package that the worker holds cannot be replaced in it: its symbols are taken,
// and live values are of its types. A changed package is therefore taken into the
// session beside the old one, under another import path: its sources are copied
// into the session's module, and the imports in them point to the new versions of
// what has changed with it. The package's variables begin anew there.

// version is what a reloaded package is now.
type version struct {
	path string // the import path of the copy
	file string // export data of the original, to tell whether it has changed since
}

// reloadedPrefix begins the names of the folders that hold copies.
const reloadedPrefix = "reloaded-"

// Original is the import path that a user knows a package by.
func (w *Workspace) Original(path string) string {
	rest, ok := strings.CutPrefix(path, w.module+"/"+reloadedPrefix)
	if !ok {
		return path
	}
	_, original, _ := strings.Cut(rest, "/")
	return original
}

// Current is the import path under which a package is to be imported now. After a
// Reload a package that depends on a reloaded one is taken in a version of its own.
func (w *Workspace) Current(ctx context.Context, path string) (string, error) {
	image, err := w.image(ctx)
	if err != nil {
		return "", err
	}
	w.mu.Lock()
	v, reloaded := w.versions[path]
	_, held := image.Packages[path]
	none := len(w.versions) == 0
	w.mu.Unlock()
	if reloaded {
		return v.path, nil
	}
	if none || held || !hasArchive(path) {
		return path, nil
	}
	listed, err := w.listFolder(ctx, true, []string{path})
	if err != nil {
		return "", err
	}
	w.mu.Lock()
	stale := slices.ContainsFunc(listed[path].Deps, func(d string) bool { return w.versions[d].path != "" })
	w.mu.Unlock()
	if !stale {
		return path, nil
	}
	paths, err := w.copyPackages(map[string]toolchain.Package{path: listed[path]})
	return paths[path], err
}

// Reload takes over the packages from folders, those of the enclosing module
// mostly, whose sources have changed since they were compiled for this session, and
// those that depend on them. It returns the new import path of each by its old one.
func (w *Workspace) Reload(ctx context.Context) (map[string]string, error) {
	image, err := w.image(ctx)
	if err != nil {
		return nil, err
	}
	w.noteSources(image)
	known := w.fromFolders(image)
	if len(known) == 0 {
		return nil, nil
	}
	listed, err := w.listFolder(ctx, false, slices.Sorted(maps.Keys(known)))
	if err != nil {
		return nil, fmt.Errorf("compile the changed packages: %w", err)
	}
	changed := map[string]toolchain.Package{}
	for path, file := range known {
		if listed[path].Export != file {
			changed[path] = listed[path]
		}
	}
	for path := range known { // Deps are all, also those of dependencies
		if slices.ContainsFunc(listed[path].Deps, func(d string) bool { return changed[d].ImportPath != "" }) {
			changed[path] = listed[path]
		}
	}
	if len(changed) == 0 {
		return nil, nil
	}
	paths, err := w.copyPackages(changed)
	if err != nil {
		return nil, err
	}
	_, err = w.Exports(ctx, slices.Collect(maps.Values(paths))...)
	return paths, err
}

// fromFolders are the packages whose source may change, with the export data that
// the session has of them.
func (w *Workspace) fromFolders(image *workerImage) map[string]string {
	w.mu.Lock()
	defer w.mu.Unlock()
	known := map[string]string{}
	for _, packages := range []map[string]toolchain.Package{image.Packages, w.exports} {
		for path, e := range packages {
			if w.isFolder(e) {
				known[path] = e.Export
			}
		}
	}
	for path, v := range w.versions {
		known[path] = v.file
	}
	return known
}

// isFolder tells a package from a folder from one of the module cache or this program's.
func (w *Workspace) isFolder(e toolchain.Package) bool {
	return e.Dir != "" && !e.Standard && !strings.HasPrefix(e.Dir, w.tool.GOMODCACHE) && !strings.HasPrefix(e.Dir, w.home) && !strings.HasPrefix(e.Dir, w.providedDir())
}

// copyPackages makes new versions of packages.
func (w *Workspace) copyPackages(packages map[string]toolchain.Package) (map[string]string, error) {
	w.pruneCopies()
	root, err := os.MkdirTemp(w.home, reloadedPrefix)
	if err != nil {
		return nil, fmt.Errorf("reload packages: %w", err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.versions == nil {
		w.versions = map[string]version{}
	}
	paths := map[string]string{}
	for path, e := range packages {
		paths[path] = w.module + "/" + filepath.Base(root) + "/" + path
		w.versions[path] = version{paths[path], e.Export}
	}
	w.copies = append(w.copies, root)
	for path, e := range packages {
		if err := w.copyPackage(filepath.Join(root, filepath.FromSlash(path)), e); err != nil {
			return nil, fmt.Errorf("reload %s: %w", path, err)
		}
	}
	return paths, nil
}

// pruneCopies removes what a kernel that was killed has left.
func (w *Workspace) pruneCopies() {
	copies, _ := filepath.Glob(filepath.Join(w.home, reloadedPrefix+"*"))
	for _, dir := range copies {
		if info, err := os.Stat(dir); err == nil && time.Since(info.ModTime()) > 7*24*time.Hour {
			os.RemoveAll(dir)
		}
	}
}

func (w *Workspace) copyPackage(to string, e toolchain.Package) error {
	entries, err := os.ReadDir(e.Dir)
	if err != nil {
		return err
	}
	files := slices.Clone(e.EmbedFiles)
	for _, entry := range entries {
		if entry.Type().IsRegular() && !strings.HasSuffix(entry.Name(), "_test.go") && !slices.Contains(files, entry.Name()) {
			files = append(files, entry.Name())
		}
	}
	for _, name := range files {
		text, err := os.ReadFile(filepath.Join(e.Dir, name))
		if err != nil {
			return err
		}
		if strings.HasSuffix(name, ".go") {
			text = w.withVersions(text)
		}
		if err := writeFile(filepath.Join(to, name), text); err != nil {
			return err
		}
	}
	return nil
}

// withVersions points the imports of a Go file to the versions of reloaded
// packages. The mutex is held.
func (w *Workspace) withVersions(source []byte) []byte {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "", source, parser.ImportsOnly)
	if err != nil {
		return source // the compiler will tell
	}
	for _, spec := range slices.Backward(f.Imports) {
		path, err := strconv.Unquote(spec.Path.Value)
		if v := w.versions[path]; err == nil && v.path != "" {
			from, to := fset.Position(spec.Path.Pos()).Offset, fset.Position(spec.Path.End()).Offset
			source = slices.Concat(source[:from], []byte(strconv.Quote(v.path)), source[to:])
		}
	}
	return source
}

// SourcesChanged tells, once for each change, that the sources of packages which
// the session uses have changed on disk since it took them. It looks at sizes and
// times of files: well below a millisecond.
func (w *Workspace) SourcesChanged(ctx context.Context) bool {
	w.mu.Lock()
	image := w.worker
	w.mu.Unlock()
	return image != nil && w.noteSources(image)
}

// noteSources takes the sources as they are for known, and tells whether those of a
// folder that was known before have changed.
func (w *Workspace) noteSources(image *workerImage) (changed bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	before := w.sources
	w.sources = map[string]string{}
	note := func(dir string) {
		w.sources[dir] = folderState(dir)
		state, known := before[dir]
		changed = changed || known && state != w.sources[dir]
	}
	for _, packages := range []map[string]toolchain.Package{image.Packages, w.exports} {
		for _, e := range packages {
			if w.isFolder(e) {
				note(e.Dir)
			}
		}
	}
	return changed
}

// folderState tells the state of a folder's sources.
func folderState(dir string) string {
	var state strings.Builder
	entries, _ := os.ReadDir(dir)
	for _, entry := range entries {
		name := entry.Name()
		switch filepath.Ext(name) {
		case ".go", ".c", ".h", ".s":
			if info, err := entry.Info(); err == nil && !strings.HasSuffix(name, "_test.go") {
				fmt.Fprintln(&state, name, info.Size(), info.ModTime().UnixNano())
			}
		}
	}
	return state.String()
}

// Close removes what Reload has copied.
func (w *Workspace) Close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	var err error
	for _, dir := range w.copies {
		if e := os.RemoveAll(dir); err == nil {
			err = e
		}
	}
	w.copies = nil
	return err
}
