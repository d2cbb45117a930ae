package worker

import (
	"encoding/gob"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"syscall"

	"github.com/janpfeifer/gonb/gonbui/protocol"
	"golang.org/x/sys/unix"

	"locuslab/kernel/cleanup"
	"locuslab/kernel/display"
)

// gonbPipes are the kernel's ends of the two named pipes by which package
// gonbui, and libraries built on it, show things in a notebook.
type gonbPipes struct {
	process *Process
	dir     string
	from    *os.File // what the worker shows
	to      *os.File // what the kernel answers
	answers *gob.Encoder
	shown   map[string]bool // display ids that exist: the next use updates

	mu     sync.Mutex
	turned *sync.Cond
	idle   bool // pump waits for bytes
	closed bool
}

func newGonbPipes(p *Process) (*gonbPipes, error) {
	dir, err := cleanup.MkdirTemp("", "display")
	if err != nil {
		return nil, fmt.Errorf("make the folder of the display pipes: %w", err)
	}
	g := &gonbPipes{process: p, dir: dir, shown: map[string]bool{}}
	g.turned = sync.NewCond(&g.mu)
	// Opened for both directions: neither end waits for the other, and the pipes
	// stay open when a library closes and opens them again.
	open := func(name string) (*os.File, error) {
		path := filepath.Join(dir, name)
		if err := syscall.Mkfifo(path, 0o600); err != nil {
			return nil, fmt.Errorf("make the display pipe %s: %w", path, err)
		}
		return os.OpenFile(path, os.O_RDWR, 0)
	}
	if g.from, err = open("display"); err == nil {
		g.to, err = open("answer")
	}
	if err != nil {
		g.close()
		return nil, err
	}
	g.answers = gob.NewEncoder(g.to)
	return g, nil
}

// env tells gonbui, in the worker, where the pipes are.
func (g *gonbPipes) env(dir string) []string {
	return []string{
		protocol.GONB_PIPE_ENV + "=" + filepath.Join(g.dir, "display"),
		protocol.GONB_PIPE_BACK_ENV + "=" + filepath.Join(g.dir, "answer"),
		protocol.GONB_DIR_ENV + "=" + dir,
	}
}

func (g *gonbPipes) pump() {
	defer func() {
		g.mu.Lock()
		g.closed = true
		g.mu.Unlock()
		g.turned.Broadcast()
	}()
	messages := gob.NewDecoder(g)
	for {
		var d protocol.DisplayData
		if err := messages.Decode(&d); err != nil {
			select {
			case <-g.process.exited:
			default:
				g.process.log.Debug("display pipe ended", "err", err)
			}
			return
		}
		g.handle(d)
	}
}

// Read reads for the decoder. Taking bytes and leaving the idle state are one
// step under the lock, so that drain cannot miss bytes on their way.
func (g *gonbPipes) Read(buf []byte) (n int, err error) {
	raw, err := g.from.SyscallConn()
	if err != nil {
		return 0, err
	}
	g.setIdle(true)
	var readErr error
	err = raw.Read(func(fd uintptr) bool {
		g.mu.Lock()
		defer g.mu.Unlock()
		n, readErr = syscall.Read(int(fd), buf)
		if readErr == syscall.EAGAIN || readErr == syscall.EINTR {
			return false
		}
		g.idle = false
		return true
	})
	if err == nil {
		err = readErr
	}
	return max(n, 0), err
}

func (g *gonbPipes) setIdle(idle bool) {
	g.mu.Lock()
	g.idle = idle
	g.mu.Unlock()
	g.turned.Broadcast()
}

// drain returns when everything that the worker has sent so far is shown.
func (g *gonbPipes) drain() {
	g.mu.Lock()
	defer g.mu.Unlock()
	for !g.closed && !(g.idle && g.pending() == 0) {
		g.turned.Wait()
	}
}

// pending is the number of bytes that wait in the pipe.
func (g *gonbPipes) pending() (n int) {
	raw, err := g.from.SyscallConn()
	if err != nil {
		return 0
	}
	_ = raw.Control(func(fd uintptr) { n, _ = unix.IoctlGetInt(int(fd), pendingRequest) })
	return n
}

func (g *gonbPipes) handle(d protocol.DisplayData) {
	p := g.process
	p.stdout.drain()
	p.stderr.drain()
	if r, ok := d.Data[protocol.MIMEJupyterInput].(protocol.InputRequest); ok {
		p.inputRequest(r.Prompt, r.Password)
		return
	}
	if v, ok := d.Data[protocol.MIMECommValue].(protocol.CommValue); ok {
		if v.Address != protocol.GonbuiSyncAddress {
			return // widgets need a front end's comm, which the kernel does not offer
		}
		if err := g.answers.Encode(&protocol.CommValue{Address: protocol.GonbuiSyncAckAddress, Value: v.Value}); err != nil {
			p.log.Debug("answer gonbui.Sync", "err", err)
		}
		return
	}
	if _, ok := d.Data[protocol.MIMECommSubscribe]; ok {
		return
	}
	b := display.Bundle{Data: map[string]any{}, Metadata: d.Metadata, ID: d.DisplayID}
	for mime, content := range d.Data {
		b.Data[string(mime)] = content
	}
	if b.ID != "" {
		b.Update = g.shown[b.ID]
		g.shown[b.ID] = true
	}
	p.out.do(func(o display.Output) { o.Display(b) })
}

func (g *gonbPipes) close() {
	for _, f := range []*os.File{g.from, g.to} {
		if f != nil {
			f.Close()
		}
	}
	if err := os.RemoveAll(g.dir); err != nil {
		g.process.log.Debug("remove the display pipes", "err", err)
	}
}
