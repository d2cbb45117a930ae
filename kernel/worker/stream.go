package worker

import (
	"os"
	"sync"
	"syscall"

	"locuslab/kernel/display"
)

// stream passes on what the worker writes to standard output or error.
//
// Reading and delivering are one step under a lock, so that drain can promise:
// all that was written before is delivered.
type stream struct {
	name display.Stream
	file *os.File
	to   *output

	mu   sync.Mutex
	buf  []byte
	text display.Characters
	tail []byte // the end of the text, for a worker that dies

	midLine bool   // what was delivered last ends within a line
	crash   *crash // for standard error
}

const tailSize = 8 << 10

func newStream(name display.Stream, file *os.File, to *output) *stream {
	return &stream{name: name, file: file, to: to, buf: make([]byte, 64<<10)}
}

// pump delivers text as it comes, until the stream is closed.
func (s *stream) pump() {
	raw, err := s.file.SyscallConn()
	if err != nil {
		return
	}
	_ = raw.Read(func(fd uintptr) bool { return !s.take(int(fd), 1<<20) }) // false waits for more
}

// drain delivers what has been written so far.
func (s *stream) drain() {
	raw, err := s.file.SyscallConn()
	if err != nil {
		return
	}
	_ = raw.Control(func(fd uintptr) { s.take(int(fd), 1<<20) })
}

// take delivers what is there, at most about max bytes when more keeps coming.
// It reports whether the stream is still open.
func (s *stream) take(fd, max int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for max > 0 {
		n, err := syscall.Read(fd, s.buf)
		switch {
		case err == syscall.EINTR:
			continue
		case err == syscall.EAGAIN:
			return true
		case err != nil || n == 0:
			s.deliver(s.text.Rest())
			return false
		}
		max -= n
		s.deliver(s.text.Take(s.buf[:n]))
	}
	return true
}

func (s *stream) deliver(text string) {
	if text == "" {
		return
	}
	s.tail = append(s.tail, text...)
	if len(s.tail) > 2*tailSize {
		s.tail = append([]byte(nil), s.tail[len(s.tail)-tailSize:]...)
	}
	if s.crash != nil {
		text = s.crash.keep(s, text)
	}
	s.write(text)
}

func (s *stream) write(text string) {
	if text != "" {
		s.midLine = text[len(text)-1] != '\n'
		s.to.do(func(o display.Output) { o.Write(s.name, text) })
	}
}

// last is the end of what was written.
func (s *stream) last() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return string(s.tail[max(0, len(s.tail)-tailSize):])
}
