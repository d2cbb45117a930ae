package lab

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"time"
)

// WithParent returns a context that is done when the process that started this
// one has ended. It is looked at four times a second: only Linux can tell a
// process of it, and there only of the parent's thread.
func WithParent(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	parent := os.Getppid()
	go func() {
		tick := time.NewTicker(250 * time.Millisecond)
		defer tick.Stop()
		for os.Getppid() == parent {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
		}
		cancel()
	}()
	return ctx, cancel
}

// Supervise runs a program until it, its parent or ctx ends, and then removes
// what the program left behind, as stock gonb does with gopls and a temporary
// folder. It returns the program's exit status.
func Supervise(ctx context.Context, program string, args ...string) (status int, err error) {
	ctx, cancel := WithParent(ctx)
	defer cancel()
	adoptOrphans()
	defer endDescendants()
	tmp, err := os.MkdirTemp("", "locuslab-")
	if err != nil {
		return 1, fmt.Errorf("cannot run %s: %w", program, err)
	}
	defer os.RemoveAll(tmp)
	// The program stays in this process's group, so that Jupyter's kill of the
	// group reaches it.
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Env = append(os.Environ(), "TMPDIR="+tmp)
	cmd.SysProcAttr = killWithParent()
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 3 * time.Second // then it is killed
	runtime.LockOSThread()          // the parent of the parent-death signal is a thread
	defer runtime.UnlockOSThread()
	err = cmd.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return exit.ExitCode(), nil
	}
	if err != nil && ctx.Err() == nil {
		return 1, fmt.Errorf("cannot run %s: %w; set it up again with: go run ./kernel lab --setup-only", program, err)
	}
	return 0, nil
}
