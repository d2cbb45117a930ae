package build

import (
	"context"
	"slices"
	"strings"
)

// StdNames maps the name of each package of the standard library to the paths
// that provide it, the likelier first: "rand" to math/rand/v2, math/rand,
// crypto/rand.
func (w *Workspace) StdNames(ctx context.Context) (map[string][]string, error) {
	image, err := w.image(ctx)
	if err != nil {
		return nil, err
	}
	packages := image.Packages
	if w.std != nil {
		packages = w.std
	}
	names := map[string][]string{"unsafe": {"unsafe"}}
	for path, e := range packages {
		if e.Standard && isImportable(path) {
			names[e.Name] = append(names[e.Name], path)
		}
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

// isImportable reports whether a package of the standard library is for others.
func isImportable(path string) bool {
	return !slices.Contains(strings.Split(path, "/"), "internal") && !strings.HasPrefix(path, "vendor/")
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
