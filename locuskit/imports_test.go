package locuskit_test

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestImportsRunDownwards holds the directions of the packages: the client stands on the tables, the tables on progress,
// and no library of locuskit on the kernel. The commands, with the packages below them, may.
func TestImportsRunDownwards(t *testing.T) {
	const module = "locuslab/"
	list := exec.CommandContext(t.Context(), "go", "list", "-f", `{{.ImportPath}} {{.Name}}{{range .Deps}} {{.}}{{end}}`, "./...")
	out, err := list.Output()
	if err != nil {
		t.Fatalf("go list ./...: %v", err)
	}
	// What a package and all below it may have of this module beside its own internal packages.
	below := map[string][]string{
		"locuskit/progress": {},
		"locuskit/table":    {"locuskit/progress", "locuskit/internal/"},
		"locuskit":          {"locuskit/table", "locuskit/progress", "locuskit/internal/"},
		"locuskit/spark":    {"locuskit/table", "locuskit/progress", "locuskit/internal/"},
	}
	// Below the tables, what must not stand below what.
	const inner = "locuskit/table/internal/"
	never := map[string][]string{
		"exec":      {"column", "reading", "group", "join", "stats", "csv", "json", "parquet", "arrowconv"},
		"column":    {"reading", "group", "join", "stats", "csv", "json", "parquet", "arrowconv"},
		"reading":   {"group", "join", "stats", "csv", "json", "parquet", "arrowconv"},
		"stats":     {"reading", "group", "join", "csv", "json", "parquet", "arrowconv"},
		"group":     {"reading", "join", "csv", "json", "parquet", "arrowconv"},
		"join":      {"reading", "csv", "json", "parquet", "arrowconv"},
		"csv":       {"group", "join", "stats", "json", "parquet", "arrowconv"},
		"json":      {"group", "join", "stats", "parquet", "arrowconv"},
		"arrowconv": {"group", "join", "stats", "csv", "json", "parquet"},
		"parquet":   {"group", "join", "stats", "csv", "json", "writing"},
		"writing":   {"group", "join", "stats"},
	}
	seen := 0
	for line := range strings.Lines(string(out)) {
		fields := strings.Fields(line)
		path, name := strings.TrimPrefix(fields[0], module), fields[1]
		allowed, listed := below[path]
		if listed {
			seen++
		}
		for _, dep := range fields[2:] {
			dep, own := strings.CutPrefix(dep, module)
			switch {
			case listed && strings.HasPrefix(dep, "github.com/go-gota/"):
				t.Errorf("%s imports %s: only what converts to gota compiles it", path, dep)
			case !own:
			case slices.Contains(never[strings.TrimPrefix(path, inner)], strings.TrimPrefix(dep, inner)):
				t.Errorf("%s imports %s", path, dep)
			case name != "main" && !strings.HasPrefix(path, "locuskit/locus/") && strings.HasPrefix(dep, "kernel"):
				t.Errorf("%s imports %s: libraries of locuskit do not stand on the kernel", path, dep)
			case listed && !strings.HasPrefix(dep, path+"/internal/") && !slices.ContainsFunc(allowed, func(a string) bool {
				return dep == a || strings.HasSuffix(a, "/") && strings.HasPrefix(dep, a) || strings.HasPrefix(dep, a+"/internal/")
			}):
				t.Errorf("%s imports %s: it may stand on %q alone", path, dep, allowed)
			}
		}
	}
	if seen != len(below) {
		t.Errorf("%d of %d packages found", seen, len(below))
	}
}

// TestPackagesAreSmall keeps every package below 3,000 lines without its tests, so that a reader can hold it.
func TestPackagesAreSmall(t *testing.T) {
	lines := make(map[string]int)
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		lines[filepath.Dir(path)] += bytes.Count(text, []byte("\n"))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for dir, n := range lines {
		if n > 3000 {
			t.Errorf("%s has %d lines", dir, n)
		}
	}
}
