// Package kerneltest gives tests the kernel as a front end has it: built, registered with
// Jupyter, and asked over its sockets. It knows nothing of what the tests look for.
package kerneltest

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"locuslab/kernel/build"
	"locuslab/kernel/jupyter/client"
)

// shared holds what the tests of a package share: the kernel, which is built once, and a
// cache.
var shared string

// Main runs the tests of a package that uses Exe or Spec, and ends the process. It is what
// the package's TestMain calls.
func Main(m *testing.M) {
	os.Exit(runTests(m))
}

func runTests(m *testing.M) int {
	dir, err := os.MkdirTemp("", "locuslab-kernel-tests-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	shared = dir
	return m.Run()
}

var built = sync.OnceValues(func() (exe string, err error) {
	// The go command takes the result of a test from its cache while what the test has read is
	// unchanged: so it reads the folders of the kernel. Tests of other packages make some there
	// and remove them meanwhile.
	root, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "locuslab").Output()
	if err == nil {
		err = filepath.WalkDir(filepath.Join(strings.TrimSpace(string(root)), "kernel"), func(_ string, _ fs.DirEntry, err error) error {
			if errors.Is(err, fs.ErrNotExist) {
				return nil
			}
			return err
		})
	}
	if err != nil {
		return "", fmt.Errorf("find the kernel's source: %w", err)
	}
	exe = filepath.Join(shared, "kernel")
	if out, err := exec.Command("go", "build", "-o", exe, "locuslab/kernel").CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return exe, nil
})

// Exe returns the path of the kernel, which the first call builds.
func Exe(t *testing.T) string {
	t.Helper()
	exe, err := built()
	if err != nil {
		t.Fatal(err)
	}
	return exe
}

// Spec registers the kernel with the cache that the package's tests share, so that its worker
// is linked once.
func Spec(t *testing.T) client.Spec {
	t.Helper()
	return Register(t, Exe(t), filepath.Join(shared, "cache"))
}

// FreshSpec registers the kernel with an empty cache of its own.
func FreshSpec(t *testing.T) client.Spec {
	t.Helper()
	return Register(t, Exe(t), filepath.Join(t.TempDir(), "cache"))
}

// Register registers a kernel below a temporary folder and has it, and all that the test
// starts, keep its cache in a folder. Go's own build cache stays the user's.
func Register(t *testing.T, exe, cache string) client.Spec {
	t.Helper()
	goCache, err := exec.CommandContext(t.Context(), "go", "env", "GOCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	prefix := t.TempDir()
	t.Setenv("GOCACHE", strings.TrimSpace(string(goCache)))
	t.Setenv("XDG_CACHE_HOME", cache)
	t.Setenv(build.CacheVariable, "")
	if out, err := exec.CommandContext(t.Context(), exe, "install", "--prefix", prefix).CombinedOutput(); err != nil {
		t.Fatalf("%s install: %v\n%s", exe, err, out)
	}
	spec, err := client.ReadSpec(filepath.Join(prefix, "share", "jupyter", "kernels", "locuslab"))
	if err != nil {
		t.Fatal(err)
	}
	return spec
}
