package gosuite

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "write what the programs of testdata/split are cut into, to be read and committed")

// TestCells cuts the programs of testdata/split. Each is a file program.go and, for
// some ways, the cells that it becomes, with a line of dashes between them.
func TestCells(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join("testdata", "split", "*.txtar"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no programs to cut: %v", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			p := Program{Name: archive.Files[0].Name, Path: "program.go", Source: string(archive.Files[0].Data)}
			imports, err := NewImporter(t.Context(), []Program{p})
			if err != nil {
				t.Fatal(err)
			}
			for i, f := range archive.Files[1:] {
				got := cutByName(t, f.Name, p, imports)
				if *update {
					archive.Files[i+1].Data = []byte(got)
				} else if got != string(f.Data) {
					t.Errorf("%s:\n%s\nwant:\n%s", f.Name, got, f.Data)
				}
			}
			if *update {
				if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

func cutByName(t *testing.T, way string, p Program, imports *Importer) string {
	t.Helper()
	for _, w := range Ways {
		if w.Name != way {
			continue
		}
		cells, err := w.Cells(p, imports)
		var no *NotCut
		if errors.As(err, &no) {
			return "not cut: " + no.Error() + "\n"
		}
		if err != nil {
			t.Fatal(err)
		}
		return strings.Join(cells, "\n------\n") + "\n"
	}
	t.Fatalf("there is no way %q", way)
	return ""
}
