package build

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"locuslab/kernel/build/toolchain"
)

// Program says how RunStandalone runs a program.
type Program struct {
	Race           bool     // with the race detector
	Test           bool     // it is a test file in place of a program, run by package testing
	Args           []string // the program's arguments
	Dir            string   // working directory
	Env            []string // nil means the kernel's own
	Stdin          io.Reader
	Stdout, Stderr io.Writer
}

// StandaloneRun is what a program did.
type StandaloneRun struct {
	Reports string // the detector's own text, empty when it found no race
	Events  []byte // what the program wrote to file descriptor 3
	Exit    error  // of the program itself: an *exec.ExitError, or nil
}

// raceOptions keep the detector's reports apart from what the program prints and
// leave it its own exit status. A goroutine that main did not wait for still has
// a moment to show its race.
const raceOptions = "exitcode=0 atexit_sleep_ms=100 log_path="

// RunStandalone builds a whole program, package main with func main or with tests, apart from
// the worker, and runs it to its end; it sees the packages that cells see. The first
// build with the race detector compiles what it imports anew, which takes a minute
// for much of the standard library. A compiler's complaint is a
// *CompileError. When ctx ends, the program and all that it started are killed.
func (w *Workspace) RunStandalone(ctx context.Context, source []byte, p Program) (StandaloneRun, error) {
	var r StandaloneRun
	dir, err := os.MkdirTemp(w.home, "standalone-")
	if err != nil {
		return r, fmt.Errorf("build the standalone program: %w", err)
	}
	defer os.RemoveAll(dir)
	file, args, env := "main.go", []string{"build"}, w.sessionEnv()
	if p.Test {
		file, args = "cells_test.go", []string{"test", "-c", "-vet=off"}
	}
	if p.Race {
		if err := w.checkCC(); err != nil {
			return r, fmt.Errorf("the race detector: %w", err)
		}
		env = append(env, "CGO_ENABLED=1")
		w.progress("building with the race detector (the first time compiles what the cell imports once more)…")
		args = append(args, "-race")
	}
	exe := filepath.Join(dir, "program")
	if err := w.buildProgram(ctx, filepath.Join(dir, file), source, env, append(args, "-o", exe)); err != nil {
		return r, err
	}
	err = r.run(ctx, exe, filepath.Join(dir, "report"), p)
	return r, err
}

// buildProgram has the go command build a program of one file.
func (w *Workspace) buildProgram(ctx context.Context, file string, source []byte, env, args []string) error {
	if err := os.WriteFile(file, source, 0o644); err != nil {
		return fmt.Errorf("build the standalone program: %w", err)
	}
	cmd := toolchain.Command(ctx, filepath.Dir(file), env, "go", append(args, "-v", ".")...)
	said, err := toolchain.Follow(ctx, cmd, w.progress, []string{"."})
	if ctx.Err() != nil {
		return ctx.Err()
	} else if err != nil {
		return &CompileError{Output: said}
	}
	return nil
}

// run runs the program that was built.
func (r *StandaloneRun) run(ctx context.Context, exe, report string, p Program) error {
	read, write, err := os.Pipe()
	if err != nil {
		return fmt.Errorf("run the standalone program: %w", err)
	}
	defer read.Close()
	cmd := exec.CommandContext(ctx, exe, p.Args...)
	cmd.Dir, cmd.Env = p.Dir, p.Env
	if cmd.Env == nil {
		cmd.Env = os.Environ()
	}
	cmd.Env = append(cmd.Env[:len(cmd.Env):len(cmd.Env)], strings.TrimSpace("GORACE="+os.Getenv("GORACE")+" "+raceOptions+report))
	cmd.Stdin, cmd.Stdout, cmd.Stderr = p.Stdin, p.Stdout, p.Stderr
	cmd.ExtraFiles = []*os.File{write}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = time.Second
	err = cmd.Start()
	write.Close()
	if err != nil {
		return fmt.Errorf("run the standalone program: %w", err)
	}
	events := make(chan []byte)
	go func() {
		text, _ := io.ReadAll(read) // what came before a failure counts
		events <- text
	}()
	err = cmd.Wait()
	_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // what it started and left, and what holds the pipe
	r.Events = <-events
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.As(err, &exit):
		r.Exit = exit
	case err != nil:
		return fmt.Errorf("run the standalone program: %w", err)
	}
	return r.read(report)
}

// read collects the detector's reports; it writes a file for each process.
func (r *StandaloneRun) read(report string) error {
	files, err := filepath.Glob(report + ".*")
	if err != nil {
		return err
	}
	var all bytes.Buffer
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return fmt.Errorf("read the race detector's report: %w", err)
		}
		all.Write(text)
	}
	r.Reports = all.String()
	return nil
}
