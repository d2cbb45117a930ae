package session

import (
	"context"
	"slices"

	"locuslab/kernel/cell"
	"locuslab/kernel/magic"
)

// Queue tells of a cell that will be executed: "Run All" sends all at once. It
// is compiled while the cells before it run.
func (s *Session) Queue(code string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queued = append(s.queued, normalise(code))
}

// dequeue notes that a cell is executed now; those queued before it were skipped.
func (s *Session) dequeue(code string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := slices.Index(s.queued, code); i >= 0 {
		s.queued = s.queued[i+1:]
	}
}

// compileAhead compiles the next queued cell while one runs. The function that
// it returns waits until it is done, which is before the next cell is looked at.
// count is the number that the next cell will have.
//
// What the running cell declares is known already, so the next one means what
// it will mean then; if the running one fails the work is thrown away.
func (s *Session) compileAhead(ctx context.Context, count int) (wait func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ahead = nil
	if len(s.queued) == 0 {
		return func() {}
	}
	code := s.queued[0]
	if m, err := magic.Parse(code); err == nil && m != nil && m.Name == "time" {
		code = m.Args + m.Body
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		c := cell.Split(code)
		list := segments(c)
		if s.splitFailure(c, 0) != nil || len(list) != 1 || list[0].magic != nil {
			return
		}
		built, err := s.compile(ctx, c, list[0].items, count)
		if err != nil {
			return // it will be told when the cell is executed
		}
		s.mu.Lock()
		s.ahead = built
		s.mu.Unlock()
	}()
	return func() { <-done }
}

// takeAhead returns the unit compiled ahead if it is that of the items.
func (s *Session) takeAhead(c *cell.Cell, items []cell.Item) *compiled {
	s.mu.Lock()
	defer s.mu.Unlock()
	built := s.ahead
	s.ahead = nil
	if built == nil || built.unit.cell.Text != c.Text || len(built.unit.items) != len(items) {
		return nil
	}
	return built
}
