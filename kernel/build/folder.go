package build

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"

	"locuslab/kernel/build/toolchain"
)

// What go build builds in the notebook's folder, a cell can import: packages are listed
// there first, with the folder's module, workspace or vendor folder, its flags and its
// environment. What the folder does not provide is taken from the session's module,
// which requires all that the folder's module does and may be added to; nothing of the
// user's is written.

// list compiles packages and what they import, and lists them by import path. One that
// does not build has no archive.
func (w *Workspace) list(ctx context.Context, dir string, env, paths []string) (map[string]toolchain.Package, error) {
	out, err := w.runGo(ctx, dir, env, toolchain.ListCommand(paths...)...)
	if err != nil {
		return nil, err
	}
	return toolchain.ReadList(out)
}

// listFolder lists packages as the folder sees them, else as the session's module does.
func (w *Workspace) listFolder(ctx context.Context, tolerant bool, paths []string) (map[string]toolchain.Package, error) {
	w.mu.Lock()
	extended := w.extended
	w.mu.Unlock()
	own := func(path string) bool { return strings.HasPrefix(path, w.module+"/") }
	var failed error
	var inFolder map[string]toolchain.Package
	if !extended && !slices.ContainsFunc(paths, own) {
		listed, err := w.list(ctx, w.dir, w.folderEnv(), paths)
		if err == nil {
			err = w.faults(listed, paths)
		}
		if tolerant && listed != nil {
			return listed, nil
		}
		if err == nil || isFault(err) || ctx.Err() != nil {
			return listed, err
		}
		failed, inFolder = err, listed
	}
	listed, err := w.list(ctx, w.home, w.importEnv(), paths)
	if err == nil {
		err = w.faults(listed, paths)
	}
	if tolerant && listed != nil {
		return listed, nil
	}
	if err != nil {
		if failed != nil && w.isShared() { // the session's module knows less than that
			return w.listApart(ctx, paths, inFolder, failed)
		}
		return nil, err
	}
	if failed != nil && !w.isShared() {
		w.mu.Lock()
		w.extended = true // by what the folder does not provide
		w.mu.Unlock()
	}
	return listed, nil
}

// isShared reports whether the folder has a workspace or a vendor folder, which the
// session's module cannot stand for.
func (w *Workspace) isShared() bool {
	return w.tool.GOWORK != "" && w.tool.GOWORK != "off" || w.root != "" && exists(filepath.Join(w.root, "vendor", "modules.txt"))
}

// isExtended reports whether the session's module requires more than the folder's does.
func (w *Workspace) isExtended() bool {
	if w.isShared() {
		return false
	}
	have := map[string]string{w.rootModule(): ""}
	if w.root != "" {
		for path, version := range requirements(w.tool.GOMOD) {
			have[path] = version
		}
	}
	for path, version := range requirements(filepath.Join(w.home, "go.mod")) {
		if v, ok := have[path]; !ok || v != version && path != w.rootModule() {
			return true
		}
	}
	return false
}

// rootModule is the path of the module that encloses the notebook.
func (w *Workspace) rootModule() string {
	return strings.TrimSuffix(strings.TrimSuffix(w.module, sessionElement), "/")
}

// requirements are the versions that a go.mod requires.
func requirements(file string) map[string]string {
	list := map[string]string{}
	text, err := os.ReadFile(file)
	if err != nil {
		return list
	}
	f, err := modfile.ParseLax(file, text, nil)
	if err != nil {
		return list // the go command tells
	}
	for _, r := range f.Require {
		list[r.Mod.Path] = r.Mod.Version
	}
	return list
}

// faults is what keeps packages from being used: nil if nothing does.
func (w *Workspace) faults(listed map[string]toolchain.Package, paths []string) error {
	c := w.foreign(listed)
	if slices.Contains(paths, cgoPackage) && !w.hasC() {
		c = append(c, cgoPackage)
	}
	if len(c) > 0 {
		return &CgoError{Packages: c}
	}
	var said []string
	compiled := false
	for _, path := range paths {
		e := listed[path]
		errs := e.DepsErrors
		if e.Error != nil {
			errs = append(errs, *e.Error)
		}
		for _, fault := range errs {
			text := w.fromNotebook(fault.Error())
			compiled = compiled || strings.HasPrefix(fault.Err, "# ")
			if !slices.Contains(said, text) {
				said = append(said, text)
			}
		}
		if len(errs) == 0 && e.ImportPath == "" {
			said = append(said, "no required module provides package "+path)
		}
	}
	if len(said) == 0 {
		return nil
	}
	err := &goError{command: "build", said: strings.Join(said, "\n"), err: errors.New("these do not build")}
	if compiled {
		return &faultError{err}
	}
	return err
}

// A faultError is of the packages' code: another module would not do better.
type faultError struct{ error }

func (e *faultError) Unwrap() error { return e.error }

func isFault(err error) bool {
	var fault *faultError
	var c *CgoError
	return errors.As(err, &fault) || errors.As(err, &c)
}
