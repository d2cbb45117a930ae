package session

import (
	"errors"
	"flag"
	"go/format"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"locuslab/kernel/build"
	"locuslab/kernel/cell"
	"locuslab/kernel/display"
)

var update = flag.Bool("update", false, "write what cells are turned into to testdata/emit")

// TestEmit holds what cells are turned into against the files of testdata/emit: a
// session each, whose cells are followed by the Go source that is compiled, or by
// what is wrong with them. Line marks are left out and the source is formatted, so
// that it can be read; go test ./kernel/session -update writes the files anew.
func TestEmit(t *testing.T) {
	files, err := filepath.Glob("testdata/emit/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	cache := t.TempDir()
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			s := openTestSession(t, cache)
			var now []txtar.File
			for _, f := range archive.Files {
				if f.Name == "cell" {
					now = append(now, f, emitted(t, s, strings.TrimSuffix(string(f.Data), "\n"), len(now)/2+1))
				}
			}
			if *update {
				archive.Files = now
				if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			for i, f := range now {
				if i >= len(archive.Files) || archive.Files[i].Name != f.Name || string(archive.Files[i].Data) != string(f.Data) {
					t.Fatalf("%s: cell %d became\n-- %s --\n%s", file, i/2+1, f.Name, f.Data)
				}
			}
		})
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

// emitted takes a cell as if it had been run.
func emitted(t *testing.T, s *Session, code string, count int) txtar.File {
	t.Helper()
	c := cell.Split(code)
	u, em, err := s.prepare(t.Context(), c, segments(c)[0].items, count, false)
	var failure *display.Failure
	switch {
	case errors.As(err, &failure):
		return txtar.File{Name: "err", Data: []byte(failure.Error() + "\n")}
	case err != nil:
		t.Fatalf("cell %d: %v", count, err)
	}
	s.mu.Lock()
	same := s.ran[em.Meaning]
	s.mu.Unlock()
	if same != nil && !em.Defines {
		s.commit(&compiled{unit: same, emission: em})
		return txtar.File{Name: "same", Data: []byte(same.File + "\n")}
	}
	s.commit(&compiled{unit: u, emission: em, object: build.Object{Path: "not built"}})
	return txtar.File{Name: "go", Data: readable(t, em.Source)}
}

var (
	lineMarks = regexp.MustCompile(`/\*line [^*]*\*/|(?m)^//line .*\n`)
	blanks    = regexp.MustCompile(`\n\n+`)
)

// readable is a source without line marks, formatted.
func readable(t *testing.T, source string) []byte {
	t.Helper()
	text, err := format.Source([]byte(lineMarks.ReplaceAllString(source, "")))
	if err != nil {
		t.Fatalf("%v in\n%s", err, source)
	}
	return blanks.ReplaceAll(text, []byte("\n"))
}
