package build

import (
	"context"
	"encoding/json"
	"fmt"
	gobuild "go/build"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"locuslab/kernel/build/toolchain"
)

// C code cannot be loaded into a process that runs: the C compiler's linker has to have
// it. So packages with C code get a worker that is linked with them, which loads cells
// like any other; in its cells all packages are as cgo makes them.

// cgoPackage is the package of the standard library that is made of C code.
const cgoPackage = "runtime/cgo"

// hasC reports whether the worker is linked with C code.
func (w *Workspace) hasC() bool { return len(w.c) > 0 }

// CgoError says that packages have C code with which the worker is not linked.
type CgoError struct{ Packages []string }

func (e *CgoError) Error() string {
	has := "has"
	if len(e.Packages) > 1 {
		has = "have"
	}
	return fmt.Sprintf("%s %s C code, which only a process that is linked with it can run", strings.Join(e.Packages, ", "), has)
}

// WithC opens a workspace of the same folder whose worker is linked with packages that
// have C code; none, for one without. It takes the place of this one, which is closed.
func (w *Workspace) WithC(ctx context.Context, packages []string) (*Workspace, error) {
	if len(packages) > 0 {
		if err := w.checkCC(); err != nil {
			return nil, fmt.Errorf("%s: %w", strings.Join(packages, ", "), err)
		}
	}
	next, err := OpenWorkspace(ctx, w.dir, Options{w.cache, w.progress, w.own})
	if err != nil {
		return nil, err
	}
	next.c = slices.Compact(slices.Sorted(slices.Values(packages)))
	return next, w.Close()
}

// IsLinked reports whether the worker is linked with all of some packages.
func (w *Workspace) IsLinked(packages []string) bool {
	return !slices.ContainsFunc(packages, func(p string) bool { return !slices.Contains(w.c, p) })
}

// listC lists the packages with C code that the worker is linked with, and all that they
// import. One that does not build, or has gone, is left out: a cell that imports it
// hears of it.
func (w *Workspace) listC(ctx context.Context) (map[string]toolchain.Package, error) {
	if !w.hasC() {
		return nil, nil
	}
	extended := w.isExtended()
	w.mu.Lock()
	w.extended = extended
	w.mu.Unlock()
	listed, err := w.listFolder(ctx, true, w.c)
	if err != nil {
		return nil, fmt.Errorf("list the packages with C code: %w", err)
	}
	kept := map[string]toolchain.Package{}
	for _, path := range w.c {
		e := listed[path]
		if e.Export == "" || e.Error != nil || len(e.DepsErrors) > 0 {
			continue
		}
		for _, p := range append(e.Deps, path) {
			kept[p] = listed[p]
		}
	}
	return kept, nil
}

// foreign are the packages of which go build would take C code, and with which the
// worker is not linked.
func (w *Workspace) foreign(listed map[string]toolchain.Package) (paths []string) {
	if w.isCgoOff() {
		return nil
	}
	for path, e := range listed {
		if !e.Standard && w.takesC(e) && !w.isHeld(path) {
			paths = append(paths, path)
		}
	}
	slices.Sort(paths)
	return paths
}

// isHeld reports whether the worker is linked with a package.
func (w *Workspace) isHeld(path string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if slices.Contains(w.c, path) {
		return true
	}
	if w.worker == nil {
		return false
	}
	_, held := w.worker.Packages[path]
	return held
}

// takesC reports whether go build would take C code of a package.
func (w *Workspace) takesC(e toolchain.Package) bool {
	if w.hasC() {
		return len(e.CgoFiles)+len(e.SwigFiles)+len(e.SwigCXXFiles) > 0
	}
	if e.Dir == "" || len(e.IgnoredGoFiles) == 0 {
		return false
	}
	settings := gobuild.Default
	settings.CgoEnabled, settings.GOROOT = true, w.tool.GOROOT
	for _, flag := range w.codeFlags() {
		if tags, ok := strings.CutPrefix(strings.TrimLeft(strings.Trim(flag, `'"`), "-"), "tags="); ok {
			settings.BuildTags = strings.Split(tags, ",")
		}
	}
	p, err := settings.ImportDir(e.Dir, 0)
	return err == nil && len(p.CgoFiles) > 0
}

// RememberC notes which packages with C code a notebook of this module imports.
func (w *Workspace) RememberC(notebook string, packages []string) error {
	all := w.readC()
	c := slices.Sorted(slices.Values(slices.Concat(all[notebook], packages)))
	all[notebook] = slices.Compact(c)
	text, err := json.Marshal(all)
	if err == nil {
		err = writeFile(w.cFile(), text)
	}
	if err != nil {
		return fmt.Errorf("note which packages with C code a notebook imports: %w", err)
	}
	return nil
}

// NeedsC are the packages with C code that a notebook has imported in earlier sessions.
func (w *Workspace) NeedsC(notebook string) []string { return w.readC()[notebook] }

// readC reads what RememberC has noted, by notebook.
func (w *Workspace) readC() map[string][]string {
	all := map[string][]string{}
	if text, err := os.ReadFile(w.cFile()); err == nil && json.Unmarshal(text, &all) != nil {
		return map[string][]string{} // a damaged file of the cache is replaced
	}
	return all
}

func (w *Workspace) cFile() string { return filepath.Join(w.home, "needs-c.json") }

// isCgoOff reports whether the user does without C code. The go command does so by itself
// where there is no compiler; then that is what is to be told.
func (w *Workspace) isCgoOff() bool {
	return w.target != nil || w.tool.CGO_ENABLED == "0" && (os.Getenv("CGO_ENABLED") == "0" || w.checkCC() == nil)
}

// NoCompilerError says that there is no C compiler.
type NoCompilerError struct{ name string }

func (e *NoCompilerError) Error() string {
	return fmt.Sprintf("C code needs a C compiler, and there is no %s: install one (Debian, Ubuntu: apt install gcc libc6-dev) or set CC, then restart the kernel", e.name)
}

// checkCC tells early that the C compiler is lacking.
func (w *Workspace) checkCC() error {
	cc := append(strings.Fields(w.tool.CC), "gcc")[0]
	if _, err := exec.LookPath(cc); err != nil {
		return &NoCompilerError{cc}
	}
	return nil
}
