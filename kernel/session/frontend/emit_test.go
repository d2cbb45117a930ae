package frontend

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

	"locuslab/kernel/build/buildtest"
	"locuslab/kernel/cell"
	"locuslab/kernel/display"
	"locuslab/kernel/session/frontend/probe"
	"locuslab/kernel/session/report"
	"locuslab/kernel/session/scope"
)

var update = flag.Bool("update", false, "write what cells are turned into to testdata/emit")

// TestEmit holds what cells are turned into against the files of testdata/emit: a
// session each, whose cells are followed by the Go source that is compiled, or by
// what is wrong with them. Line marks are left out and the source is formatted, so
// that it can be read; go test ./kernel/session/frontend -update writes the files anew.
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
			n := openNotebook(t, cache)
			var now []txtar.File
			for _, f := range archive.Files {
				if f.Name == "cell" {
					now = append(now, f, n.emitted(t, strings.TrimSuffix(string(f.Data), "\n"), len(now)/2+1))
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

// A notebook holds what a session has between two cells, without a worker.
type notebook struct {
	scope   *scope.Scope
	sources *report.Sources
	ran     map[string]*probe.Unit
}

// openNotebook opens a notebook in a module without packages.
func openNotebook(t *testing.T, cache string) *notebook {
	t.Helper()
	dir := t.TempDir()
	workspace := buildtest.Open(t, dir, cache)
	return &notebook{scope.New(workspace, workspace.RuntimePath(), dir), report.NewSources(workspace.GOROOT()), map[string]*probe.Unit{}}
}

// emitted takes a cell as if it had been run.
func (n *notebook) emitted(t *testing.T, code string, count int) txtar.File {
	t.Helper()
	c := cell.Split(code)
	u := probe.New(n.scope, n.sources, c, c.Items)
	u.ID, u.Count, u.File = count, count, n.sources.NewFile(count, count)
	em, err := Compile(t.Context(), u)
	var failure *display.Failure
	switch {
	case errors.As(err, &failure):
		return txtar.File{Name: "err", Data: []byte(failure.Error() + "\n")}
	case err != nil:
		t.Fatalf("cell %d: %v", count, err)
	}
	if same := n.ran[em.Meaning]; same != nil && !em.Defines {
		em.Commit(same.File)
		return txtar.File{Name: "same", Data: []byte(same.File + "\n")}
	}
	n.sources.Add(u.Source)
	n.ran[em.Meaning] = u
	em.Commit(u.File)
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
