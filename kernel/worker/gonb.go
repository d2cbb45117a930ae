package worker

import (
	"encoding/gob"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/janpfeifer/gonb/gonbui/protocol"
	"golang.org/x/sys/unix"

	"locuslab/kernel/cleanup"
	"locuslab/kernel/display"
	"locuslab/kernel/gonbcomm"
)

// gonbPipes are the kernel's ends of the two named pipes by which package
// gonbui, and libraries built on it, show things in a notebook.
type gonbPipes struct {
	process *Process
	dir     string
	from    *os.File                // what the worker shows
	to      *os.File                // what the kernel answers
	answers chan protocol.CommValue // on their way to the worker
	shown   map[string]bool         // display ids that exist: the next use updates

	scripts struct { // of package dom: the one that is to be taken away
		sync.Mutex
		clear func()
		timer *time.Timer
		since time.Time
		alone bool // no page answers; only used where displays are handled
	}

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
	g := &gonbPipes{process: p, dir: dir, shown: map[string]bool{}, answers: make(chan protocol.CommValue, mostAnswers)}
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
	return g, nil
}

// mostAnswers is how many values may wait for a worker that does not take them; further
// ones are lost, as under gonb.
const mostAnswers = 128

// answer writes what the worker is told until the pipes are closed.
func (g *gonbPipes) answer() {
	answers := gob.NewEncoder(g.to)
	for {
		select {
		case v := <-g.answers:
			if err := answers.Encode(&v); err != nil {
				g.process.log.Debug("answer gonbui", "err", err)
				return
			}
		case <-g.process.exited:
			return
		}
	}
}

// tell gives the worker a value under an address.
func (g *gonbPipes) tell(address string, value any) {
	select {
	case g.answers <- protocol.CommValue{Address: address, Value: value}:
	default:
		g.process.log.Warn("gonbui does not take its values", "address", address)
	}
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

// isDrained reports whether everything that the worker has sent so far is shown.
func (g *gonbPipes) isDrained() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.closed || g.idle && g.pending() == 0
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
		g.value(v)
		return
	}
	if v, ok := d.Data[protocol.MIMECommSubscribe].(protocol.CommSubscription); ok {
		g.subscribe(v)
		return
	}
	b := display.Bundle{Data: map[string]any{}, Metadata: d.Metadata, ID: d.DisplayID}
	for mime, content := range d.Data {
		b.Data[string(mime)] = content
	}
	if strings.HasPrefix(b.ID, transientScript) && p.bridge != nil {
		g.script(b)
		return
	}
	g.show(b)
}

// show shows a bundle, in place of the one that has its id already.
func (g *gonbPipes) show(b display.Bundle) {
	if b.ID != "" {
		b.Update = g.shown[b.ID]
		g.shown[b.ID] = true
	}
	g.process.out.do(func(o display.Output) { o.Display(b) })
}

// transientScript is what the display ids begin with in which package dom runs its
// scripts: each is shown, and taken away at once.
const transientScript = "gonb_transient_js_"

const (
	// renderWithin is how long a page may take to draw a new output: what takes its place
	// before is all that it draws.
	renderWithin = 100 * time.Millisecond
	// runWithin is how long a page that is there may take to run a script.
	runWithin = 30 * time.Second
	// scriptStays is how long a script stays at the least.
	scriptStays = 300 * time.Millisecond
)

// script runs a script of package dom in the page, or takes it away. The display id is
// the process's, which under gonb is one for each cell; here it is made so: the output of
// an earlier cell may be gone, and if not, the script would run there as well.
func (g *gonbPipes) script(b display.Bundle) {
	p := g.process
	p.mu.Lock()
	b.ID += "_" + strconv.Itoa(p.seq)
	p.mu.Unlock()
	g.scripts.Lock()
	if g.scripts.timer != nil {
		g.scripts.timer.Stop() // the next one takes its place
	}
	g.scripts.timer, g.scripts.clear = nil, nil
	g.scripts.Unlock()
	if text, _ := b.Data["text/html"].(string); text != "" {
		if g.ranOnPage(b, text) {
			return
		}
		isNew := !g.shown[b.ID]
		g.show(b)
		if isNew {
			select {
			case <-time.After(renderWithin):
			case <-p.living.Done():
			}
		}
		return
	}
	b.Update = true
	g.scripts.Lock()
	defer g.scripts.Unlock()
	g.scripts.clear = func() { p.out.do(func(o display.Output) { o.Display(b) }) }
	g.scripts.timer = time.AfterFunc(scriptStays, g.endScript)
	g.scripts.since = time.Now()
}

// ranOnPage shows a script and returns when the page says that it has run. It reports false
// where there is no page that could say so.
func (g *gonbPipes) ranOnPage(b display.Bundle, text string) bool {
	p := g.process
	if g.scripts.alone || g.reachPage() != nil {
		g.scripts.alone = true
		return false
	}
	receipt, ran := p.bridge.Receipt()
	b.Data = maps.Clone(b.Data)
	b.Data["text/html"] = text + receipt
	g.show(b)
	select {
	case <-ran:
	case <-time.After(runWithin):
	case <-p.living.Done():
	}
	return true
}

// endScript takes the script away that is still there.
func (g *gonbPipes) endScript() {
	g.scripts.Lock()
	clear := g.scripts.clear
	g.scripts.clear = nil
	g.scripts.Unlock()
	if clear != nil {
		clear()
	}
}

// awaitScript returns when no script is there any more, which would be saved.
func (g *gonbPipes) awaitScript() {
	g.scripts.Lock()
	isThere, since := g.scripts.clear != nil, g.scripts.since
	g.scripts.Unlock()
	if isThere {
		select {
		case <-time.After(time.Until(since.Add(scriptStays))):
		case <-g.process.living.Done():
		}
		g.endScript()
	}
}

// value sends a value to the page, or asks for one.
func (g *gonbPipes) value(v protocol.CommValue) {
	if v.Address == protocol.GonbuiSyncAddress {
		g.tell(protocol.GonbuiSyncAckAddress, v.Value)
		return
	}
	if !g.connect(v.Request || v.Address == protocol.GonbuiStartAddress) {
		return
	}
	switch bridge := g.process.bridge; {
	case v.Address == protocol.GonbuiStartAddress:
	case v.Request:
		bridge.Request(v.Address)
	default:
		bridge.Send(v.Address, v.Value)
	}
}

func (g *gonbPipes) subscribe(v protocol.CommSubscription) {
	if bridge := g.process.bridge; bridge != nil {
		bridge.Subscribe(v.Address, !v.Unsubscribe)
	}
	if !v.Unsubscribe {
		g.connect(true)
	}
}

// reachPage connects with the page, unless it is connected.
func (g *gonbPipes) reachPage() error {
	p := g.process
	if p.bridge == nil {
		return gonbcomm.ErrNoPage
	}
	return p.bridge.Connect(p.living, func(b display.Bundle) { p.out.do(func(o display.Output) { o.Display(b) }) })
}

// connect sees to it that a page is there, and tells the user where none is. What waits
// for the page would wait for ever: it is interrupted.
func (g *gonbPipes) connect(waits bool) bool {
	p := g.process
	err := g.reachPage()
	if err == nil {
		return true
	}
	p.out.do(func(o display.Output) { o.Display(display.Notice(err.Error())) })
	if waits {
		p.Interrupt(false)
	}
	return false
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
