// Package buildtest opens workspaces for the tests of packages that stand above package
// build.
package buildtest

import (
	"os"
	"path/filepath"
	"testing"

	"locuslab/kernel/build"
)

// Open opens dir, which it makes a module without packages, as a notebook's folder. The
// workspace is closed with the test.
func Open(t testing.TB, dir, cache string) *build.Workspace {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module example.org/cells\n\ngo 1.26\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	w, err := build.OpenWorkspace(t.Context(), dir, build.Options{Cache: cache})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})
	return w
}
