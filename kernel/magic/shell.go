package magic

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/janpfeifer/gonb/gonbui/protocol"

	"locuslab/kernel/display"
)

var script = command{"%%bash, %%sh, %%script program", "run the cell's text with a shell or another program", func(ctx context.Context, h Host, c Call, out display.Output) error {
	program := []string{c.Name}
	if c.Name == "script" {
		program = strings.Fields(c.Args)
		if len(program) == 0 {
			return usage("%%%%script wants a program: %%%%script python3")
		}
	}
	return execute(ctx, h, exec.CommandContext(ctx, program[0], program[1:]...), strings.TrimLeft(c.Body, "\n"), out)
}}

// Shell runs a ! line in the working directory, or a !* line, as gonb has it,
// in the folder of the session's go.mod, which the user's own is left out of.
func Shell(ctx context.Context, h Host, line string, out display.Output) error {
	line, inModule := strings.CutPrefix(strings.TrimPrefix(line, "!"), "*")
	cmd := exec.CommandContext(ctx, "sh", "-c", line)
	if bash, err := exec.LookPath("bash"); err == nil { // gonb's shell, where it is there
		cmd = exec.CommandContext(ctx, bash, "-c", line)
	}
	if inModule {
		cmd.Dir = h.ModuleDir()
	}
	if asks, password := h.Asks(); asks {
		return converse(ctx, h, cmd, password, out)
	}
	return execute(ctx, h, cmd, "", out)
}

// execute runs a program on an input, with its output shown as it comes. An
// interrupt ends the program and all that it started. What the program leaves in the
// background goes on when its cell has ended, until the kernel ends.
func execute(ctx context.Context, h Host, cmd *exec.Cmd, input string, out display.Output) error {
	cmd.Stdin = strings.NewReader(input)
	wait, err := start(h, cmd, out)
	if err != nil {
		return err
	}
	return ended(ctx, cmd, wait())
}

// converse runs a program that the user answers, line by line, until it ends.
func converse(ctx context.Context, h Host, cmd *exec.Cmd, password bool, out display.Output) error {
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return fmt.Errorf("run %s: %w", cmd.Args[0], err)
	}
	wait, err := start(h, cmd, out)
	if err != nil {
		return err
	}
	asking, stop := context.WithCancel(ctx)
	var asked sync.WaitGroup
	asked.Go(func() {
		defer stdin.Close()
		for {
			line, err := out.Input(asking, "", password)
			if err != nil {
				return
			}
			if _, err := io.WriteString(stdin, line+"\n"); err != nil {
				return // it reads no more
			}
		}
	})
	err = wait()
	stop()
	asked.Wait()
	return ended(ctx, cmd, err)
}

// start starts a program. wait returns when it has ended and all that it printed is
// shown; its jobs in the background are not waited for.
func start(h Host, cmd *exec.Cmd, out display.Output) (wait func() error, err error) {
	if cmd.Dir == "" {
		cmd.Dir = h.Dir()
	}
	cmd.Env = append(h.Environ(), protocol.GONB_DIR_ENV+"="+h.Dir(), protocol.GONB_TMP_DIR_ENV+"="+h.ModuleDir())
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = time.Second // for its input, which a job may hold open without reading it
	failed := func(err error) (func() error, error) { return nil, fmt.Errorf("run %s: %w", cmd.Args[0], err) }
	var one sync.Mutex
	stdout, outEnd, err := newPipe(out, display.Stdout, &one)
	if err != nil {
		return failed(err)
	}
	defer outEnd.Close()
	stderr, errEnd, err := newPipe(out, display.Stderr, &one)
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
	return func() error {
		err := cmd.Wait()
		stdout.drain()
		stderr.drain()
		return err
	}, nil
}

// ended is the error of a program's end, in the user's terms.
func ended(ctx context.Context, cmd *exec.Cmd, err error) error {
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("%s was interrupted: %w", cmd.Args[len(cmd.Args)-1], ctx.Err())
	case errors.Is(err, exec.ErrWaitDelay): // it has ended
		return nil
	case errors.As(err, &exit):
		return usage("%s: %s", cmd.Args[len(cmd.Args)-1], exit.ProcessState)
	case err != nil:
		return fmt.Errorf("run %s: %w", cmd.Args[0], err)
	}
	return nil
}
