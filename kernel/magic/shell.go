package magic

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"

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

// Shell runs a ! line. gonb's !* runs it where the cells' code is kept; here
// that is the working directory too.
func Shell(ctx context.Context, h Host, line string, out display.Output) error {
	line = strings.TrimPrefix(strings.TrimPrefix(line, "!"), "*")
	return execute(ctx, h, exec.CommandContext(ctx, "sh", "-c", line), "", out)
}

// execute runs a program with its output shown as it comes. An interrupt ends
// the program and all that it started.
func execute(ctx context.Context, h Host, cmd *exec.Cmd, input string, out display.Output) error {
	var mu sync.Mutex
	cmd.Dir = h.Dir()
	cmd.Env = h.Environ()
	cmd.Stdin = strings.NewReader(input)
	cmd.Stdout = streamWriter{&mu, out, display.Stdout}
	cmd.Stderr = streamWriter{&mu, out, display.Stderr}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = time.Second
	err := cmd.Run()
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("%s was interrupted: %w", cmd.Args[len(cmd.Args)-1], ctx.Err())
	case errors.As(err, &exit):
		return usage("%s: %s", cmd.Args[len(cmd.Args)-1], exit.ProcessState)
	case err != nil:
		return fmt.Errorf("run %s: %w", cmd.Args[0], err)
	}
	return nil
}

type streamWriter struct {
	mu     *sync.Mutex
	out    display.Output
	stream display.Stream
}

func (w streamWriter) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.out.Write(w.stream, string(p))
	return len(p), nil
}
