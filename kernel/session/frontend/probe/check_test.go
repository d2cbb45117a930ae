package probe_test

import (
	"errors"
	"flag"
	"fmt"
	"go/types"
	"maps"
	"os"
	"path/filepath"
	"slices"
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

var update = flag.Bool("update", false, "write what is read of cells to testdata/check")

// TestCheck holds what the type checker reads of single cells against the files of
// testdata/check: what each declares, with its type; the type of what it shows; or
// what is told of its faults. go test ./kernel/session/frontend/probe -update writes them
// anew.
func TestCheck(t *testing.T) {
	files, err := filepath.Glob("testdata/check/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	dir := t.TempDir()
	workspace := buildtest.Open(t, dir, t.TempDir())
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var now []txtar.File
		for i, f := range archive.Files {
			if f.Name != "cell" {
				continue
			}
			c := cell.Split(strings.TrimSuffix(string(f.Data), "\n"))
			u := probe.New(scope.New(workspace, workspace.RuntimePath(), dir), report.NewSources(workspace.GOROOT()), c, c.Items)
			u.ID, u.Count, u.File = 1, 1, "In[1]"
			read := txtar.File{Name: "read", Data: []byte(told(t, u))}
			now = append(now, f, read)
			if !*update && (i+1 >= len(archive.Files) || string(archive.Files[i+1].Data) != string(read.Data)) {
				t.Errorf("%s: of\n%s\nis read\n%s", file, f.Data, read.Data)
			}
		}
		if *update {
			archive.Files = now
			if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// told is what the type checker reads of a cell.
func told(t *testing.T, u *probe.Unit) string {
	t.Helper()
	var b strings.Builder
	err := u.Check(t.Context())
	var failure *display.Failure
	switch {
	case errors.As(err, &failure):
		return failure.Error() + "\n"
	case err != nil:
		t.Fatal(err)
	}
	for _, path := range slices.Sorted(maps.Values(u.Imports)) {
		fmt.Fprintf(&b, "import %s\n", path)
	}
	for _, name := range slices.Sorted(maps.Keys(u.Declared)) {
		if obj := u.Package.Scope().Lookup(name); obj != nil {
			fmt.Fprintln(&b, types.ObjectString(obj, types.RelativeTo(u.Package)))
		}
	}
	if shown := u.LastExpression(); shown != nil {
		fmt.Fprintf(&b, "shows %s\n", types.TypeString(u.Info.TypeOf(shown), types.RelativeTo(u.Package)))
	}
	return b.String()
}
