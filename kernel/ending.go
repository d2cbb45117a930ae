package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"

	"locuslab/kernel/lab"
)

// untilEnded returns a context that is done when this program is told to end: by
// Ctrl-C, by a signal, or because `go run` started it and has been killed, which
// hands no signal on.
func untilEnded(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	if parentName() != "go" {
		return ctx, stop
	}
	ctx, cancel := lab.WithParent(ctx)
	return ctx, func() { cancel(); stop() }
}

// parentName is the name of the program that started this one, or "".
func parentName() string {
	if runtime.GOOS == "linux" {
		name, err := os.ReadFile(fmt.Sprintf("/proc/%d/comm", os.Getppid()))
		if err != nil {
			return ""
		}
		return strings.TrimSpace(string(name))
	}
	name, err := exec.Command("ps", "-o", "comm=", "-p", fmt.Sprint(os.Getppid())).Output()
	if err != nil {
		return ""
	}
	return filepath.Base(strings.TrimSpace(string(name)))
}
