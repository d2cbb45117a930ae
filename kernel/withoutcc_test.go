package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// pathWithoutCompiler is a folder for PATH that has what cells of the notebooks call, and neither
// a C compiler nor a linker.
func pathWithoutCompiler(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"go", "bash", "sh", "echo", "cat", "ls", "env"} {
		file, err := exec.LookPath(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(file, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// runIn runs a command with another PATH and returns all that it printed.
func runIn(ctx context.Context, path string, name string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, filepath.Join(path, name), args...)
	cmd.Env = append(os.Environ(), "PATH="+path, "CC=", "CGO_ENABLED=")
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// A machine without a C compiler runs notebooks, and says what is lacking for C code.
func TestWithoutCCompiler(t *testing.T) {
	path := pathWithoutCompiler(t)
	out := filepath.Join(t.TempDir(), "out.ipynb")
	if said, err := runIn(t.Context(), path, "go", "run", ".", "run", "../notebooks/kernel-tour.ipynb", "-o", out); err != nil {
		t.Fatalf("the tour: %v\n%s", err, said)
	}
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod":   "module example.org/lesson\n\ngo 1.26\n",
		"c/c.go":   "package c\n\n// static int one(void) { return 1; }\nimport \"C\"\n\nfunc One() int { return int(C.one()) }\n",
		"nb.ipynb": `{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"cell_type": "code", "id": "a", "metadata": {}, "outputs": [], "execution_count": null, "source": "import \"example.org/lesson/c\"\nc.One()"}]}`,
	} {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	said, err := runIn(t.Context(), path, "go", "run", ".", "run", filepath.Join(dir, "nb.ipynb"), "-o", out)
	if err == nil || !strings.Contains(said, "example.org/lesson/c: C code needs a C compiler, and there is no gcc: install one") {
		t.Errorf("a cell that imports C code: %v\n%s", err, said)
	}
}
