package build

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"

	"locuslab/kernel/build/toolchain"
)

// Get adds a package or module to the session's module, as %get pkg@version. The
// user's go.mod stays as it is. kept names the modules of which the running process
// has another version than it would get now.
func (w *Workspace) Get(ctx context.Context, spec string) (kept []string, err error) {
	if strings.HasPrefix(spec, "-") || strings.TrimSpace(spec) == "" {
		return nil, fmt.Errorf("get %q: give a package or module, for example gonum.org/v1/gonum@latest", spec)
	}
	unlock, err := w.lock(ctx, "module")
	if err != nil {
		return nil, err
	}
	defer unlock()
	if _, err := w.goCommand(ctx, "get", spec); err != nil {
		return nil, fmt.Errorf("get %s: %w", spec, err)
	}
	w.mu.Lock()
	w.extended = !w.isShared()
	w.mu.Unlock()
	return w.otherVersions()
}

// AutoGet says whether an import fetches the module that it needs, as it does unless told
// otherwise, or is an error until Get has fetched it.
func (w *Workspace) AutoGet(on bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.fixed = !on
}

func (w *Workspace) isFixed() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.fixed
}

// otherVersions compares what the process holds with what the session's module requires.
func (w *Workspace) otherVersions() (modules []string, err error) {
	goMod := filepath.Join(w.home, "go.mod")
	text, err := os.ReadFile(goMod)
	if err != nil {
		return nil, err
	}
	required, err := modfile.Parse(goMod, text, nil)
	if err != nil {
		return nil, err
	}
	now := map[string]string{}
	for _, r := range required.Require {
		if path, err := module.EscapePath(r.Mod.Path); err == nil {
			now[filepath.Join(w.tool.GOMODCACHE, path)] = r.Mod.Version
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	note := func(e toolchain.Package) {
		path, version := moduleVersion(e.Dir)
		if needed := now[path]; needed != "" && version != "" && needed != version {
			rel, _ := filepath.Rel(w.tool.GOMODCACHE, path)
			if text := fmt.Sprintf("%s %s, now %s", rel, version, needed); !slices.Contains(modules, text) {
				modules = append(modules, text)
			}
		}
	}
	if w.worker != nil {
		for _, e := range w.worker.Packages {
			note(e)
		}
	}
	for path, e := range w.exports {
		if w.inProcess[path] {
			note(e)
		}
	}
	slices.Sort(modules)
	return modules, nil
}

// ResetModule makes the session's go.mod anew from the user's: what %get and imports
// have added goes. What the process holds stays as it is.
func (w *Workspace) ResetModule(ctx context.Context) error {
	unlock, err := w.lock(ctx, "module")
	if err != nil {
		return err
	}
	defer unlock()
	for _, name := range []string{"go.mod", "go.sum", stampFile} {
		if err := os.Remove(filepath.Join(w.home, name)); err != nil && !os.IsNotExist(err) {
			return fmt.Errorf("reset the session's go.mod: %w", err)
		}
	}
	return w.writeModule()
}
