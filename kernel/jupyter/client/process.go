package client

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"locuslab/kernel/jupyter/wire"
)

// Options of a kernel process.
type Options struct {
	Dir    string    // working directory, as a notebook's folder; "" for the current one
	Env    []string  // added to the environment, after the kernelspec's
	Stderr io.Writer // where the kernel's own output goes; nil drops it
}

// Kernel is a kernel process and a front end of it.
type Kernel struct {
	*Client
	Connection wire.Connection

	spec    Spec
	options Options
	temp    string
	cmd     *exec.Cmd
	exited  chan struct{} // closed when the process has ended
	exit    error         // of the process; read after exited
}

// Start starts a kernel from its spec and returns when it answers. Where another
// program takes one of its ports before the kernel does, it gets others.
func Start(ctx context.Context, spec Spec, o Options) (*Kernel, error) {
	temp, err := os.MkdirTemp("", "kernel-")
	if err != nil {
		return nil, fmt.Errorf("make a folder for the connection file: %w", err)
	}
	k := &Kernel{spec: spec, options: o, temp: temp}
	for attempt := 1; ; attempt++ {
		if k.Connection, err = wire.NewConnection(); err != nil {
			break
		}
		if err = k.Connection.WriteFile(k.connectionFile()); err != nil {
			break
		}
		if err = k.start(ctx); err == nil {
			return k, nil
		}
		if !errors.Is(err, errEnded) || attempt == 3 || !k.Connection.Taken() {
			break
		}
	}
	os.RemoveAll(temp)
	return nil, fmt.Errorf("start kernel %s: %w", strings.Join(spec.Argv, " "), err)
}

// errEnded is why a kernel that ended by itself does not answer.
var errEnded = errors.New("the process ended before it answered")

func (k *Kernel) connectionFile() string { return filepath.Join(k.temp, "connection.json") }

func (k *Kernel) start(ctx context.Context) error {
	argv := make([]string, len(k.spec.Argv))
	for i, arg := range k.spec.Argv {
		argv[i] = strings.ReplaceAll(arg, "{connection_file}", k.connectionFile())
	}
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Dir = k.options.Dir
	cmd.Env = append(os.Environ(), "JPY_PARENT_PID="+strconv.Itoa(os.Getpid()))
	for name, value := range k.spec.Env {
		cmd.Env = append(cmd.Env, name+"="+os.ExpandEnv(value)) // as Jupyter does
	}
	cmd.Env = append(cmd.Env, k.options.Env...)
	cmd.Stdout, cmd.Stderr = k.options.Stderr, k.options.Stderr
	cmd.WaitDelay = time.Second // a grandchild may hold the output open
	// A group of its own, so that an interrupt typed at this program is not also
	// the kernel's.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		return err
	}
	k.cmd, k.exited = cmd, make(chan struct{})
	go func(exited chan struct{}) {
		k.exit = cmd.Wait()
		close(exited)
	}(k.exited)

	starting, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	watch := make(chan struct{})
	go func(exited chan struct{}) {
		defer close(watch)
		select {
		case <-exited:
			cancel(errEnded)
		case <-starting.Done():
		}
	}(k.exited)
	client, err := Connect(starting, k.Connection)
	cancel(nil)
	<-watch
	if err != nil {
		k.kill()
		return errors.Join(err, k.exit)
	}
	k.Client = client
	return nil
}

// Pid is the process id of the kernel.
func (k *Kernel) Pid() int { return k.cmd.Process.Pid }

// Exited is closed when the process has ended.
func (k *Kernel) Exited() <-chan struct{} { return k.exited }

// Interrupt interrupts the running cell in the way that the kernelspec says.
func (k *Kernel) Interrupt(ctx context.Context) error {
	if k.spec.InterruptMode == "message" {
		return k.Client.Interrupt(ctx)
	}
	return k.cmd.Process.Signal(syscall.SIGINT)
}

// Restart ends the kernel and starts another one on the same ports; all values
// are lost.
func (k *Kernel) Restart(ctx context.Context) error {
	k.stop(true)
	return k.start(ctx)
}

// Close ends the kernel and what it has started; nothing of it is left.
func (k *Kernel) Close() error {
	k.stop(false)
	return os.RemoveAll(k.temp)
}

// stop asks the kernel to end, and makes it when it does not.
func (k *Kernel) stop(restart bool) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if k.Shutdown(ctx, restart) == nil {
		select {
		case <-k.exited:
		case <-ctx.Done():
		}
	}
	k.Client.Close()
	k.kill()
}

// kill ends the process and its group.
func (k *Kernel) kill() {
	// The group may have ended; then there is nothing to end.
	_ = syscall.Kill(-k.cmd.Process.Pid, syscall.SIGKILL)
	<-k.exited
}
