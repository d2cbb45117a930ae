package build

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
)

// Program says how RunRace runs a program.
type Program struct {
	Dir            string   // working directory
	Env            []string // nil means the kernel's own
	Stdin          io.Reader
	Stdout, Stderr io.Writer
}

// RunRace builds a whole program (package main with func main) with the race
// detector, apart from the worker, and runs it to its end; it sees the packages
// that cells see. The first build compiles what it imports anew, which takes a
// minute for much of the standard library. A compiler's complaint is a
// *CompileError, a failed program the *exec.ExitError; races that the program
// survives make its status 66.
func (w *Workspace) RunRace(ctx context.Context, source []byte, p Program) error {
	dir, err := os.MkdirTemp(w.home, "race-")
	if err != nil {
		return fmt.Errorf("build the program for the race detector: %w", err)
	}
	defer os.RemoveAll(dir)
	if err := os.WriteFile(filepath.Join(dir, "main.go"), source, 0o644); err != nil {
		return fmt.Errorf("build the program for the race detector: %w", err)
	}
	w.progress("building with the race detector…")
	exe := filepath.Join(dir, "program")
	build := exec.CommandContext(ctx, "go", "build", "-race", "-o", exe, ".")
	build.Dir, build.Env = dir, goEnv()
	if out, err := build.CombinedOutput(); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return &CompileError{Output: string(out)}
	}
	cmd := exec.CommandContext(ctx, exe)
	cmd.Dir, cmd.Env = p.Dir, p.Env
	cmd.Stdin, cmd.Stdout, cmd.Stderr = p.Stdin, p.Stdout, p.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return fmt.Errorf("run with the race detector: %w", err)
	}
	return nil
}
