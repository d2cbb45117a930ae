package semantics_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"locuslab/kernel/jupyter/client"
	"locuslab/kernel/jupyter/wire"
	"locuslab/kernel/kerneltest"
)

// everyProgram runs every case in every way; else the ways beside the first one
// run a selection.
var everyProgram = flag.Bool("every-program", false, "run every case of testdata in every way, not only in the first one")

// A way is a setting of the kernel under which the cases must come out the same.
type way struct {
	name string
	env  []string
	// stuck is set where a loop without a call stops collections, and these everything else. Under
	// gccheckmark the runtime has no asynchronous preemption: there a program in plain Go with such
	// a loop hangs at its next collection, too. Cases whose loops wait for an interrupt are left out.
	stuck bool
	// together is set where all cells are sent at once, as "Run All" does, so that each is compiled
	// while the one before runs. Cases that wait for something between two cells are left out.
	together bool
}

var ways = []way{
	{name: "auto"},
	{name: "clobberfree", env: []string{"GOGC=1", "GODEBUG=clobberfree=1"}},
	{name: "gccheckmark", env: []string{"GODEBUG=gccheckmark=1"}, stuck: true},
	{name: "together", together: true},
}

// takes reports whether a case can be run in the way.
func (w way) takes(p program) bool {
	if w.together && p.apart {
		return false
	}
	return !slices.ContainsFunc(p.cells, func(c programCell) bool {
		return w.stuck && c.interrupt || w.together && (c.interrupt || c.restart || c.input != nil || len(c.want("said")) > 0)
	})
}

func TestMain(m *testing.M) { kerneltest.Main(m) }

// TestSemantics runs the programs of testdata, each in a kernel of its own.
func TestSemantics(t *testing.T) {
	spec := kerneltest.Spec(t)
	programs := readPrograms(t)
	places := makeFolders(t)
	t.Run("queue", func(t *testing.T) { queueWay(t, spec) })
	for i, w := range ways {
		t.Run(w.name, func(t *testing.T) {
			for n, p := range programs {
				// Other cases in each way, a twentieth of them, so that together they are many.
				if i > 0 && !*everyProgram && n%20 != i {
					continue
				}
				if !w.takes(p) {
					continue
				}
				t.Run(p.name, func(t *testing.T) {
					t.Parallel()
					runProgram(t, spec, p, w, places)
				})
			}
		})
	}
}

// programLimit bounds a case; the first one builds the worker.
const programLimit = 5 * time.Minute

func runProgram(t *testing.T, spec client.Spec, p program, w way, places folders) {
	ctx, cancel := context.WithTimeout(t.Context(), programLimit)
	defer cancel()
	var kernelLog bytes.Buffer
	// Each has a name as a notebook has, by which the kernel remembers what it needs.
	env := append(slices.Clone(w.env), "JPY_SESSION_NAME="+t.Name()+".ipynb")
	k, err := client.Start(ctx, spec, client.Options{Dir: places.of(t, p), Env: env, Stderr: &kernelLog})
	if err != nil {
		t.Fatalf("%v\n%s", err, kernelLog.String())
	}
	defer func() {
		if err := k.Close(); err != nil {
			t.Error(err)
		}
		if t.Failed() && kernelLog.Len() > 0 {
			t.Logf("the kernel said:\n%s", kernelLog.String())
		}
	}()
	heard := &transcript{grown: make(chan struct{}, 1)}
	k.Watch(heard.hear)
	if w.together {
		var cells []string
		for _, c := range p.cells {
			cells = append(cells, c.code)
		}
		for i, outcome := range kerneltest.SendTogether(t, k, true, cells...) {
			if c := p.cells[i]; !checkCell(ctx, t, c, outcome, heard) {
				t.Fatalf("%s.txtar: %s\ncell %d (line %d):\n%s", p.name, p.title, i+1, c.line, cut(c.code))
			}
		}
		return
	}
	for i, c := range p.cells {
		if c.restart {
			if err := k.Restart(ctx); err != nil {
				t.Fatalf("cell %d: %v\n%s", i+1, err, kernelLog.String())
			}
			k.Watch(heard.hear)
		}
		if !runCell(ctx, t, k, c, heard) {
			t.Fatalf("%s.txtar: %s\ncell %d (line %d):\n%s", p.name, p.title, i+1, c.line, cut(c.code))
		}
	}
}

// folders are where the notebooks of the cases lie.
type folders struct {
	cells  string // a module without packages; a folder below it for each case
	module string // a copy of the module fixture
}

func makeFolders(t *testing.T) folders {
	t.Helper()
	root := t.TempDir()
	f := folders{cells: filepath.Join(root, "cells"), module: filepath.Join(root, "lesson")}
	err := errors.Join(
		os.Mkdir(f.cells, 0o755),
		os.WriteFile(filepath.Join(f.cells, "go.mod"), []byte("module example.org/cells\n\ngo 1.26\n"), 0o644),
		os.CopyFS(f.module, os.DirFS(filepath.Join(semanticsDir, "module"))),
	)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// of makes the notebook's folder of a case.
func (f folders) of(t *testing.T, p program) string {
	t.Helper()
	var dir string
	switch p.in {
	case "module":
		return f.module
	case "checkout":
		return semanticsDir
	case "own module":
		dir = filepath.Join(t.TempDir(), "lesson")
		if err := os.CopyFS(dir, os.DirFS(f.module)); err != nil {
			t.Fatal(err)
		}
	case "no module":
		dir = t.TempDir()
	default:
		dir = filepath.Join(f.cells, strings.ReplaceAll(t.Name(), "/", "-"))
		if err := os.Mkdir(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, file := range p.files {
		path := filepath.Join(dir, file.Name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, file.Data, 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// runCell executes a cell and reports whether it met its expectations.
func runCell(ctx context.Context, t *testing.T, k *client.Kernel, c programCell, heard *transcript) bool {
	t.Helper()
	cell := client.Cell{Code: c.code, GoOn: true}
	asked := 0
	if c.input != nil {
		cell.Input = func(prompt string, hidden bool) string {
			asked++
			if hidden != c.hidden {
				t.Errorf("question %d, %q: hides its answer: %v", asked, prompt, hidden)
			}
			if asked > len(c.input) {
				return ""
			}
			return c.input[asked-1]
		}
	}
	var interrupts sync.WaitGroup
	var once sync.Once
	if c.interrupt {
		cell.Event = func(m wire.Message) {
			var content struct{ Name string }
			if m.Type == "stream" && m.Decode(&content) == nil && content.Name == "stdout" {
				once.Do(func() {
					interrupts.Go(func() {
						if err := k.Interrupt(ctx); err != nil {
							t.Errorf("interrupt: %v", err)
						}
					})
				})
			}
		}
	}
	outcome, err := k.Execute(ctx, cell)
	interrupts.Wait()
	if err != nil {
		t.Errorf("the kernel did not answer: %v\nso far it showed:\n%s", err, heard.text())
		return false
	}
	if asked != len(c.input) {
		t.Errorf("the cell asked %d times, not %d", asked, len(c.input))
	}
	return checkCell(ctx, t, c, outcome, heard)
}

// checkCell reports whether what a cell came to meets its expectations.
func checkCell(ctx context.Context, t *testing.T, c programCell, outcome *client.Outcome, heard *transcript) bool {
	t.Helper()
	good := checkStatus(t, c, outcome)
	good = checkStreams(t, c, outcome) && good
	good = checkResult(t, c, outcome) && good
	good = checkDisplays(t, c, outcome) && good
	for _, w := range c.want("said") {
		for pattern := range strings.Lines(w.text) {
			good = heard.await(ctx, t, w, strings.TrimSuffix(pattern, "\n")) && good
		}
	}
	return good
}
