package session

import (
	"context"
	"slices"
	"strings"

	"locuslab/kernel/cell"
	"locuslab/kernel/magic"
)

// "Run All" sends all cells at once. The next one is compiled while a cell runs:
// what the running cell declares is known by then, so the next one means what it
// will mean when its turn comes. Whatever else changes what a cell means (a magic, a
// shell command, a cell that is not the one expected) voids it.

// An ahead is a cell being compiled ahead of its turn.
type ahead struct {
	text   string // of the cell
	items  int
	cancel context.CancelFunc
	done   chan struct{} // closed when what follows is set
	built  *compiled
	err    error
}

// Queue tells of a cell that will be executed when those before it are done.
func (s *Session) Queue(code string) {
	s.aheadMu.Lock()
	defer s.aheadMu.Unlock()
	s.queued = append(s.queued, normalise(code))
}

// Unqueue tells that the cells told of by Queue will not be executed: one before
// them has failed.
func (s *Session) Unqueue() {
	s.aheadMu.Lock()
	s.queued = nil
	s.aheadMu.Unlock()
	s.dropAhead()
}

// dequeue notes that a cell is executed now; those queued before it were skipped.
func (s *Session) dequeue(code string) {
	s.aheadMu.Lock()
	defer s.aheadMu.Unlock()
	if i := slices.Index(s.queued, code); i >= 0 {
		s.queued = s.queued[i+1:]
	}
}

// compileAhead begins to compile the next queued cell. count is the number that it
// will have. Nothing waits for it but the cell's own turn.
func (s *Session) compileAhead(count int) {
	s.aheadMu.Lock()
	defer s.aheadMu.Unlock()
	if len(s.queued) == 0 || s.ahead != nil {
		return
	}
	code := s.queued[0]
	if m, err := magic.Parse(code); err == nil && m != nil && m.Name == "time" {
		code = m.Args + m.Body
	}
	w := takeApart(code)
	if s.splitFailure(w.Cell, 0) != nil || len(w.segments) != 1 || w.segments[0].line != nil || strings.Contains(code, "//go:embed") {
		return // embedded files may be written by the cell that runs
	}
	ctx, cancel := context.WithCancel(context.Background())
	a := &ahead{text: code, items: len(w.segments[0].items), cancel: cancel, done: make(chan struct{})}
	s.ahead = a
	go func() {
		defer close(a.done)
		a.built, a.err = s.compile(ctx, w, w.segments[0].items, count)
	}()
}

// takeAhead returns the unit compiled ahead if it is that of the items; nil if there
// is none.
func (s *Session) takeAhead(ctx context.Context, w *work, items []cell.Item) (*compiled, error) {
	s.aheadMu.Lock()
	a := s.ahead
	s.ahead = nil
	s.aheadMu.Unlock()
	if a == nil {
		return nil, nil
	}
	defer a.cancel()
	if a.text != w.Text || a.items != len(items) {
		a.cancel()
		<-a.done
		return nil, nil
	}
	select {
	case <-a.done:
	case <-ctx.Done():
		a.cancel()
		<-a.done
		return nil, ctx.Err()
	}
	// What was wrong may be right by now, such as an import: the cell that ran may have
	// written the package.
	if a.err != nil {
		return nil, nil
	}
	return a.built, nil
}

// dropAhead ends what is compiled ahead. The session's mutex must not be held: the
// analysis holds it.
func (s *Session) dropAhead() {
	s.aheadMu.Lock()
	a := s.ahead
	s.ahead = nil
	s.aheadMu.Unlock()
	if a != nil {
		a.cancel()
		<-a.done
	}
}
