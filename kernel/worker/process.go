package worker

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"runtime"
	"sync"
	"syscall"
	"time"

	"locuslab/kernel/comm"
	"locuslab/kernel/display"
	"locuslab/kernel/gonbcomm"
	"locuslab/kernel/worker/wire"
)

// Process is a running worker. Its methods may be called from any goroutine;
// runs take turns.
type Process struct {
	log     *slog.Logger
	cmd     *exec.Cmd
	control *os.File
	stdin   *stdin
	stdout  *stream
	stderr  *stream
	gonb    *gonbPipes

	comms  *comm.Router     // nil for none
	bridge *gonbcomm.Bridge // nil for none
	living context.Context  // until the process ends, or is about to
	end    context.CancelFunc

	goroutine func(*Panic) string
	ended     func(*Died) string

	sending  sync.Mutex
	commands *json.Encoder

	running sync.Mutex // held by Run

	out output // where everything that the worker shows goes

	mu      sync.Mutex
	seq     int
	waiting map[int]chan wire.Event // Done and Reply events by seq
	active  *activeRun
	killed  bool
	died    *Died

	ready   chan struct{}
	exited  chan struct{} // closed when died is set and nothing more comes
	tasks   sync.WaitGroup
	closing sync.Once
}

// Start starts a worker and waits until it takes commands.
func Start(ctx context.Context, c Config) (*Process, error) {
	p := &Process{log: c.Log, waiting: map[int]chan wire.Event{}, ready: make(chan struct{}), exited: make(chan struct{})}
	p.ended, p.comms, p.bridge = c.Ended, c.Comms, c.Gonb
	p.living, p.end = context.WithCancel(context.Background())
	if p.goroutine = c.Goroutine; p.goroutine == nil {
		p.goroutine = goroutinePanic
	}
	if p.log == nil {
		p.log = slog.New(slog.DiscardHandler)
	}
	if err := p.start(c); err != nil {
		return nil, fmt.Errorf("start the worker %s in %s: %w", c.Exe, c.Dir, err)
	}
	select {
	case <-p.ready:
		return p, nil
	case <-p.exited:
		died := p.died
		p.Close()
		return nil, fmt.Errorf("start the worker %s: it ended at once: %w: %s", c.Exe, died, died.Stderr)
	case <-ctx.Done():
		p.Close()
		return nil, fmt.Errorf("start the worker %s: %w", c.Exe, ctx.Err())
	}
}

func (p *Process) start(c Config) (err error) {
	var files []*os.File // the worker's ends, closed here once it has them
	defer func() {
		for _, f := range files {
			f.Close()
		}
		if err != nil {
			p.release()
		}
	}()
	pair, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM, 0)
	if err != nil {
		return fmt.Errorf("make the control socket: %w", err)
	}
	syscall.CloseOnExec(pair[0])
	syscall.CloseOnExec(pair[1])
	if err := syscall.SetNonblock(pair[0], true); err != nil {
		return err
	}
	p.control = os.NewFile(uintptr(pair[0]), "control socket")
	p.commands = json.NewEncoder(p.control)
	theirs := os.NewFile(uintptr(pair[1]), "worker's control socket")
	files = append(files, theirs)

	stdinRead, stdinWrite, err := os.Pipe()
	if err != nil {
		return err
	}
	files = append(files, stdinRead)
	p.stdin = &stdin{process: p, pipe: stdinWrite}
	outRead, outWrite, err := os.Pipe()
	if err != nil {
		return err
	}
	files = append(files, outWrite)
	p.stdout = newStream(display.Stdout, outRead, &p.out)
	errRead, errWrite, err := os.Pipe()
	if err != nil {
		return err
	}
	files = append(files, errWrite)
	p.stderr = newStream(display.Stderr, errRead, &p.out)
	p.stderr.crash = &crash{alive: func() bool { return p.ask(wire.Command{Verb: wire.Ping}, replied) == nil }}
	if p.gonb, err = newGonbPipes(p); err != nil {
		return err
	}

	env := c.Env
	if env == nil {
		env = os.Environ()
	}
	p.cmd = exec.Command(c.Exe)
	p.cmd.Dir = c.Dir
	p.cmd.Env = append(append([]string{}, env...), p.gonb.env(c.Dir)...)
	p.cmd.Stdin, p.cmd.Stdout, p.cmd.Stderr = stdinRead, outWrite, errWrite
	p.cmd.ExtraFiles = []*os.File{theirs}
	p.cmd.SysProcAttr = processAttributes()

	started := make(chan error)
	go p.hold(started)
	if err := <-started; err != nil {
		return err
	}
	p.tasks.Go(p.receive)
	p.tasks.Go(p.stdout.pump)
	p.tasks.Go(p.stderr.pump)
	p.tasks.Go(p.gonb.pump)
	p.tasks.Go(p.gonb.answer)
	if p.bridge != nil {
		p.bridge.Attach(p.gonb.tell)
	}
	if p.comms != nil {
		p.comms.Handle("", endpoint{p})
	}
	return nil
}

// hold starts the process and waits for its end on one thread: the kernel of
// the system kills the worker when the thread that started it ends (Pdeathsig),
// and that must mean the end of this whole process.
func (p *Process) hold(started chan<- error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	err := p.cmd.Start()
	started <- err
	if err != nil {
		return
	}
	err = p.cmd.Wait()
	p.end()                      // the pump may wait for a page
	killGroup(p.cmd.Process.Pid) // what its cells started and left
	p.stdout.drain()
	p.stderr.drain()
	died := &Died{Stderr: p.stderr.last()}
	if words := p.stderr.lastWords(); words != "" {
		died.Reason, died.Frames = crashReason(words), crashFrames(words)
	}
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		died.ExitCode = exit.ExitCode()
		if status, ok := exit.Sys().(syscall.WaitStatus); ok && status.Signaled() {
			died.Signal = status.Signal()
		}
	}
	p.mu.Lock()
	died.Killed = p.killed
	p.died = died
	idle := p.active == nil && !p.killed
	p.mu.Unlock()
	close(p.exited)
	p.end()
	if p.comms != nil {
		p.comms.Drop(endpoint{p})
	}
	if idle && p.ended != nil {
		text := p.ended(died)
		p.out.do(func(o display.Output) { o.Display(display.Notice(text)) })
	}
}

// receive takes the worker's events until the control socket closes.
func (p *Process) receive() {
	events := json.NewDecoder(p.control)
	for {
		var e wire.Event
		if err := events.Decode(&e); err != nil {
			for p.out.pop() != nil { // nobody ends it any more
			}
			p.log.Debug("worker's control socket ended", "err", err)
			return
		}
		switch e.Kind {
		case wire.Ready:
			close(p.ready)
		case wire.Done, wire.Reply:
			p.mu.Lock()
			answer := p.waiting[e.Seq]
			p.mu.Unlock()
			if answer != nil {
				answer <- e
			}
		case wire.Result:
			p.result(e)
		case wire.Goroutine:
			text := p.goroutine(e.Panic)
			p.flush()
			p.out.do(func(o display.Output) { o.Write(display.Stderr, text) })
		case wire.Busy:
			p.busy(e)
		case wire.Display:
			p.display(e)
		case wire.Clear:
			p.clear(e)
		case wire.FromComm:
			p.fromComm(e.Comm)
		case wire.Capture:
			p.capture(e)
		}
	}
}

func (p *Process) send(c wire.Command) error {
	p.sending.Lock()
	defer p.sending.Unlock()
	return p.commands.Encode(c)
}

// ask sends a command and returns the event that answers it.
func (p *Process) ask(c wire.Command, answered func(wire.Event) error) error {
	answer := make(chan wire.Event, 1)
	p.mu.Lock()
	if c.Seq == 0 {
		p.seq++
		c.Seq = p.seq
	}
	p.waiting[c.Seq] = answer
	p.mu.Unlock()
	defer func() {
		p.mu.Lock()
		delete(p.waiting, c.Seq)
		p.mu.Unlock()
	}()
	if err := p.send(c); err != nil {
		<-p.exited // a socket that takes nothing means a process that is going
		return p.died
	}
	select {
	case e := <-answer:
		return answered(e)
	case <-p.exited:
		return p.died
	}
}

// Setenv sets a variable in the worker's environment.
func (p *Process) Setenv(name, value string) error {
	return p.ask(wire.Command{Verb: wire.Setenv, Name: name, Value: value}, replied)
}

// Chdir changes the worker's working directory.
func (p *Process) Chdir(dir string) error {
	return p.ask(wire.Command{Verb: wire.Chdir, Value: dir}, replied)
}

// Trace makes the worker write an execution trace to a file; without one it ends.
func (p *Process) Trace(file string) error {
	return p.ask(wire.Command{Verb: wire.Trace, Value: file}, replied)
}

// Profile makes the worker begin or end ("… end") to write down where it is busy ("cpu"),
// or what it has allocated until then ("allocations"), into a file.
func (p *Process) Profile(what, file string) error {
	return p.ask(wire.Command{Verb: wire.Profile, Name: what, Value: file}, replied)
}

func replied(e wire.Event) error {
	if e.Error != "" {
		return errors.New(e.Error)
	}
	return nil
}

// Pid is the process id of the worker.
func (p *Process) Pid() int { return p.cmd.Process.Pid }

// Exited is closed when the worker process has ended.
func (p *Process) Exited() <-chan struct{} { return p.exited }

// Died is how the process ended; nil while it runs.
func (p *Process) Died() *Died {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.died
}

// flush delivers everything that the worker has written so far.
func (p *Process) flush() {
	p.stdout.drain()
	p.stderr.drain()
	p.gonb.drain()
}

// killGroup ends a worker and whatever its cells started.
func killGroup(pid int) { _ = syscall.Kill(-pid, syscall.SIGKILL) }

func (p *Process) kill() {
	p.mu.Lock()
	p.killed = true
	p.mu.Unlock()
	killGroup(p.cmd.Process.Pid)
}

// Close ends the worker, all that its cells started, and everything of this Process.
func (p *Process) Close() error {
	p.closing.Do(func() {
		p.end()
		select {
		case <-p.exited:
		default:
			p.kill()
			select {
			case <-p.exited:
			case <-time.After(10 * time.Second): // stuck in the system, as on a dead network disk
				p.log.Warn("the worker does not end", "pid", p.cmd.Process.Pid)
			}
		}
		p.release()
		p.tasks.Wait()
	})
	return nil
}

// release closes the kernel's ends.
func (p *Process) release() {
	if p.control != nil {
		p.control.Close()
	}
	if p.stdin != nil {
		p.stdin.pipe.Close()
	}
	if p.stdout != nil {
		p.stdout.file.Close()
	}
	if p.stderr != nil {
		p.stderr.file.Close()
	}
	if p.gonb != nil {
		p.gonb.close()
	}
}
