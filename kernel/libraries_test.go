package main_test

import (
	"context"
	"errors"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"locuslab/kernel/jupyter/client"
	"locuslab/kernel/kerneltest"
)

var everyProgram = flag.Bool("every-program", false, "run every program of testdata/libraries, not only those that compile in seconds")

// quickLibraries are the programs that compile in seconds; -every-program runs all.
var quickLibraries = []string{"cobra", "gota", "hashes", "purego", "term", "unix", "xcrypto"}

// Libraries do in a cell what they do in a program, also those that are written in
// assembly or call the system by it: each program of testdata/libraries prints the same
// under plain Go and as the one cell of a notebook, whose kernel has seen none of the
// packages before.
func TestLibraries(t *testing.T) {
	root := filepath.Join(t.TempDir(), "libraries")
	if err := os.CopyFS(root, os.DirFS("testdata/libraries")); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(root, "*", "main.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no programs in testdata/libraries: %v", err)
	}
	spec := kerneltest.Spec(t)
	for _, file := range files {
		name := filepath.Base(filepath.Dir(file))
		if !*everyProgram && !slices.Contains(quickLibraries, name) {
			continue
		}
		t.Run(name, func(t *testing.T) {
			program := exec.CommandContext(t.Context(), "go", "run", "./"+name)
			program.Dir = root
			want, err := program.Output()
			if err != nil {
				var exit *exec.ExitError
				errors.As(err, &exit)
				t.Fatalf("under plain Go: %v\n%s", err, exit.Stderr)
			}
			source, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
			defer cancel()
			k, err := client.Start(ctx, spec, client.Options{Dir: root})
			if err != nil {
				t.Fatal(err)
			}
			defer k.Close()
			o, err := k.Run(ctx, string(source))
			if err != nil {
				t.Fatal(err)
			}
			if got := o.Stream("stdout"); o.Status != "ok" || got != string(want) {
				t.Errorf("%s\nin a cell:\n%s%s\nunder plain Go:\n%s", kerneltest.FailureText(o), got, strings.TrimSpace(o.Stream("stderr")), want)
			}
		})
	}
}
