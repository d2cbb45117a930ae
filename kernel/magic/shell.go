package magic

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/janpfeifer/gonb/gonbui/protocol"
	"github.com/kballard/go-shellquote"

	"locuslab/kernel/display"
	"locuslab/kernel/process"
)

var script = command{"%%bash, %%sh, %%python3, %%perl, %%ruby, %%script program", "run the cell's text with a shell or another program; a status other than 0 fails the cell", func(ctx context.Context, h Host, c Call, out display.Output) error {
	program := []string{c.Name}
	if c.Name == "script" {
		var err error
		if program, err = words(c.Args); err != nil {
			return err
		}
		if len(program) == 0 {
			return usage("%%%%script wants a program: %%%%script python3")
		}
	}
	text := strings.TrimLeft(c.Body, "\n")
	if text != "" && !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	cmd := exec.CommandContext(ctx, program[0], program[1:]...)
	began := time.Now()
	err := execute(ctx, h, cmd, text, out)
	h.Spent(costOf(cmd, began))
	var status *statusError
	if errors.As(err, &status) {
		return usage("%s: %s", strings.Join(cmd.Args, " "), status.status)
	}
	return err
}}

// words splits the arguments of a magic as a shell does: quotes and backslashes are
// honoured, and nothing is expanded.
func words(text string) ([]string, error) {
	list, err := shellquote.Split(text)
	if err != nil {
		return nil, usage("%s: %v", text, err)
	}
	return list, nil
}

// Shell runs a ! line in the working directory, or a !* line, as gonb has it,
// in the folder of the session's go.mod, which the user's own is left out of. It
// returns what the command cost. A status other than 0 is told and fails nothing, as in
// IPython and gonb.
func Shell(ctx context.Context, h Host, line string, out display.Output) (Cost, error) {
	line, inModule := strings.CutPrefix(strings.TrimPrefix(line, "!"), "*")
	cmd := exec.CommandContext(ctx, "sh", "-c", line)
	if bash, err := exec.LookPath("bash"); err == nil { // gonb's shell, where it is there
		cmd = exec.CommandContext(ctx, bash, "-c", line)
	}
	if inModule {
		cmd.Dir = h.ModuleDir()
	}
	began := time.Now()
	err := converse(ctx, h, cmd, h.Hidden(), out)
	cost := costOf(cmd, began)
	var status *statusError
	if errors.As(err, &status) {
		out.Display(display.Notice(err.Error()))
		err = nil
	}
	return cost, err
}

// costOf is what a program that has ended cost, with those that it waited for.
func costOf(cmd *exec.Cmd, began time.Time) Cost {
	c := Cost{Wall: time.Since(began)}
	if p := cmd.ProcessState; p != nil {
		c.User, c.Sys = p.UserTime(), p.SystemTime()
	}
	return c
}

// execute runs a program on an input, with its output shown as it comes. An
// interrupt ends the program and all that it started. What the program leaves in the
// background goes on when its cell has ended, until the kernel ends.
func execute(ctx context.Context, h Host, cmd *exec.Cmd, input string, out display.Output) error {
	cmd.Stdin = strings.NewReader(input)
	p, err := start(h, cmd, out)
	if err != nil {
		return err
	}
	return ended(ctx, cmd, p.wait())
}

// lookEvery is how often it is looked whether a program waits for its input.
const lookEvery = 50 * time.Millisecond

// converse runs a program whose standard input is the user's: as often as it waits for
// a line, the user is asked for one. Where nobody can be asked its input is at its end.
func converse(ctx context.Context, h Host, cmd *exec.Cmd, hidden bool, out display.Output) error {
	stdin, input, err := os.Pipe()
	if err != nil {
		return fmt.Errorf("run %s: %w", cmd.Args[0], err)
	}
	defer input.Close()
	cmd.Stdin = stdin
	p, err := start(h, cmd, out)
	stdin.Close()
	if err != nil {
		return err
	}
	asking, stop := context.WithCancel(ctx)
	var asked sync.WaitGroup
	asked.Go(func() {
		tick := time.NewTicker(lookEvery)
		defer tick.Stop()
		for {
			select {
			case <-asking.Done():
				return
			case <-tick.C:
			}
			if !process.AwaitsInput(cmd.Process.Pid, input) {
				continue
			}
			line, err := p.ask(asking, out, hidden)
			if err == nil {
				_, err = io.WriteString(input, line+"\n")
			}
			if err != nil {
				input.Close()
				return
			}
		}
	})
	err = p.wait()
	stop()
	asked.Wait()
	return ended(ctx, cmd, err)
}

// A program is one that runs for a cell.
type program struct {
	cmd            *exec.Cmd
	stdout, stderr *pipe
	showing        *sync.Mutex // the output is called by one at a time
}

// wait returns when the program has ended and all that it printed is shown; its jobs in
// the background are not waited for.
func (p *program) wait() error {
	err := p.cmd.Wait()
	p.drain()
	return err
}

// drain shows what the program has printed so far.
func (p *program) drain() {
	p.stdout.drain()
	p.stderr.drain()
}

// ask asks the user for a line, below what the program has printed.
func (p *program) ask(ctx context.Context, out display.Output, hidden bool) (string, error) {
	p.drain()
	p.showing.Lock()
	defer p.showing.Unlock()
	return out.Input(ctx, "", hidden)
}

// start starts a program.
func start(h Host, cmd *exec.Cmd, out display.Output) (*program, error) {
	if cmd.Dir == "" {
		cmd.Dir = h.Dir()
	}
	cmd.Env = append(h.Environ(), protocol.GONB_DIR_ENV+"="+h.Dir(), protocol.GONB_TMP_DIR_ENV+"="+h.ModuleDir())
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = time.Second // for its input, which a job may hold open without reading it
	failed := func(err error) (*program, error) { return nil, fmt.Errorf("run %s: %w", cmd.Args[0], err) }
	one := new(sync.Mutex)
	stdout, outEnd, err := newPipe(out, display.Stdout, one)
	if err != nil {
		return failed(err)
	}
	defer outEnd.Close()
	stderr, errEnd, err := newPipe(out, display.Stderr, one)
	if err != nil {
		stdout.read.Close()
		return failed(err)
	}
	defer errEnd.Close()
	cmd.Stdout, cmd.Stderr = outEnd, errEnd
	if err := cmd.Start(); err != nil {
		stdout.read.Close()
		stderr.read.Close()
		return failed(err)
	}
	go stdout.pump()
	go stderr.pump()
	return &program{cmd, stdout, stderr, one}, nil
}

// A statusError is the end of a program by a status other than 0, or by a signal.
type statusError struct {
	program string
	status  *os.ProcessState
}

func (e *statusError) Error() string { return fmt.Sprintf("%s: %s", e.program, e.status) }

// ended is the error of a program's end, in the user's terms.
func ended(ctx context.Context, cmd *exec.Cmd, err error) error {
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("%s was interrupted: %w", cmd.Args[len(cmd.Args)-1], ctx.Err())
	case errors.Is(err, exec.ErrWaitDelay): // it has ended
		return nil
	case errors.As(err, &exit):
		return &statusError{cmd.Args[len(cmd.Args)-1], exit.ProcessState}
	case err != nil:
		return fmt.Errorf("run %s: %w", cmd.Args[0], err)
	}
	return nil
}
