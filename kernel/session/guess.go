package session

import (
	"context"
	"go/scanner"
	"go/token"
	"maps"
	"path"
	"slices"

	"locuslab/kernel/cell"
)

// guesses are packages beyond the standard library that a cell may use without an import,
// by name. Notebooks of gonb do, whose goimports finds them.
var guesses = map[string]string{"constraints": "golang.org/x/exp/constraints"}

// fetchGuesses has the packages built that a cell means by a name of guesses. imported are
// those that it imports. The analysis decides whether it means them, and must not wait for
// the network: to it, one that cannot be had is a name that nothing defines.
func (s *Session) fetchGuesses(ctx context.Context, c *cell.Cell, items []cell.Item, imported []string) {
	for name := range qualifiers(c, items) {
		guess := guesses[name]
		s.mu.Lock()
		known := guess == "" || s.importer.files[guess] != "" || s.names.current[name] != nil || s.names.imports[name] != ""
		s.mu.Unlock()
		if known || slices.ContainsFunc(imported, func(p string) bool { return path.Base(p) == name }) {
			continue
		}
		if files, err := s.workspace.Exports(ctx, guess); err == nil {
			s.mu.Lock()
			s.importer.files[guess] = files[guess]
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
