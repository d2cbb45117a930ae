package magic

import (
	"os"
	"sync"
	"syscall"

	"locuslab/kernel/display"
)

// A pipe takes what a program prints to where its cell shows it, for as long as the
// program, or a job that it has left in the background, holds the other end open.
//
// Reading and showing are one step under a lock, so that drain can promise that all
// that was printed before is shown.
type pipe struct {
	read *os.File
	show func(text string)

	mu   sync.Mutex
	buf  []byte
	text display.Characters
}

// newPipe returns a pipe and the end of it that a program is to have.
func newPipe(out display.Output, stream display.Stream, one *sync.Mutex) (*pipe, *os.File, error) {
	read, write, err := os.Pipe()
	if err != nil {
		return nil, nil, err
	}
	show := func(text string) { // one caller of the output at a time
		one.Lock()
		defer one.Unlock()
		out.Write(stream, text)
	}
	return &pipe{read: read, show: show, buf: make([]byte, 64<<10)}, write, nil
}

// pump shows text as it comes, until nobody holds the other end any more.
func (p *pipe) pump() {
	defer p.read.Close()
	if raw, err := p.read.SyscallConn(); err == nil {
		_ = raw.Read(func(fd uintptr) bool { return !p.take(int(fd)) }) // false waits for more
	}
}

// drain shows what has been printed so far.
func (p *pipe) drain() {
	if raw, err := p.read.SyscallConn(); err == nil {
		_ = raw.Control(func(fd uintptr) { p.take(int(fd)) })
	}
}

// take shows what is there, about a megabyte when more keeps coming. It reports
// whether the other end is still open.
func (p *pipe) take(fd int) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	for taken := 0; taken < 1<<20; {
		n, err := syscall.Read(fd, p.buf)
		switch {
		case err == syscall.EINTR:
			continue
		case err == syscall.EAGAIN:
			return true
		case err != nil || n == 0:
			p.put(p.text.Rest())
			return false
		}
		taken += n
		p.put(p.text.Take(p.buf[:n]))
	}
	return true
}

// put shows text, if there is any.
func (p *pipe) put(text string) {
	if text != "" {
		p.show(text)
	}
}
