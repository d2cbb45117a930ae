package session

import (
	"context"
	"fmt"
	"go/importer"
	"go/token"
	"go/types"
	"io"
	"maps"
	"os"
	"path"
	"slices"
	"strings"

	"locuslab/kernel/display"
)

// An packageImporter reads packages for the type checker from the export data
// that the workspace's builds left. One instance serves a whole session, so that
// a package is read once and its types are the same in all cells.
type packageImporter struct {
	files   map[string]string
	gc      types.Importer
	aliases map[string]string
}

func newImporter() *packageImporter {
	imp := &packageImporter{files: map[string]string{}, aliases: map[string]string{}}
	imp.gc = importer.ForCompiler(token.NewFileSet(), "gc", func(path string) (io.ReadCloser, error) {
		file, ok := imp.files[path]
		if !ok {
			return nil, fmt.Errorf("no export data of package %q: it has not been built", path)
		}
		return os.Open(file)
	})
	return imp
}

// Import implements types.Importer.
func (imp *packageImporter) Import(path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	return imp.gc.Import(path)
}

// alias is what the growing package calls an imported package: no name of a
// user's can clash with it.
func (s *scope) alias(importPath string) string {
	a := s.importer.aliases[importPath]
	if a == "" {
		a = fmt.Sprintf("p%s%d_%s", reserved, len(s.importer.aliases), strings.Map(func(r rune) rune {
			if r == '_' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' {
				return r
			}
			return -1
		}, path.Base(importPath)))
		s.importer.aliases[importPath] = a
	}
	return a
}

// export sees to it that the packages can be imported.
func (s *scope) export(ctx context.Context, paths []string) error {
	var missing []string
	for _, p := range paths {
		if p != "unsafe" && p != "C" && s.importer.files[p] == "" {
			missing = append(missing, p)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	files, err := s.workspace.Exports(ctx, missing...)
	if err != nil {
		return &display.Failure{Name: "ImportError", Value: recognisable(err.Error())}
	}
	maps.Copy(s.importer.files, files)
	return nil
}

// packageName is the name that a package gives itself.
func (s *scope) packageName(ctx context.Context, importPath string) (string, error) {
	if importPath == "C" {
		return "", &display.Failure{Name: "ImportError", Value: `import "C" does not work in a cell: put the C code into a package of its own and import that`}
	}
	if err := s.export(ctx, []string{importPath}); err != nil {
		return "", err
	}
	pkg, err := s.importer.Import(importPath)
	if err != nil {
		return "", &display.Failure{Name: "ImportError", Value: fmt.Sprintf("import %q: %v", importPath, err)}
	}
	return pkg.Name(), nil
}

// exported is what a package that was imported exports by a name, or nil.
func (s *scope) exported(path, name string) types.Object {
	pkg, err := s.importer.Import(path)
	if err != nil || !token.IsExported(name) {
		return nil
	}
	return pkg.Scope().Lookup(name)
}

// guesses are packages beyond the standard library that a cell may use without an import,
// by name. Notebooks of gonb do, whose goimports finds them.
var guesses = map[string]string{"constraints": "golang.org/x/exp/constraints"}

// guessImport finds the package that a cell means by a name that it did not import:
// of the standard ones so called the one that has most of what is taken from it, or
// nearly so called, else one that fetchGuesses has found. The workspace has the likelier
// ones first.
func (s *scope) guessImport(ctx context.Context, name string, selected map[string]bool) string {
	std, err := s.workspace.StdNames(ctx)
	if err != nil {
		return "" // the checker will say that the name is undefined
	}
	best, most := "", 0
	for _, candidate := range std[name] {
		if s.export(ctx, []string{candidate}) != nil {
			continue
		}
		pkg, err := s.importer.Import(candidate)
		if err != nil {
			continue
		}
		if len(selected) == 0 {
			return candidate
		}
		if n := likeness(pkg.Scope(), selected); n > most {
			best, most = candidate, n
		}
	}
	if guess := guesses[name]; best == "" && s.importer.files[guess] != "" {
		return guess
	}
	return best
}

// likeness is how much a package is the one that selected is taken from. A slip in
// a name counts, too: the checker then tells that name, not the package's.
func likeness(exported *types.Scope, selected map[string]bool) (points int) {
	for sel := range selected {
		if obj := exported.Lookup(sel); obj != nil && obj.Exported() {
			points += 2
		} else if slices.ContainsFunc(exported.Names(), func(name string) bool { return token.IsExported(name) && nearly(name, sel) }) {
			points++
		}
	}
	return points
}

// nearly tells names that differ in case or in how they end.
func nearly(a, b string) bool {
	a, b = strings.ToLower(a), strings.ToLower(b)
	common := 0
	for common < min(len(a), len(b)) && a[common] == b[common] {
		common++
	}
	return a == b || common >= 3 && max(len(a), len(b))-common <= 3
}
