// Package workertest runs hand-written units on the real toolchain and a real
// worker, for the tests of packages build and worker.
package workertest

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"locuslab/kernel/build"
	"locuslab/kernel/display"
	"locuslab/kernel/worker"
	"locuslab/kernel/worker/loader"
)

var times = flag.Bool("times", false, "print each unit's times")

// Engine is a worker with the builder that accompanies it.
type Engine struct {
	T       testing.TB
	Space   *build.Workspace
	Builder *build.Builder
	Process *worker.Process
}

// New opens the workspace of dir, with the cache of the user, and starts a
// worker in it. All of it ends with the test.
func New(t testing.TB, dir string, env ...string) *Engine {
	t.Helper()
	w, err := build.OpenWorkspace(t.Context(), dir, build.Options{Progress: func(line string) { t.Log(line) }})
	if err != nil {
		t.Fatal(err)
	}
	return NewIn(t, w, dir, env...)
}

// NewIn starts a worker of workspace w in the folder dir.
func NewIn(t testing.TB, w *build.Workspace, dir string, env ...string) *Engine {
	t.Helper()
	ctx := t.Context()
	exe, err := w.WorkerExe(ctx)
	if err != nil {
		t.Fatal(err)
	}
	b, err := w.NewBuilder(ctx)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
	p, err := worker.Start(ctx, worker.Config{Exe: exe, Dir: dir, Env: append(os.Environ(), env...)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	return &Engine{T: t, Builder: b, Process: p, Space: w}
}

// Run builds a unit, loads it and calls its entry.
func (e *Engine) Run(ctx context.Context, u build.Unit, out display.Output) (worker.Outcome, error) {
	e.T.Helper()
	o, err := e.Builder.Build(ctx, u)
	if err != nil {
		e.T.Fatal(err)
	}
	start := time.Now()
	outcome, err := e.Process.Run(ctx, worker.Run{ID: u.ID, Path: o.Path, Packages: o.Packages, Names: o.Names, Locals: o.Locals}, out)
	if err == nil && !outcome.Interrupted && outcome.Panic == nil && outcome.Err == "" {
		outcome, err = e.Process.Run(ctx, worker.Run{ID: u.ID, Entry: e.Entry(u.ID)}, out)
	}
	if *times {
		e.T.Logf("unit %d: compile %v, load and run %v", u.ID, o.Compile.Round(100*time.Microsecond), time.Since(start).Round(100*time.Microsecond))
	}
	if outcome.Loaded {
		e.Builder.Loaded(o)
	}
	return outcome, err
}

// Entry is the function by which a unit is run.
func (e *Engine) Entry(id int) string { return fmt.Sprintf("%s.Cell_%d", loader.CellPackage, id) }

// Unit makes a unit of a source file; RUNTIME in it stands for the path of
// package nb, and each import is on a line of its own.
func (e *Engine) Unit(id int, source string) build.Unit {
	source = strings.ReplaceAll(source, "RUNTIME", e.Space.RuntimePath())
	u := build.Unit{ID: id, Source: []byte(source)}
	for line := range strings.Lines(source) {
		if rest, ok := strings.CutPrefix(line, "import "); ok {
			if f := strings.Fields(rest); len(f) > 0 {
				u.Imports = append(u.Imports, strings.Trim(f[len(f)-1], `"`))
			}
		}
	}
	return u
}

// Screen is an Output that keeps what it is given.
type Screen struct {
	Answer func(ctx context.Context, prompt string) (string, error) // to Input; nil: nobody answers

	mu      sync.Mutex
	changed chan struct{}
	stdout  strings.Builder
	stderr  strings.Builder
	notices strings.Builder
	shown   []display.Bundle
}

// Write keeps text.
func (s *Screen) Write(stream display.Stream, text string) {
	s.change(func() {
		if stream == display.Stderr {
			s.stderr.WriteString(text)
		} else {
			s.stdout.WriteString(text)
		}
	})
}

// Display keeps b.
func (s *Screen) Display(b display.Bundle) {
	s.change(func() {
		if b.Metadata[display.NoticeKey] != nil {
			fmt.Fprintln(&s.notices, b.Data["text/plain"])
			return
		}
		s.shown = append(s.shown, b)
	})
}

// Result keeps b.
func (s *Screen) Result(b display.Bundle) { s.change(func() { s.shown = append(s.shown, b) }) }

// Clear does nothing.
func (s *Screen) Clear(bool) {}

// Input asks Answer.
func (s *Screen) Input(ctx context.Context, prompt string, password bool) (string, error) {
	if s.Answer == nil {
		return "", errors.New("nobody answers")
	}
	return s.Answer(ctx, prompt)
}

func (s *Screen) change(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f()
	if s.changed != nil {
		close(s.changed)
		s.changed = nil
	}
}

// Stdout is what was written to standard output so far.
func (s *Screen) Stdout() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stdout.String()
}

// Stderr is what was written to standard error so far.
func (s *Screen) Stderr() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stderr.String()
}

// Noticed is what the kernel told so far, as against the cells.
func (s *Screen) Noticed() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.notices.String()
}

// Shown are the bundles so far.
func (s *Screen) Shown() []display.Bundle {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]display.Bundle(nil), s.shown...)
}

// Await returns when ok does, which is asked after each change; the test fails
// when that takes longer than ten seconds.
func (s *Screen) Await(t testing.TB, what string, ok func() bool) {
	t.Helper()
	late := time.After(10 * time.Second)
	for {
		s.mu.Lock()
		if s.changed == nil {
			s.changed = make(chan struct{})
		}
		changed := s.changed
		s.mu.Unlock()
		if ok() {
			return
		}
		select {
		case <-changed:
		case <-late:
			t.Fatalf("waited in vain for %s; output so far: %s%s", what, s.Stdout(), s.Stderr())
		}
	}
}
