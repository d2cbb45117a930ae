package build

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"time"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
)

// What cells import to speak with the kernel is to be of the version that the kernel
// speaks with: gonbui, and the kernel's own packages, whose sources it carries along. A
// notebook of any folder has them. They are lines "replace" of the session's go.mod:
// these require nothing, and the go command looks there first for what no module that is
// required provides. A go.mod of the user's that says where such a module is to be taken
// from stays right.

const (
	ownModule  = "locuslab" // this module
	ownPrefix  = ownModule + "/kernel/"
	gonbModule = "github.com/janpfeifer/gonb"
)

// A providedModule is one that the kernel has for cells: a version of it, or a folder.
type providedModule struct{ path, version, dir string }

// provided are the modules that cells have besides those that are required; sources are
// the folders of the kernel's own packages, nil for none.
func (w *Workspace) provided() ([]providedModule, error) {
	var list []providedModule
	if version := ownVersions()[gonbModule]; version != "" {
		list = append(list, providedModule{path: gonbModule, version: version})
	}
	if w.own == nil {
		return list, nil
	}
	dir, err := w.writeOwn()
	if err != nil {
		return nil, fmt.Errorf("write the packages that the kernel provides: %w", err)
	}
	return append(list, providedModule{path: ownModule, dir: dir}), nil
}

// providedDir is where the kernel's own packages are written to.
func (w *Workspace) providedDir() string { return filepath.Join(w.cache, "provided") }

// writeOwn writes the kernel's own packages into a folder of the cache that is called by
// what is in it: it serves every notebook of the machine, and never changes.
func (w *Workspace) writeOwn() (string, error) {
	folders, err := fs.Glob(w.own, "*")
	if err != nil {
		return "", err
	}
	language := languageVersion(w.tool.GOVERSION)
	h := sha256.New()
	fmt.Fprintln(h, language)
	err = fs.WalkDir(w.own, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(w.own, name)
		fmt.Fprintf(h, "%s %q\n", name, text)
		return err
	})
	if err != nil {
		return "", err
	}
	dir := filepath.Join(w.providedDir(), hex.EncodeToString(h.Sum(nil)[:8]))
	now := time.Now()
	if os.Chtimes(dir, now, now) != nil { // it is not there yet
		pruneUnused(dir)
	}
	if err := copySources(w.own, filepath.Join(dir, "kernel"), "", language, folders...); err != nil {
		return "", err
	}
	return dir, writeFile(filepath.Join(dir, "go.mod"), []byte("module "+ownModule+"\n\ngo "+language+"\n"))
}

// ownPackages are the paths of the kernel's own packages.
func (w *Workspace) ownPackages() (paths []string) {
	if w.own == nil {
		return nil
	}
	folders, _ := fs.Glob(w.own, "*") // the pattern is right
	for _, folder := range folders {
		paths = append(paths, ownPrefix+folder)
	}
	return paths
}

// addProvided adds modules to a session's go.mod unless the user's own says where they
// are; user is nil without one.
func addProvided(session, user *modfile.File, list []providedModule) error {
	for _, p := range list {
		if user != nil && saysWhere(user, p.path) {
			continue
		}
		to := p.dir
		if to == "" {
			to = p.path
		}
		if err := session.AddReplace(p.path, p.version, to, p.version); err != nil {
			return err
		}
	}
	return nil
}

// saysWhere reports whether a go.mod is of a module, requires or replaces it.
func saysWhere(f *modfile.File, path string) bool {
	return f.Module.Mod.Path == path ||
		slices.ContainsFunc(f.Require, func(r *modfile.Require) bool { return r.Mod.Path == path }) ||
		slices.ContainsFunc(f.Replace, func(r *modfile.Replace) bool { return r.Old.Path == path })
}

// providedSources are the modules of provided where their sources are.
func (w *Workspace) providedSources() (list []sourceModule) {
	text, err := os.ReadFile(filepath.Join(w.home, "go.mod"))
	if err != nil {
		return nil
	}
	f, err := modfile.Parse("go.mod", text, nil)
	if err != nil {
		return nil // the go command tells
	}
	for _, r := range f.Replace {
		switch escaped, err := module.EscapePath(r.New.Path); {
		case r.Old.Path == ownModule && r.New.Version == "":
			list = append(list, sourceModule{ownModule, r.New.Path})
		case r.Old.Path == gonbModule && r.New.Version != "" && err == nil:
			list = append(list, sourceModule{gonbModule, filepath.Join(w.tool.GOMODCACHE, escaped+"@"+r.New.Version)})
		}
	}
	return list
}

// lessonModules are what a lesson imports first.
var lessonModules = []string{"github.com/go-gota/gota", "gonum.org/v1/gonum", "gonum.org/v1/plot", "github.com/apache/arrow-go/v18"}

// ownVersions are the versions of the modules that this program was built with. A
// notebook that no module encloses starts with those of lessonModules, which are on the
// machine already.
func ownVersions() map[string]string {
	versions := map[string]string{}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return versions
	}
	for _, m := range info.Deps {
		if m.Replace == nil {
			versions[m.Path] = m.Version
		}
	}
	return versions
}
