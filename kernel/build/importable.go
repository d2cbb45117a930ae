package build

import (
	"context"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"locuslab/kernel/build/toolchain"
)

// A sourceModule is one that imports can be of.
type sourceModule struct{ path, dir string }

// Importable lists import paths that begin with a text: packages of the standard library and
// of the notebook's own module, and of the modules that it requires. A module that the text
// does not reach into is listed by its path alone, with a slash behind it.
func (w *Workspace) Importable(ctx context.Context, begun string) ([]string, error) {
	image, err := w.image(ctx)
	if err != nil {
		return nil, err
	}
	var paths []string
	for p, e := range image.Packages {
		if e.Standard && isImportable(p) && strings.HasPrefix(p, begun) {
			paths = append(paths, p)
		}
	}
	for _, m := range w.modules(ctx) {
		switch {
		case m.dir == "":
		case m.path == w.rootModule() && w.root != "":
			paths = append(paths, w.packagesBelow(m, begun, true)...)
		case strings.HasPrefix(begun, m.path):
			paths = append(paths, w.packagesBelow(m, begun, false)...)
		case strings.HasPrefix(m.path, begun):
			if hasGoFiles(m.dir) {
				paths = append(paths, m.path)
			}
			paths = append(paths, m.path+"/")
		}
	}
	slices.Sort(paths)
	return slices.Compact(paths), nil
}

// modules are those that the notebook's folder sees, as the go command lists them. The list is
// kept until a go.mod changes.
func (w *Workspace) modules(ctx context.Context) []sourceModule {
	stamp := modified(w.tool.GOMOD) + modified(w.tool.GOWORK) + modified(filepath.Join(w.home, "go.mod"))
	w.mu.Lock()
	list, kept := w.modulesSeen, w.modulesStamp == stamp
	w.mu.Unlock()
	if kept {
		return list
	}
	dir, env := w.home, w.sessionEnv()
	if w.isShared() {
		dir, env = w.dir, w.folderEnv()
	}
	if vendored := filepath.Join(w.root, "vendor"); w.root != "" && exists(filepath.Join(vendored, "modules.txt")) {
		list = append([]sourceModule{{w.rootModule(), w.root}}, vendoredModules(vendored)...)
	} else {
		out, err := w.runGo(ctx, dir, env, "list", "-e", "-m", "-f", "{{.Path}}\t{{.Dir}}", "all")
		if err != nil {
			return nil
		}
		for line := range strings.Lines(string(out)) {
			if p, d, _ := strings.Cut(strings.TrimSpace(line), "\t"); p != w.module {
				list = append(list, sourceModule{p, d})
			}
		}
	}
	for _, p := range w.providedSources() {
		if !slices.ContainsFunc(list, func(m sourceModule) bool { return m.path == p.path }) {
			list = append(list, p)
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.modulesSeen, w.modulesStamp = list, stamp
	return list
}

// vendoredModules are those that have packages in a vendor folder.
func vendoredModules(dir string) (list []sourceModule) {
	text, err := os.ReadFile(filepath.Join(dir, "modules.txt"))
	if err != nil {
		return nil
	}
	for line := range strings.Lines(string(text)) {
		if words := strings.Fields(line); len(words) > 2 && words[0] == "#" {
			list = append(list, sourceModule{words[1], filepath.Join(dir, filepath.FromSlash(words[1]))})
		}
	}
	return list
}

// packagesBelow walks the folders of a module for packages whose paths begin with a text.
func (w *Workspace) packagesBelow(m sourceModule, begun string, own bool) (paths []string) {
	from := m.dir
	if rest, ok := strings.CutPrefix(begun, m.path+"/"); ok { // no need to look elsewhere
		from = filepath.Join(m.dir, filepath.FromSlash(path.Dir(rest)))
	}
	_ = filepath.WalkDir(from, func(dir string, e fs.DirEntry, err error) error {
		if err != nil || !e.IsDir() {
			return nil // what cannot be read is not offered
		}
		name := e.Name()
		if dir != m.dir {
			if name == "testdata" || name == "vendor" || name == "node_modules" || strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") ||
				name == "internal" && !own || exists(filepath.Join(dir, "go.mod")) {
				return fs.SkipDir
			}
		}
		rel, err := filepath.Rel(m.dir, dir)
		if err != nil {
			return nil
		}
		if p := path.Join(m.path, filepath.ToSlash(rel)); strings.HasPrefix(p, begun) && hasGoFiles(dir) {
			paths = append(paths, p)
		}
		return nil
	})
	return paths
}

// hasGoFiles reports whether a folder has Go files besides tests.
func hasGoFiles(dir string) bool {
	entries, err := os.ReadDir(dir)
	return err == nil && slices.ContainsFunc(entries, func(e fs.DirEntry) bool {
		return strings.HasSuffix(e.Name(), ".go") && !strings.HasSuffix(e.Name(), "_test.go")
	})
}

// modified tells when a file was changed last; nothing of one that is not there.
func modified(file string) string {
	info, err := os.Stat(file)
	if err != nil || !info.Mode().IsRegular() {
		return "-"
	}
	return info.ModTime().String()
}

// PackageDir is the folder of a package's source as far as that is known without asking the go
// command: of the standard library, and of what was imported. It is empty for any other.
func (w *Workspace) PackageDir(ctx context.Context, importPath string) string {
	image, err := w.image(ctx)
	if err != nil {
		return ""
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	var e toolchain.Package
	for _, known := range []map[string]toolchain.Package{image.Packages, w.exports} {
		if k, ok := known[importPath]; ok {
			e = k
			break
		}
	}
	switch {
	case e.Dir != "":
		return e.Dir
	case e.Standard:
		return filepath.Join(w.tool.GOROOT, "src", filepath.FromSlash(importPath))
	}
	return ""
}
