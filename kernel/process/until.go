package process

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
)

// UntilEnded returns a context that is done when this program is told to end: by
// Ctrl-C, by a signal, or because `go run` started it and has been killed, which
// hands no signal on.
func UntilEnded(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	if parentName() != "go" {
		return ctx, stop
	}
	ctx, cancel := withParent(ctx)
	return ctx, func() { cancel(); stop() }
}

// parentName is the name of the program that started this one, or "".
func parentName() string {
	name, err := os.ReadFile(fmt.Sprintf("/proc/%d/comm", os.Getppid()))
	if err != nil {
		return "" // a system that does not tell
	}
	return strings.TrimSpace(string(name))
}

// withParent returns a context that is done when the process that started this
// one has ended. It is looked at four times a second: only Linux can tell a
// process of it, and there only of the parent's thread.
func withParent(ctx context.Context) (context.Context, context.CancelFunc) {
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
