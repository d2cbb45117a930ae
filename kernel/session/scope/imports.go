package scope

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

// An Importer reads packages for the type checker from the export data
// that the workspace's builds left. One instance serves a whole session, so that
// a package is read once and its types are the same in all cells.
type Importer struct {
	Files   map[string]string
	gc      types.Importer
	Aliases map[string]string
}

func NewImporter() *Importer {
	imp := &Importer{Files: map[string]string{}, Aliases: map[string]string{}}
	imp.gc = importer.ForCompiler(token.NewFileSet(), "gc", func(path string) (io.ReadCloser, error) {
		file, ok := imp.Files[path]
		if !ok {
			return nil, fmt.Errorf("no export data of package %q: it has not been built", path)
		}
		return os.Open(file)
	})
	return imp
}

// Import implements types.Importer.
func (imp *Importer) Import(path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	return imp.gc.Import(path)
}

// Alias is what the growing package calls an imported package: no name of a
// user's can clash with it.
func (s *Scope) Alias(importPath string) string {
	a := s.Importer.Aliases[importPath]
	if a == "" {
		a = fmt.Sprintf("%sp%d_%s", Reserved, len(s.Importer.Aliases), strings.Map(func(r rune) rune {
			if r == '_' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' {
				return r
			}
			return -1
		}, path.Base(importPath)))
		s.Importer.Aliases[importPath] = a
	}
	return a
}

// Export sees to it that the packages can be imported.
func (s *Scope) Export(ctx context.Context, paths []string) error {
	var missing []string
	for _, p := range paths {
		if p != "unsafe" && p != "C" && s.Importer.Files[p] == "" {
			missing = append(missing, p)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	files, err := s.Workspace.Exports(ctx, missing...)
	if err != nil {
		return &display.Failure{Name: "ImportError", Value: Recognisable(err.Error())}
	}
	maps.Copy(s.Importer.Files, files)
	return nil
}

// PackageName is the name that a package gives itself.
func (s *Scope) PackageName(ctx context.Context, importPath string) (string, error) {
	if importPath == "C" {
		return "", &display.Failure{Name: "ImportError", Value: `import "C" does not work in a cell: put the C code into a package of its own and import that`}
	}
	if err := s.Export(ctx, []string{importPath}); err != nil {
		return "", err
	}
	pkg, err := s.Importer.Import(importPath)
	if err != nil {
		return "", &display.Failure{Name: "ImportError", Value: fmt.Sprintf("import %q: %v", importPath, err)}
	}
	return pkg.Name(), nil
}

// Exported is what a package that was imported exports by a name, or nil.
func (s *Scope) Exported(path, name string) types.Object {
	pkg, err := s.Importer.Import(path)
	if err != nil || !token.IsExported(name) {
		return nil
	}
	return pkg.Scope().Lookup(name)
}

// Guesses are packages beyond the standard library that a cell may use without an import,
// by name. Notebooks of gonb do, whose goimports finds them.
var Guesses = map[string]string{"constraints": "golang.org/x/exp/constraints"}

// GuessImport finds the package that a cell means by a name that it did not import:
// of the standard ones so called the one that has most of what is taken from it, or
// nearly so called, else one that fetchGuesses has found. The workspace has the likelier
// ones first.
func (s *Scope) GuessImport(ctx context.Context, name string, selected map[string]bool) string {
	std, err := s.Workspace.StdNames(ctx)
	if err != nil {
		return "" // the checker will say that the name is undefined
	}
	best, most := "", 0
	for _, candidate := range std[name] {
		if s.Export(ctx, []string{candidate}) != nil {
			continue
		}
		pkg, err := s.Importer.Import(candidate)
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
	if guess := Guesses[name]; best == "" && s.Importer.Files[guess] != "" {
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
