package build_test

import (
	goversion "go/version"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"locuslab/kernel/build"
)

// openWith opens a workspace where the go command says that it is of a release.
func openWith(t *testing.T, release string) error {
	t.Helper()
	dir := t.TempDir()
	answer := "#!/bin/sh\necho '{\"GOVERSION\": \"" + release + "\", \"GOOS\": \"linux\", \"GOARCH\": \"amd64\", \"GOROOT\": \"/usr/local/go\"}'\n"
	if err := os.WriteFile(filepath.Join(dir, "go"), []byte(answer), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH"))
	_, err := build.OpenWorkspace(t.Context(), t.TempDir(), build.Options{Cache: t.TempDir()})
	return err
}

// A Go release that the loader does not know is refused in a sentence that says what to
// do.
func TestUnknownReleaseIsRefused(t *testing.T) {
	err := openWith(t, "go1.99.1")
	if err == nil || !strings.Contains(err.Error(), "go1.99.1") || !strings.Contains(err.Error(), "go1.26") || !strings.Contains(err.Error(), "GOTOOLCHAIN=") || strings.Contains(err.Error(), "\n") {
		t.Errorf("error %v", err)
	}
}

// A kernel cannot read what a later release than its own compiles, and says so before a
// cell runs into it.
func TestLaterReleaseThanTheKernels(t *testing.T) {
	for _, release := range []string{"go1.25.3", "go1.26.1", "go1.27.3"} {
		err := openWith(t, release)
		later := goversion.Compare(goversion.Lang(release), goversion.Lang(runtime.Version())) > 0
		if refused := err != nil && strings.Contains(err.Error(), "this kernel, built with "+runtime.Version()); refused != later {
			t.Errorf("%s: error %v", release, err)
		}
	}
}
