package build

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"

	"locuslab/kernel/build/toolchain"
)

// The session's module cannot stand for a workspace or a vendor folder: modules may be
// there and nowhere else. What the kernel provides to such a folder is listed in a module
// that has nothing else.

// listApart lists what the kernel provides apart from the rest, which a workspace or
// vendor folder has. inFolder is what that has of all, and failed why it is not enough.
func (w *Workspace) listApart(ctx context.Context, paths []string, inFolder map[string]toolchain.Package, failed error) (map[string]toolchain.Package, error) {
	var apart, rest []string
	modules := w.providedSources()
	for _, path := range paths {
		e, listed := inFolder[path]
		isProvided := slices.ContainsFunc(modules, func(m sourceModule) bool { return strings.HasPrefix(path, m.path+"/") })
		if isProvided && (!listed || e.Error != nil) {
			apart = append(apart, path)
		} else {
			rest = append(rest, path)
		}
	}
	if len(apart) == 0 {
		return nil, failed
	}
	all := map[string]toolchain.Package{}
	for _, part := range []struct {
		dir   string
		env   []string
		paths []string
	}{{w.dir, w.folderEnv(), rest}, {w.apartDir(), w.importEnv(), apart}} {
		if len(part.paths) == 0 {
			continue
		}
		listed, err := w.list(ctx, part.dir, part.env, part.paths)
		if err == nil {
			err = w.faults(listed, part.paths)
		}
		if err != nil {
			return nil, err
		}
		for path, e := range listed {
			if other, both := all[path]; both && other.Export != e.Export {
				return nil, fmt.Errorf("%s: the notebook's folder has another version of %s than these need: require their module there", strings.Join(apart, ", "), path)
			}
			all[path] = e
		}
	}
	return all, nil
}

// apartDir is the folder of the module that has what the kernel provides, and nothing else.
func (w *Workspace) apartDir() string { return filepath.Join(w.home, "apart") }

func (w *Workspace) writeApart(provided []providedModule) error {
	f := new(modfile.File)
	if err := f.AddModuleStmt(sessionElement); err != nil {
		return err
	}
	if err := f.AddGoStmt(languageVersion(w.tool.GOVERSION)); err != nil {
		return err
	}
	if err := addProvided(f, nil, provided); err != nil {
		return err
	}
	text, err := f.Format()
	if err != nil {
		return err
	}
	return writeFile(filepath.Join(w.apartDir(), "go.mod"), text)
}
