package session

import (
	"context"
	"fmt"
	"go/scanner"
	"go/token"
	"maps"
	"path"
	"slices"
	"strconv"

	"locuslab/kernel/cell"
	"locuslab/kernel/display"
	"locuslab/kernel/session/scope"
)

// fetchImports has the packages built that items import. That may take long, and
// the network: the analysis, which holds the mutex, then finds them there.
// All are asked for at once: one may need another version of what another one needs.
func (s *Session) fetchImports(ctx context.Context, c *cell.Cell, items []cell.Item) error {
	var paths []string
	for _, item := range items {
		if item.Kind != cell.Import {
			continue
		}
		file, _, err := c.Parse(item)
		if err != nil {
			continue // the analysis tells
		}
		for _, spec := range file.Imports {
			path, err := strconv.Unquote(spec.Path.Value)
			if err != nil || path == "C" {
				continue
			}
			if path, err = s.workspace.Current(ctx, path); err != nil {
				return &display.Failure{Name: "ImportError", Value: scope.Recognisable(err.Error())}
			}
			paths = append(paths, path)
		}
	}
	files, err := s.workspace.Exports(ctx, paths...)
	if err != nil {
		return &display.Failure{Name: "ImportError", Value: scope.Recognisable(err.Error()), Cause: err}
	}
	s.fetchGuesses(ctx, c, items, paths)
	s.mu.Lock()
	defer s.mu.Unlock()
	for path, file := range files {
		if before := s.scope.Importer.Files[path]; before != "" && before != file {
			return &display.Failure{Name: "ImportError", Value: fmt.Sprintf("package %s has been read in another version, for a completion or a cell that failed: %%reset forgets that, and what was declared; then run the cells again", s.workspace.Original(path))}
		}
	}
	return nil
}

// fetchGuesses has the packages built that a cell means by a name of guesses. imported are
// those that it imports. The analysis decides whether it means them, and must not wait for
// the network: to it, one that cannot be had is a name that nothing defines.
func (s *Session) fetchGuesses(ctx context.Context, c *cell.Cell, items []cell.Item, imported []string) {
	for name := range qualifiers(c, items) {
		guess := scope.Guesses[name]
		s.mu.Lock()
		known := guess == "" || s.scope.Importer.Files[guess] != "" || s.scope.Names.Current[name] != nil || s.scope.Names.Imports[name] != ""
		s.mu.Unlock()
		if known || slices.ContainsFunc(imported, func(p string) bool { return path.Base(p) == name }) {
			continue
		}
		if files, err := s.workspace.Exports(ctx, guess); err == nil {
			s.mu.Lock()
			s.scope.Importer.Files[guess] = files[guess]
			s.mu.Unlock()
		}
	}
}

// qualifiers are the identifiers of which the code of items only ever selects something:
// it declares none of them, so that they are packages, or declared by other cells.
func qualifiers(c *cell.Cell, items []cell.Item) map[string]bool {
	only := map[string]bool{}
	for _, item := range items {
		source := []byte(c.Source(item))
		var tokens scanner.Scanner
		fset := token.NewFileSet()
		tokens.Init(fset.AddFile("", -1, len(source)), source, func(token.Position, string) {}, 0)
		before, name := token.ILLEGAL, "" // the token, and the identifier, in front of the next
		for {
			_, tok, text := tokens.Scan()
			if name != "" {
				as, met := only[name]
				only[name] = tok == token.PERIOD && (as || !met)
			}
			if tok == token.EOF {
				break
			}
			name = ""
			if tok == token.IDENT && before != token.PERIOD {
				name = text
			}
			before = tok
		}
	}
	maps.DeleteFunc(only, func(_ string, yes bool) bool { return !yes })
	return only
}
