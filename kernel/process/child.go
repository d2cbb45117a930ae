package process

import (
	"context"
	"fmt"
	"os/exec"
	"runtime"
	"syscall"
	"time"
)

// Child is a process that this one started and that ends with it.
type Child struct {
	cmd  *exec.Cmd
	done chan struct{} // closed when it has ended
	err  error         // of Wait, once done is closed
}

// Start starts cmd in a process group of its own, so that Ctrl-C in the
// terminal reaches only this process, which then ends the child in order.
func Start(cmd *exec.Cmd) (*Child, error) {
	c := &Child{cmd: cmd, done: make(chan struct{})}
	started := make(chan error, 1)
	go func() {
		// Linux sends the parent-death signal when the thread that started the
		// child ends, so this thread is kept as long as the child lives.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		cmd.SysProcAttr = endWithParent()
		if err := cmd.Start(); err != nil {
			started <- err
			return
		}
		started <- nil
		c.err = cmd.Wait()
		close(c.done)
	}()
	if err := <-started; err != nil {
		return nil, fmt.Errorf("cannot start %s: %w", cmd.Path, err)
	}
	return c, nil
}

// Done is closed when the process has ended.
func (c *Child) Done() <-chan struct{} { return c.done }

// Err is what the process ended with, once Done is closed; see [exec.Cmd.Wait].
func (c *Child) Err() error { return c.err }

// WaitOrEnd waits until the process has ended by itself, or ends it when ctx is
// done.
func (c *Child) WaitOrEnd(ctx context.Context) error {
	select {
	case <-c.done:
	case <-ctx.Done():
		c.End(2 * time.Second)
	}
	return c.err
}

// End asks the process to end, and kills its group when it takes longer than
// patience. It returns when the process is gone.
func (c *Child) End(patience time.Duration) {
	pid := c.cmd.Process.Pid
	_ = syscall.Kill(-pid, syscall.SIGTERM) // an error means that it is gone
	select {
	case <-c.done:
	case <-time.After(patience):
	}
	_ = syscall.Kill(-pid, syscall.SIGKILL) // what is left of the group
	<-c.done
}
