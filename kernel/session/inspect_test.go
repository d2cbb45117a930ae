package session

import (
	"os"
	"path/filepath"
	"testing"

	"locuslab/kernel/build"
	"locuslab/kernel/cell"
)

func TestInspectShowsDocComments(t *testing.T) {
	s := openTestSession(t, t.TempDir())
	take(t, s, "// twice returns n two times.\n//\n//go:noinline\nfunc twice(n int) int { return 2 * n }\n\n// far away\n\nvar x = 1", 1)
	for name, want := range map[string]string{
		"twice": "func twice(n int) int\n\ntwice returns n two times.",
		"x":     "var x int",
	} {
		b, ok := s.Inspect(name, len(name), 0)
		if got := b.Data["text/plain"]; !ok || got != want {
			t.Errorf("%s? is %q, want %q", name, got, want)
		}
	}
}

// openTestSession opens a session in a module without packages. No worker is built.
func openTestSession(t *testing.T, cache string) *Session {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module example.org/cells\n\ngo 1.26\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	s, err := Open(t.Context(), Options{Dir: dir, Cache: cache})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// take takes a cell as if it had been run.
func take(t *testing.T, s *Session, code string, count int) {
	t.Helper()
	c := cell.Split(code)
	u, em, err := s.prepare(t.Context(), c, segments(c)[0].items, count, false)
	if err != nil {
		t.Fatal(err)
	}
	s.commit(&compiled{unit: u, emission: em, object: build.Object{Path: "not built"}})
}
