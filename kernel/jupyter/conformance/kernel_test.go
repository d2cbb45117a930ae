// Package conformance_test runs the kernel, as a user has it installed, under the
// front ends that a user has: the official test suite of kernels, a JupyterLab
// server, and the front end of package client.
package conformance_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"locuslab/kernel/build"
	"locuslab/kernel/jupyter/client"
	"locuslab/kernel/lab"
)

// prefix holds share/jupyter/kernels/locuslab, for all tests.
var prefix string

func TestMain(m *testing.M) {
	os.Exit(func() int {
		dir, err := os.MkdirTemp("", "conformance-")
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer os.RemoveAll(dir)
		prefix = dir
		return m.Run()
	}())
}

// install builds the kernel and registers it, once.
var install = sync.OnceValue(func() error {
	exe := filepath.Join(prefix, "locuslab")
	if out, err := exec.Command("go", "build", "-o", exe, "locuslab/kernel").CombinedOutput(); err != nil {
		return fmt.Errorf("build the kernel: %w\n%s", err, out)
	}
	if out, err := exec.Command(exe, "install", "--prefix", prefix).CombinedOutput(); err != nil {
		return fmt.Errorf("install the kernel: %w\n%s", err, out)
	}
	return nil
})

// jupyterPath is where Jupyter finds the kernel.
func jupyterPath(t *testing.T) string {
	t.Helper()
	if err := install(); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(prefix, "share", "jupyter")
}

// environment is the project's own Python with JupyterLab and the official suite.
var environment = sync.OnceValues(func() (env lab.Environment, err error) {
	ctx := context.Background()
	cache, err := build.CacheRoot()
	if err != nil {
		return env, err
	}
	python, err := lab.FindPython(ctx)
	if err != nil {
		return env, err
	}
	steps := &lab.Steps{Out: os.Stderr, Total: 1}
	err = steps.Do("JupyterLab and the official kernel tests", func(s *lab.Step) error {
		if env, err = lab.OpenEnvironment(ctx, cache, python, s); err != nil {
			return err
		}
		return env.AddConformance(ctx, s)
	})
	return env, err
})

// start starts the kernel in a folder outside any module, with its worker ready.
// All tests share the folder: each new one has a worker built for it.
func start(t *testing.T) *client.Kernel {
	t.Helper()
	return startWith(t, specOf(t), client.Options{Dir: prefix})
}

// startInModule starts the kernel in this folder, and so with what the module
// requires.
func startInModule(t *testing.T) *client.Kernel {
	t.Helper()
	return startWith(t, specOf(t), client.Options{})
}

func specOf(t *testing.T) client.Spec {
	t.Helper()
	spec, err := client.ReadSpec(filepath.Join(jupyterPath(t), "kernels", "locuslab"))
	if err != nil {
		t.Fatal(err)
	}
	return spec
}

func startWith(t *testing.T, spec client.Spec, o client.Options) *client.Kernel {
	t.Helper()
	var said bytes.Buffer
	o.Stderr = &said
	k, err := client.Start(within(t, patience), spec, o)
	if err != nil {
		t.Fatalf("%v\n%s", err, said.String())
	}
	t.Cleanup(func() {
		if err := k.Close(); err != nil {
			t.Error(err)
		}
		if t.Failed() {
			t.Logf("the kernel said:\n%s", said.String())
		}
	})
	if o, err := k.Run(within(t, firstCell), "true"); err != nil || o.Status != "ok" {
		t.Fatalf("first cell: %v, %v", err, o)
	}
	return k
}

// within bounds what waits for an answer; a test that gets there has failed.
func within(t *testing.T, limit time.Duration) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	t.Cleanup(cancel)
	return ctx
}

const patience = time.Minute

// firstCell bounds a cell that may have to wait for the worker to be built.
const firstCell = 5 * time.Minute

func run(t *testing.T, c *client.Client, code string) *client.Outcome {
	t.Helper()
	o, err := c.Run(within(t, patience), code)
	if err != nil {
		t.Fatalf("cell %q: %v", code, err)
	}
	return o
}

// mustRun runs a cell that must not fail and returns what it printed.
func mustRun(t *testing.T, c *client.Client, code string) string {
	t.Helper()
	o := run(t, c, code)
	if o.Status != "ok" {
		t.Fatalf("cell %q: %s %+v", code, o.Status, o.Failure())
	}
	return o.Stream("stdout")
}

// descendants lists the processes that pid has started and they have started.
func descendants(t *testing.T, pid int) []int {
	t.Helper()
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		t.Fatal(err)
	}
	children := map[int][]int{}
	for _, path := range stats {
		text, err := os.ReadFile(path)
		if err != nil {
			continue // it has ended
		}
		// The name before the state may hold spaces and parentheses.
		fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))
		parent, err := strconv.Atoi(fields[1])
		if err != nil {
			t.Fatal(err)
		}
		child, err := strconv.Atoi(filepath.Base(filepath.Dir(path)))
		if err != nil {
			t.Fatal(err)
		}
		children[parent] = append(children[parent], child)
	}
	found := []int{}
	for todo := []int{pid}; len(todo) > 0; todo = todo[1:] {
		found = append(found, children[todo[0]]...)
		todo = append(todo, children[todo[0]]...)
	}
	return found
}

// alive tells whether a process runs; a zombie does not.
func alive(pid int) bool {
	if syscall.Kill(pid, 0) != nil {
		return false
	}
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return false
	}
	return !strings.HasPrefix(strings.TrimSpace(string(text[bytes.LastIndexByte(text, ')')+1:])), "Z")
}
