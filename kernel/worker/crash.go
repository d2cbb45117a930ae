package worker

import (
	"fmt"
	"strings"
	"time"
)

// A Go process that dies of a fatal error writes the stacks of all its goroutines
// to standard error, the kernel's own among them. They are kept back for Died, so
// that the user reads what the cells did and nothing else.

// crashMarks are how such a text begins, at the start of a line.
var crashMarks = []string{
	"fatal error: ", "panic: ", "runtime: goroutine stack exceeds ", "runtime: out of memory", "runtime: cannot allocate memory",
	"unexpected fault address ", "SIGSEGV: ", "SIGBUS: ", "SIGABRT: ", "SIGQUIT: ",
}

const (
	// crashWait is how long after its last part the process is asked whether it goes
	// on: a cell may write the same words.
	crashWait = 500 * time.Millisecond
	// maxCrash bounds what is kept: the first goroutine is the one that failed.
	maxCrash = 256 << 10
)

// crash is the text of a stream that may be a dying process's last.
type crash struct {
	alive   func() bool // waits until the process answers or has ended
	text    []byte
	dropped int
	timer   *time.Timer // running while text is kept back
	over    bool        // the process has ended
}

// keep takes the beginning of a crash's text out of what is delivered, and all
// that follows it. The stream's mutex is held.
func (c *crash) keep(s *stream, text string) (rest string) {
	if c.text == nil {
		at := crashAt(text, !s.midLine)
		if at < 0 {
			return text
		}
		rest, text = text[:at], text[at:]
		c.timer = time.AfterFunc(crashWait, func() {
			if c.alive() {
				s.release()
			}
		})
	} else if !c.over {
		c.timer.Reset(crashWait)
	}
	fits := min(len(text), maxCrash-len(c.text))
	c.text = append(c.text, text[:fits]...)
	c.dropped += len(text) - fits
	return rest
}

// release delivers what was kept back: the process goes on.
func (s *stream) release() {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.crash
	if c == nil || c.text == nil || c.over {
		return
	}
	c.timer.Stop()
	text := string(c.text)
	if c.dropped > 0 {
		text += fmt.Sprintf("\n… (%d bytes left out)\n", c.dropped)
	}
	c.text, c.dropped = nil, 0
	s.write(text)
}

// lastWords is what the process wrote of its own end: kept back, never delivered.
func (s *stream) lastWords() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.crash.over = true
	if s.crash.timer != nil {
		s.crash.timer.Stop()
	}
	return string(s.crash.text)
}

// crashAt finds the line at which a crash's text begins, or -1. lineStart tells
// that text begins a line.
func crashAt(text string, lineStart bool) int {
	for at := 0; at < len(text); {
		if at > 0 || lineStart {
			for _, mark := range crashMarks {
				if strings.HasPrefix(text[at:], mark) {
					return at
				}
			}
		}
		n := strings.IndexByte(text[at:], '\n')
		if n < 0 {
			break
		}
		at += n + 1
	}
	return -1
}

// crashReason is the runtime's own words for a fatal error, if there are any.
func crashReason(text string) string {
	more := "" // a limit that was exceeded is told in a line before
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, "runtime: ") && strings.Contains(line, " exceeds "):
			more = " (" + strings.TrimPrefix(line, "runtime: ") + ")"
		case strings.HasPrefix(line, "fatal error: "), strings.HasPrefix(line, "panic: "), strings.HasPrefix(line, "SIG"):
			return line + more
		}
	}
	return strings.TrimSpace(more)
}

// crashFrames are the calls of the goroutine that failed, innermost first.
func crashFrames(text string) []Frame {
	_, stack, ok := strings.Cut(text, "[running")
	if !ok {
		return nil
	}
	_, stack, _ = strings.Cut(stack, "\n")
	stack, _, _ = strings.Cut(stack, "\n\n")
	return stackFrames(stack)
}
