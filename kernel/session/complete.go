package session

import (
	"context"
	"strings"
	"time"

	"locuslab/kernel/build"
	"locuslab/kernel/cell"
	"locuslab/kernel/display"
	"locuslab/kernel/session/complete"
	"locuslab/kernel/session/frontend/probe"
)

// typing is the context of what a front end asks while the user types: an answer that
// comes late is of no use, and nothing is built or fetched for it.
func typing() (context.Context, context.CancelFunc) {
	return context.WithTimeout(build.Quickly(context.Background()), 700*time.Millisecond)
}

// helper answers what is asked while the user types. The mutex is held.
func (s *Session) helper() *complete.Helper {
	return &complete.Helper{Scope: s.scope, Check: s.look, Docs: &s.docs, Dir: s.dir, Env: s.environment()}
}

// look has items of a cell checked; what is wrong in it is passed over. The mutex is held.
func (s *Session) look(ctx context.Context, c *cell.Cell, items []cell.Item) *complete.Checked {
	u := probe.New(s.scope, s.units, c, items)
	u.Internal = true // the marker of a cursor is
	u.File = complete.File
	_ = u.Check(ctx) // its faults do not matter here
	if u.Info == nil {
		return nil
	}
	return &complete.Checked{Fset: u.Fset, File: u.Syntax, Info: u.Info, Pkg: u.Package, Docs: u.Docs, Sources: u.Texts}
}

// Complete returns what the text before the cursor may become, and the part of
// the code that it would replace; offsets are in bytes.
func (s *Session) Complete(code string, cursor int) (matches []display.Match, start, end int) {
	ctx, done := typing()
	defer done()
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.helper().Complete(ctx, code, cursor)
}

// Inspect tells what stands at the cursor, with detail its source.
func (s *Session) Inspect(code string, cursor, detail int) (display.Bundle, bool) {
	ctx, done := typing()
	defer done()
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.helper().Inspect(ctx, code, cursor, detail)
}

// question answers a line name?, name??, ?name, a search such as strings.Trim*?, or %magic?.
func (s *Session) question(line string) (display.Bundle, bool) {
	name := strings.Trim(line, "? \t")
	detail := 0
	if strings.Contains(line, "??") {
		detail = 1
	}
	ctx, done := typing()
	defer done()
	s.mu.Lock()
	defer s.mu.Unlock()
	switch h := s.helper(); {
	case strings.HasPrefix(name, "%"):
		return h.Magic(name)
	case strings.Contains(name, "*"):
		return h.Search(ctx, name)
	default:
		return h.Inspect(ctx, name, len(name), detail)
	}
}
