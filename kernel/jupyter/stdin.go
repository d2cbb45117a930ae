package jupyter

import (
	"context"
	"errors"
	"log/slog"
	"sync"

	"locuslab/kernel/jupyter/wire"
)

var (
	errNoInput     = errors.New("the front end does not take input for this cell")
	errNoFrontEnd  = errors.New("the front end that runs this cell has no stdin connection to ask through")
	errInterrupted = errors.New("the wait for input was interrupted")
)

// stdin is the channel on which the kernel asks and the user answers.
type stdin struct {
	session string

	mu       sync.Mutex
	conns    map[string]*wire.Conn // by identity, which is that of the shell connection
	question string                // msg_id of the request that waits for its answer
	answer   chan string           // takes the answer
	cut      context.CancelFunc    // ends the wait
}

func newStdin(session string) *stdin {
	return &stdin{session: session, conns: map[string]*wire.Conn{}}
}

// serve takes the answers of a front end.
func (s *stdin) serve(c *wire.Conn, log *slog.Logger) {
	s.mu.Lock()
	s.conns[c.Identity()] = c
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		if s.conns[c.Identity()] == c {
			delete(s.conns, c.Identity())
		}
		s.mu.Unlock()
	}()
	for {
		m, err := c.Recv()
		var refused *wire.RefusedError
		if errors.As(err, &refused) {
			log.Warn("ignore a message", "channel", wire.Stdin, "err", err)
			continue
		}
		if err != nil {
			return
		}
		if err := s.take(m); err != nil {
			log.Warn("ignore an answer", "err", err)
		}
	}
}

func (s *stdin) take(m wire.Message) error {
	var content struct{ Value string }
	if m.Type != "input_reply" {
		return errors.New("the stdin channel takes input_reply, not " + m.Type)
	}
	if err := m.Decode(&content); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	// jupyter_client sends answers without a parent; those that have one can be told
	// from answers to an earlier question.
	if parent := m.ParentID(); s.answer == nil || parent != "" && parent != s.question {
		return errors.New("nothing was asked that it answers")
	}
	s.answer <- content.Value
	s.answer = nil
	return nil
}

// cancel ends the wait for an answer, if there is one.
func (s *stdin) cancel() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cut != nil {
		s.cut()
	}
}

// ask asks the front end that sent r.
func (s *stdin) ask(ctx context.Context, r request, prompt string, password bool) (string, error) {
	m, err := wire.New(s.session, "input_request", r.Raw, map[string]any{"prompt": prompt, "password": password})
	if err != nil {
		return "", err
	}
	wait, cut := context.WithCancel(ctx)
	defer cut()
	answer := make(chan string, 1)
	s.mu.Lock()
	c := s.conns[r.from.Identity()]
	s.question, s.answer, s.cut = m.ID, answer, cut
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		s.answer, s.cut = nil, nil
		s.mu.Unlock()
	}()
	if c == nil {
		return "", errNoFrontEnd
	}
	if err := c.Send(m); err != nil {
		return "", errNoFrontEnd
	}
	select {
	case line := <-answer:
		return line, nil
	case <-c.Done():
		return "", errNoFrontEnd
	case <-wait.Done():
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		return "", errInterrupted
	}
}
