package main

import (
	"context"

	"locuslab/kernel/display"
	"locuslab/kernel/jupyter"
	"locuslab/kernel/session"
)

// engine is a session as the wire wants it. It is opened in the background, so
// that the kernel answers at once, and a session that cannot be opened is the
// failure of a cell, which a user sees, not of the kernel, which shows as an
// endless "connecting".
type engine struct {
	opened   chan struct{} // closed when session and err are set
	session  *session.Session
	err      error
	end      context.CancelFunc
	progress progress
}

func newEngine(ctx context.Context, o session.Options) *engine {
	// Not ended with ctx: the session ends by close, when the wire has let go of it.
	opening, end := context.WithCancel(context.WithoutCancel(ctx))
	e := &engine{opened: make(chan struct{}), end: end}
	o.Progress = e.progress.say
	go func() {
		defer close(e.opened)
		e.session, e.err = session.Open(opening, o)
	}()
	return e
}

// get waits for the session.
func (e *engine) get(ctx context.Context) (*session.Session, error) {
	select {
	case <-e.opened:
		return e.session, e.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// now is the session if it is open.
func (e *engine) now() (*session.Session, bool) {
	select {
	case <-e.opened:
		return e.session, e.err == nil
	default:
		return nil, false
	}
}

func (e *engine) Execute(ctx context.Context, code string, count int, out display.Output) error {
	shown := e.progress.attach(out)
	defer shown.detach()
	s, err := e.get(ctx)
	if err != nil {
		return err
	}
	return s.Execute(ctx, code, count, shown)
}

func (e *engine) Evaluate(ctx context.Context, expression string, count int, out display.Output) (display.Bundle, error) {
	s, err := e.get(ctx)
	if err != nil {
		return display.Bundle{}, err
	}
	return s.Evaluate(ctx, expression, count, out)
}

func (e *engine) Queue(code string) {
	if s, open := e.now(); open {
		s.Queue(code)
	}
}

func (e *engine) Unqueue() {
	if s, open := e.now(); open {
		s.Unqueue()
	}
}

func (e *engine) Interrupt() {
	if s, open := e.now(); open {
		s.Interrupt()
	}
}

func (e *engine) Complete(code string, cursor int) (matches []display.Match, start, end int) {
	s, open := e.now()
	if !open {
		return nil, cursor, cursor
	}
	return s.Complete(code, cursor)
}

func (e *engine) Inspect(code string, cursor, detail int) (display.Bundle, bool) {
	s, open := e.now()
	if !open {
		return display.Bundle{}, false
	}
	return s.Inspect(code, cursor, detail)
}

func (e *engine) IsComplete(code string) (status, indent string) {
	s, open := e.now()
	if !open {
		return "unknown", ""
	}
	return s.IsComplete(code)
}

func (e *engine) Variables(ctx context.Context) []display.Variable {
	s, open := e.now()
	if !open {
		return nil
	}
	return s.Variables(ctx)
}

func (e *engine) Show(ctx context.Context, name string) (display.Bundle, bool) {
	s, open := e.now()
	if !open {
		return display.Bundle{}, false
	}
	return s.Show(ctx, name)
}

var _ jupyter.VariableHandler = (*engine)(nil)

// close ends the session with everything that it has started.
func (e *engine) close() error {
	e.end()
	<-e.opened
	if e.err != nil {
		return nil
	}
	return e.session.Close()
}
