package build

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// stdPackages maps each importable package of the standard library to its name.
// The list is kept in the cache, as asking for it takes a third of a second. A worker
// that links cells itself was built with one.
func (w *Workspace) stdPackages(ctx context.Context) (map[string]string, error) {
	if w.static {
		image, err := w.image(ctx)
		if err != nil {
			return nil, err
		}
		std := map[string]string{"unsafe": "unsafe"}
		for path, e := range image.Packages {
			if e.Std && isImportable(path) {
				std[path] = e.Name
			}
		}
		return std, nil
	}
	file := filepath.Join(w.cache, "std", fmt.Sprintf("%s-%s.txt", strings.Fields(w.tool.GOVERSION)[0], w.tool.GOARCH))
	text, err := os.ReadFile(file)
	if err != nil || !strings.Contains(string(text), "\nunsafe unsafe\n") { // not there, or not whole
		if text, err = w.goCommand(ctx, "list", "-f", "{{.ImportPath}} {{.Name}}", "std"); err != nil {
			return nil, fmt.Errorf("list the standard library: %w", err)
		}
		if err := writeFile(file, text); err != nil {
			return nil, fmt.Errorf("keep the list of the standard library in the cache: %w", err)
		}
	}
	std := map[string]string{}
	for line := range strings.Lines(string(text)) {
		path, name, ok := strings.Cut(strings.TrimSpace(line), " ")
		if ok && name != "main" && isImportable(path) {
			std[path] = name
		}
	}
	return std, nil
}

// isImportable reports whether a package of the standard library is for others.
func isImportable(path string) bool {
	return !slices.Contains(strings.Split(path, "/"), "internal") && !strings.HasPrefix(path, "vendor/")
}

// StdNames maps the name of each package of the standard library to the paths
// that provide it, the likelier first: "rand" to math/rand/v2, math/rand,
// crypto/rand.
func (w *Workspace) StdNames(ctx context.Context) (map[string][]string, error) {
	std, err := w.stdPackages(ctx)
	if err != nil {
		return nil, err
	}
	names := map[string][]string{}
	for path, name := range std {
		names[name] = append(names[name], path)
	}
	for name, paths := range names {
		slices.SortFunc(paths, func(a, b string) int {
			if d := unlikely(a) - unlikely(b); d != 0 {
				return d
			}
			return strings.Compare(a, b)
		})
		names[name] = paths
	}
	return names, nil
}

// unlikely ranks packages of one name.
func unlikely(path string) int {
	switch path {
	case "math/rand/v2", "text/template", "text/scanner":
		return 0
	case "math/rand", "html/template":
		return 1
	}
	return 2
}
