package process

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

// Supervise runs a program until it, its parent or ctx ends, and then removes
// what the program left behind, as stock gonb does with gopls and a temporary
// folder. It returns the program's exit status.
func Supervise(ctx context.Context, program string, args ...string) (status int, err error) {
	ctx, cancel := withParent(ctx)
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
		return 1, fmt.Errorf("cannot run %s: %w", program, err)
	}
	return 0, nil
}
