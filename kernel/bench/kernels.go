package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"locuslab/kernel/build"
	"locuslab/kernel/jupyter/client"
	"locuslab/kernel/lab"
)

// A kernel is one that can be started.
type kernel struct {
	name string
	spec client.Spec
	dir  string // where it runs: the checkout, so that all see the same modules
}

// isGo tells whether the kernel runs the Go cells; else it runs Python's.
func (k kernel) isGo() bool { return k.name != "python3" }

// findKernels builds and registers the kernels that were asked for. Those that the
// machine does not have are left out.
func findKernels(ctx context.Context, names []string, python string) (kernels []kernel, cleanup func(), err error) {
	temp, err := os.MkdirTemp("", "bench-")
	if err != nil {
		return nil, nil, fmt.Errorf("make a folder for the kernels: %w", err)
	}
	cleanup = func() { os.RemoveAll(temp) }
	checkout, err := moduleRoot(ctx)
	if err == nil {
		kernels, err = register(ctx, temp, checkout, names, python)
	}
	if err != nil {
		cleanup()
		return nil, nil, err
	}
	return kernels, cleanup, nil
}

func register(ctx context.Context, temp, checkout string, names []string, python string) ([]kernel, error) {
	exe := filepath.Join(temp, "kernel")
	progress("building the kernel …")
	if err := call(ctx, checkout, "go", "build", "-o", exe, "./kernel"); err != nil {
		return nil, err
	}
	arguments := []string{"install", "--prefix", temp}
	if slices.Contains(names, "gonb") {
		progress("building stock gonb (the first time: some minutes) …")
		arguments = append(arguments, "--gonb")
	}
	if err := call(ctx, checkout, exe, arguments...); err != nil {
		return nil, err
	}
	var kernels []kernel
	for _, name := range names {
		k := kernel{name: name, dir: checkout}
		switch name {
		case "locuslab", "gonb":
			spec, err := client.ReadSpec(filepath.Join(temp, "share", "jupyter", "kernels", name))
			if err != nil {
				return nil, err
			}
			k.spec = spec
		case "python3":
			python, err := findPython(ctx, python)
			if err != nil {
				progress("left out: python3: %v", err)
				continue
			}
			k.spec = client.Spec{Argv: []string{python, "-m", "ipykernel_launcher", "-f", "{connection_file}"}}
		default:
			return nil, fmt.Errorf("kernel %q is unknown: use locuslab, gonb, python3", name)
		}
		kernels = append(kernels, k)
	}
	return kernels, nil
}

// findPython returns a Python that has ipykernel: the one that is named, else the
// lab's.
func findPython(ctx context.Context, named string) (string, error) {
	if named != "" {
		if err := call(ctx, "", named, "-c", "import ipykernel"); err != nil {
			return "", fmt.Errorf("%s has no ipykernel; %s -m pip install ipykernel brings it", named, named)
		}
		return named, nil
	}
	cache, err := build.CacheRoot()
	if err != nil {
		return "", err
	}
	python, err := lab.FindPython(ctx)
	if err != nil {
		return "", err
	}
	var env lab.Environment
	steps := &lab.Steps{Out: os.Stderr, Total: 1}
	err = steps.Do("Python with ipykernel", func(s *lab.Step) error {
		env, err = lab.OpenEnvironment(ctx, cache, python, s)
		return err
	})
	return env.Program("python"), err
}

func moduleRoot(ctx context.Context) (string, error) {
	out, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}", "locuslab").Output()
	if err != nil {
		return "", fmt.Errorf("find the checkout (run this inside it): %w", err)
	}
	return strings.TrimSpace(string(out)), nil
}

// call runs a program and has its output in the error.
func call(ctx context.Context, dir, name string, args ...string) error {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s %s: %w\n%s", name, strings.Join(args, " "), err, out.String())
	}
	return nil
}

// startLimit is enough for a first start, which builds a worker.
const startLimit = 10 * time.Minute

// start starts a kernel and waits until it answers.
func (k kernel) start(ctx context.Context) (*client.Kernel, error) {
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	return client.Start(ctx, k.spec, client.Options{Dir: k.dir})
}

// execute runs a cell that must succeed, and returns what it printed and how long
// the user waited for it.
func execute(ctx context.Context, k *client.Kernel, code string) (out string, waited time.Duration, err error) {
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	began := time.Now()
	o, err := k.Run(ctx, code)
	waited = time.Since(began)
	if err != nil {
		return "", 0, err
	}
	if o.Status != "ok" {
		reason := errors.New("no reason given")
		if f := o.Failure(); f != nil {
			reason = fmt.Errorf("%s: %s", f.Name, f.Value)
		}
		return "", 0, fmt.Errorf("the cell\n%s\nfailed: %w\n%s", code, reason, o.Stream("stderr"))
	}
	return o.Stream("stdout"), waited, nil
}
