package main_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"locuslab/kernel/build"
	"locuslab/kernel/jupyter/client"
)

// sharedFolder holds what the package's tests share: the kernel, which is built once, and
// a cache.
var sharedFolder string

func TestMain(m *testing.M) {
	os.Exit(runTests(m))
}

func runTests(m *testing.M) int {
	dir, err := os.MkdirTemp("", "locuslab-kernel-tests-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	sharedFolder = dir
	return m.Run()
}

var buildKernel = sync.OnceValues(func() (exe string, err error) {
	exe = filepath.Join(sharedFolder, "kernel")
	if out, err := exec.Command("go", "build", "-o", exe, ".").CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return exe, nil
})

// kernelSpec registers the kernel below a temporary folder. It has the cache that the
// package's tests share, so that its worker is linked once.
func kernelSpec(t *testing.T) client.Spec {
	t.Helper()
	return specWithCache(t, filepath.Join(sharedFolder, "cache"))
}

// freshKernelSpec registers the kernel with an empty cache of its own.
func freshKernelSpec(t *testing.T) client.Spec {
	t.Helper()
	return specWithCache(t, filepath.Join(t.TempDir(), "cache"))
}

// specWithCache registers the kernel with a cache below a folder. Go's own build cache
// stays the user's.
func specWithCache(t *testing.T, cache string) client.Spec {
	t.Helper()
	goCache, err := exec.CommandContext(t.Context(), "go", "env", "GOCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	exe, err := buildKernel()
	if err != nil {
		t.Fatal(err)
	}
	prefix := t.TempDir()
	t.Setenv("GOCACHE", strings.TrimSpace(string(goCache)))
	t.Setenv("XDG_CACHE_HOME", cache)
	t.Setenv(build.CacheVariable, "")
	run(t, exe, "install", "--prefix", prefix)
	spec, err := client.ReadSpec(filepath.Join(prefix, "share", "jupyter", "kernels", "locuslab"))
	if err != nil {
		t.Fatal(err)
	}
	return spec
}
