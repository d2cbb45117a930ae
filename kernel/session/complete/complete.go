// Package complete answers what a front end asks while a user types: what the text before the
// cursor may become, and what the name at the cursor is, with its documentation.
//
// It knows what is declared (scope), where a cursor stands (cell) and how documentation is read
// (godoc). How a cell is checked it is told; it runs and builds nothing.
package complete

import (
	"context"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"locuslab/kernel/cell"
	"locuslab/kernel/display"
	"locuslab/kernel/godoc"
	"locuslab/kernel/session/scope"
)

// A Helper knows one session. Its methods must not be called at the same time.
type Helper struct {
	Scope *scope.Scope
	// Check has the type checker read items of a cell, whose faults do not matter. It
	// returns nil if nothing can be told.
	Check func(ctx context.Context, c *cell.Cell, items []cell.Item) *Checked
	Docs  *godoc.Reader
	Dir   string   // the working folder, for names of files
	Env   []string // the environment of the cells
}

// Checked is a cell that the type checker has read as far as it goes.
type Checked struct {
	Fset *token.FileSet // its positions have the lines and columns of the cell, in File
	File *ast.File
	Info *types.Info
	Pkg  *types.Package
	// Docs and Sources are the comments and texts of what the cell declares itself, by name
	// or type.method.
	Docs, Sources map[string]string
}

// File is the name that positions of the cell have in Checked.
const File = "In[0]"

// Complete returns what the text before the cursor may become, and the part of the code that
// it would replace; offsets are in bytes. Where nothing begins as it was typed, names that
// differ in case are offered.
func (h *Helper) Complete(ctx context.Context, code string, cursor int) (matches []display.Match, start, end int) {
	cursor = min(max(cursor, 0), len(code))
	if matches, start, ok := h.inProgram(code, cursor); ok {
		return matches, start, cursor
	}
	at := cell.At(code, cursor)
	var list []display.Match
	switch at.Place {
	case cell.InComment, cell.InRune, cell.InNumber:
		return nil, cursor, cursor
	case cell.InImport:
		list = h.importPaths(ctx, code[at.Start:cursor])
	case cell.InString:
		list, at.Start = h.fileNames(code[:cursor], at.Start, false)
		return list, at.Start, cursor
	case cell.InShell:
		list, at.Start = h.fileNames(code[:cursor], lastWord(code, at.Start, cursor), false)
		return list, at.Start, cursor
	case cell.InMagic:
		return h.line(ctx, code, at.Start, cursor)
	default:
		list = h.names(ctx, code, cursor, at)
	}
	return matching(list, code[at.Start:cursor]), at.Start, cursor
}

// names lists what may stand at a cursor in Go code.
func (h *Helper) names(ctx context.Context, code string, cursor int, at cell.Cursor) []display.Match {
	if at.Dot {
		return matchesOf(h.members(ctx, code, cursor, at))
	}
	return h.visible(ctx, code, cursor, at)
}

// matching are the matches that begin with what was typed, each once and in order; those that
// differ in case if there is no other.
func matching(list []display.Match, typed string) []display.Match {
	begins := func(same func(name string) bool) []display.Match {
		found := map[string]display.Match{}
		for _, m := range list {
			if _, met := found[m.Text]; !met && same(m.Text) && m.Text != "_" && !scope.IsReserved(m.Text) {
				found[m.Text] = m
			}
		}
		var sorted []display.Match
		for _, m := range found {
			sorted = append(sorted, m)
		}
		slices.SortFunc(sorted, func(a, b display.Match) int {
			// Fields of a literal come before names that may stand there as well.
			if a.Kind != b.Kind && (a.Kind == fieldKey || b.Kind == fieldKey) {
				if a.Kind == fieldKey {
					return -1
				}
				return 1
			}
			return strings.Compare(a.Text, b.Text)
		})
		for i := range sorted {
			if sorted[i].Kind == fieldKey {
				sorted[i].Kind = "property"
			}
		}
		return sorted
	}
	if found := begins(func(name string) bool { return strings.HasPrefix(name, typed) }); found != nil || typed == "" {
		return found
	}
	return begins(func(name string) bool {
		return len(name) >= len(typed) && strings.EqualFold(name[:len(typed)], typed)
	})
}

// fieldKey is the kind of a field in a literal until the matches are sorted.
const fieldKey = "key"
