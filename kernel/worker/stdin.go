package worker

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"locuslab/kernel/display"
	"locuslab/kernel/process"
)

// stdin is the kernel's end of the worker's standard input, a pipe. Nobody tells
// the kernel that a cell wants a line, so it looks.
type stdin struct {
	process *Process
	pipe    *os.File

	asking sync.Mutex
	closed bool
}

const lookEvery = 50 * time.Millisecond

// watch asks the user for a line whenever the worker waits for one, until ctx ends.
func (s *stdin) watch(ctx context.Context) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if s.isAwaited() {
			s.ask(ctx, "", false, s.isAwaited)
		}
	}
}

// isAwaited reports whether the worker waits for a line that it does not ask for itself: such
// a question it has sent before it waits.
func (s *stdin) isAwaited() bool {
	return process.AwaitsInput(s.process.Pid(), s.pipe) && s.process.gonb.isDrained()
}

// ask gets a line from the user and gives it to the worker, if it is still needed when
// other questions are answered.
func (s *stdin) ask(ctx context.Context, prompt string, password bool, needed func() bool) {
	s.asking.Lock()
	defer s.asking.Unlock()
	if s.closed || !needed() {
		return
	}
	p := s.process
	p.stdout.drain()
	p.stderr.drain()
	var line string
	var err error
	p.out.do(func(o display.Output) { line, err = o.Input(ctx, prompt, password) })
	if ctx.Err() != nil {
		return
	}
	if err == nil {
		_, err = s.pipe.WriteString(line + "\n")
	}
	if err != nil {
		p.out.do(func(o display.Output) {
			o.Display(display.Notice(fmt.Sprintf("standard input ends here: %v", err)))
		})
		s.closed = true
		if err := s.pipe.Close(); err != nil && !errors.Is(err, os.ErrClosed) {
			p.log.Debug("close the worker's standard input", "err", err)
		}
	}
}

// inputRequest asks on behalf of gonbui.RequestInput: the line comes to the cell
// through standard input.
func (p *Process) inputRequest(prompt string, password bool) {
	p.mu.Lock()
	if p.active == nil {
		p.mu.Unlock()
		return // Jupyter takes questions only while a cell runs
	}
	ctx := p.active.ctx
	p.mu.Unlock()
	p.stdin.ask(ctx, prompt, password, func() bool { return true })
}
