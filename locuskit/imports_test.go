package locuskit_test

import (
	"os/exec"
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
