package loader_test

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Other Go releases than the one that runs the tests are tried by
//
//	go test ./kernel/worker/loader -run Releases -releases go1.25.0,go1.26.0,…
//
// which the go command downloads.
var releases = flag.String("releases", "", "Go releases to try, besides the one at hand")

// TestReleases loads cells into a program of each release. The program's source is put
// into a module of its own, whose go line lets older releases build it.
func TestReleases(t *testing.T) {
	b, err := program()
	if err != nil {
		t.Fatal(err)
	}
	for _, release := range append(strings.FieldsFunc(*releases, func(r rune) bool { return r == ',' }), b.tool.GOVERSION) {
		t.Run(release, func(t *testing.T) {
			dir := t.TempDir()
			for from, to := range map[string]string{".": "kernel/worker/loader", "testdata/host": "kernel/worker/loader/testdata/host", "memory": "kernel/worker/loader/memory", "runtimedata": "kernel/worker/loader/runtimedata", "../../build/goobj": "kernel/build/goobj"} {
				copySources(t, from, filepath.Join(dir, to))
			}
			if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module locuslab\n\ngo 1.25\n"), 0o644); err != nil {
				t.Fatal(err)
			}
			b, err := buildProgram(context.Background(), dir, dir, append(os.Environ(), "CGO_ENABLED=0", "GOTOOLCHAIN="+release, "GOARCH="+machine(), "GOFLAGS=-mod=mod"))
			if err != nil {
				t.Fatal(err)
			}
			if b.tool.GOVERSION != release {
				t.Fatalf("the go command took %s", b.tool.GOVERSION)
			}
			for _, name := range []string{"identity", "running"} {
				runCells(t, startProgram(t, b), "testdata/cells/"+name+".txt")
			}
		})
	}
}

func copySources(t *testing.T, from, to string) {
	t.Helper()
	if err := os.MkdirAll(to, 0o755); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(from)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.IsDir() || strings.HasSuffix(e.Name(), "_test.go") || filepath.Ext(e.Name()) != ".go" && filepath.Ext(e.Name()) != ".s" {
			continue
		}
		text, err := os.ReadFile(filepath.Join(from, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(to, e.Name()), text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
