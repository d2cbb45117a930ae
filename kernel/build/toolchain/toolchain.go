// Package toolchain runs the Go toolchain, unmodified: go list for the archives of
// packages, the compiler for a cell, the linker for the program that cells are loaded
// into.
//
// It must not know what a cell means, what a session is, or where results are kept.
package toolchain

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"syscall"
)

// A Toolchain is a Go installation as a folder sees it, whose go.mod or go.work may
// select another release than the default. Its fields are variables of go env.
type Toolchain struct {
	GOROOT, GOTOOLDIR, GOVERSION, GOOS, GOARCH string
	GOMOD, GOWORK, GOMODCACHE, GOFLAGS         string
	CGO_ENABLED, CC, CXX                       string
	GOEXPERIMENT, GOAMD64, GOARM64, GOFIPS140  string

	env  []string
	tell func(string)
}

// Find asks the go command in dir. env is what every command of the toolchain gets; nil
// stands for the process's own.
func Find(ctx context.Context, dir string, env []string) (*Toolchain, error) {
	t := &Toolchain{env: env, tell: func(string) {}}
	if env == nil {
		t.env = os.Environ()
	}
	args := []string{"env", "-json"}
	for _, f := range reflect.VisibleFields(reflect.TypeFor[Toolchain]()) {
		if f.IsExported() {
			args = append(args, f.Name)
		}
	}
	out, err := t.run(ctx, dir, "go", args...)
	if errors.Is(err, exec.ErrNotFound) {
		return nil, fmt.Errorf("find the Go toolchain: no go command on PATH: install Go 1.25 or newer (https://go.dev/dl): %w", err)
	}
	if err != nil {
		return nil, fmt.Errorf("ask the Go toolchain in %s: %w", dir, err)
	}
	if err := json.Unmarshal(out, t); err != nil {
		return nil, fmt.Errorf("read the answer of go env in %s: %w", dir, err)
	}
	return t, nil
}

// With returns the same toolchain, whose commands get another environment.
func (t *Toolchain) With(env []string) *Toolchain {
	other := *t
	other.env = env
	return &other
}

// Telling returns the same toolchain, which tells what takes long.
func (t *Toolchain) Telling(tell func(string)) *Toolchain {
	other := *t
	other.tell = tell
	return &other
}

// An Error is a tool's exit status with what it said.
type Error struct {
	Tool   string
	Err    error
	Output string
}

func (e *Error) Error() string {
	return fmt.Sprintf("%s: %v: %s", e.Tool, e.Err, strings.TrimSpace(e.Output))
}
func (e *Error) Unwrap() error { return e.Err }

// Command is a command that is killed with all that it has started when ctx ends; else
// its end would have to wait for them.
func Command(ctx context.Context, dir string, env []string, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir, cmd.Env = dir, env
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	return cmd
}

// run runs a command to its end and returns what it wrote to standard output.
func (t *Toolchain) run(ctx context.Context, dir, command string, args ...string) ([]byte, error) {
	cmd := Command(ctx, dir, t.env, command, args...)
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, &Error{Tool: strings.Join(append([]string{filepath.Base(command)}, args[:min(len(args), 1)]...), " "), Err: err, Output: said.String() + out.String()}
	}
	return out.Bytes(), nil
}

func (t *Toolchain) tool(name string) string { return filepath.Join(t.GOTOOLDIR, name) }
