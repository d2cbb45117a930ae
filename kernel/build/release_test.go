package build_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"locuslab/kernel/build"
)

// A Go release that the loader does not know is refused in a sentence that says what to
// do.
func TestUnknownReleaseIsRefused(t *testing.T) {
	dir := t.TempDir()
	answer := `#!/bin/sh
echo '{"GOVERSION": "go1.99.1", "GOOS": "linux", "GOARCH": "amd64", "GOROOT": "/usr/local/go"}'
`
	if err := os.WriteFile(filepath.Join(dir, "go"), []byte(answer), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH"))
	_, err := build.OpenWorkspace(t.Context(), t.TempDir(), t.TempDir(), nil)
	if err == nil || !strings.Contains(err.Error(), "go1.99.1") || !strings.Contains(err.Error(), "go1.26") || !strings.Contains(err.Error(), "GOTOOLCHAIN=") || strings.Contains(err.Error(), "\n") {
		t.Errorf("error %v", err)
	}
}
