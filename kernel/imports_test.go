package main_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A direction is what the packages below one path do not import, tests included.
type direction struct {
	below, not string
	allowed    []string // paths below not that may be imported all the same
	commands   bool     // a main package, and what is below one, may
	why        string
}

var directions = []direction{
	{"locuslab/kernel", "locuslab/locuskit", nil, false, "the kernel runs notebooks of any course"},
	{"locuslab/kernel", "locuslab/notebooks", nil, false, "the kernel runs notebooks of any course"},
	{"locuslab/kernel", "locuslab/img", []string{"locuslab/img/svg"}, false, "pictures of lessons are not the kernel's"},
	{"locuslab/locuskit", "locuslab/kernel", nil, true, "only commands of locuskit use Python environments and processes"},
	{"locuslab/kernel/session/scope", "locuslab/kernel/cell", nil, false, "what is declared does not depend on cells"},
	{"locuslab/kernel/session/scope", "locuslab/kernel/session", nil, false, "the scope stands below what uses it"},
	{"locuslab/kernel/session/scope", "locuslab/kernel/worker", nil, false, "what is declared does not depend on what runs it"},
	{"locuslab/kernel/session/report", "locuslab/kernel/build", nil, false, "a failure is told without what compiles"},
	{"locuslab/kernel/session/report", "locuslab/kernel/session", []string{"locuslab/kernel/session/scope"}, false, "reports stand below the passes"},
	{"locuslab/kernel/session/frontend", "locuslab/kernel/worker", nil, false, "source is made without what runs it"},
	{"locuslab/kernel/session/frontend", "locuslab/kernel/magic", nil, false, "the front end is given Go code only"},
	{"locuslab/kernel/session/frontend", "locuslab/kernel/build/toolchain", nil, false, "the front end compiles nothing"},
	{"locuslab/kernel/session/frontend", "locuslab/kernel/session", []string{"locuslab/kernel/session/scope", "locuslab/kernel/session/report"}, false, "the front end stands below the session"},
	{"locuslab/kernel/session/frontend/probe", "locuslab/kernel/session/frontend", []string{"locuslab/kernel/session/frontend/syntax"}, false, "a cell is checked without what is made of it"},
	{"locuslab/kernel/session/frontend/syntax", "locuslab", nil, false, "syntax trees are Go's"},
	{"locuslab/kernel/cell", "locuslab", nil, false, "a cell's text is read without the kernel"},
	{"locuslab/kernel/session/complete", "locuslab/kernel/session", []string{"locuslab/kernel/session/scope"}, false, "completion is given a check of cells"},
	{"locuslab/kernel/session/complete", "locuslab/kernel/worker", nil, false, "what is asked while a user types runs nothing"},
	{"locuslab/kernel/comm", "locuslab", nil, false, "the kernel carries it along as a source, without what it could import"},
	{"locuslab/kernel/incell", "locuslab", []string{"locuslab/kernel/comm"}, false, "the kernel carries it along as a source, with comm only"},
	{"locuslab/kernel/widget", "locuslab", []string{"locuslab/kernel/comm", "locuslab/kernel/incell"}, false, "the kernel carries it along as a source, with comm and incell only"},
	{"locuslab/kernel/worker/loader/memory", "locuslab", nil, false, "memory does not depend on what lies there"},
	{"locuslab/kernel/worker/loader/runtimedata", "locuslab", []string{"locuslab/kernel/worker/loader/memory", "locuslab/kernel/build/goobj"}, false, "the runtime is described without what links"},
	{"locuslab/kernel/godoc", "locuslab", nil, false, "documentation is read from folders"},
	{"locuslab/img/svg", "locuslab", nil, false, "primitives stand below all that draws"},
	{"locuslab/kernel", "github.com/apache/arrow-go", nil, false, "tables are not the kernel's"},
	{"locuslab/kernel", "gonum.org", nil, false, "tables are not the kernel's"},
}

type listed struct {
	ImportPath, Name                   string
	Imports, TestImports, XTestImports []string
}

func within(path, tree string) bool { return path == tree || strings.HasPrefix(path, tree+"/") }

// violations are the imports that go against a direction.
func violations(packages []listed) []string {
	var found []string
	for _, d := range directions {
		for _, p := range packages {
			if !within(p.ImportPath, d.below) {
				continue
			}
			imports, who := p.Imports, p.ImportPath
			if d.commands {
				if inCommand(p.ImportPath, packages) {
					continue
				}
			} else {
				imports = slices.Concat(imports, p.TestImports, p.XTestImports)
			}
			for _, i := range imports {
				allowed := within(i, d.below) || slices.ContainsFunc(d.allowed, func(a string) bool { return within(i, a) })
				if within(i, d.not) && !allowed {
					found = append(found, who+" imports "+i+": "+d.why)
				}
			}
		}
	}
	return found
}

// inCommand reports whether a package is a command or below one.
func inCommand(path string, packages []listed) bool {
	return slices.ContainsFunc(packages, func(p listed) bool { return p.Name == "main" && within(path, p.ImportPath) })
}

func TestImportsRunDownwards(t *testing.T) {
	out, err := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Name,Imports,TestImports,XTestImports", "locuslab/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	var packages []listed
	for decoder := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		packages = append(packages, p)
	}
	if len(packages) < 20 {
		t.Fatalf("%d packages", len(packages))
	}
	for _, v := range violations(packages) {
		t.Error(v)
	}
	deps, err := exec.CommandContext(t.Context(), "go", "list", "-deps", "locuslab/kernel").Output()
	if err != nil {
		t.Fatal(err)
	}
	for path := range strings.FieldsSeq(string(deps)) {
		for _, heavy := range []string{"locuslab/locuskit", "github.com/apache/arrow-go", "gonum.org", "go.opentelemetry.io"} {
			if within(path, heavy) {
				t.Errorf("the kernel is built with %s, which makes its first start longer", path)
			}
		}
	}
}

// TestViolationsAreFound holds the test above to what it says.
func TestViolationsAreFound(t *testing.T) {
	for _, p := range []listed{
		{ImportPath: "locuslab/kernel/lab", Imports: []string{"locuslab/locuskit"}},
		{ImportPath: "locuslab/kernel", XTestImports: []string{"locuslab/locuskit/locustest"}},
		{ImportPath: "locuslab/kernel/trace", Imports: []string{"locuslab/img"}},
		{ImportPath: "locuslab/locuskit/table", Imports: []string{"locuslab/kernel/lab/python"}},
		{ImportPath: "locuslab/img/svg", Imports: []string{"locuslab/locuskit/chart"}},
		{ImportPath: "locuslab/kernel/session/frontend/probe", Imports: []string{"locuslab/kernel/session/frontend"}},
		{ImportPath: "locuslab/kernel/session/frontend", TestImports: []string{"locuslab/kernel/session"}},
		{ImportPath: "locuslab/kernel/build", TestImports: []string{"gonum.org/v1/gonum/mat"}},
	} {
		if len(violations([]listed{p})) == 0 {
			t.Errorf("%+v is not found", p)
		}
	}
	for _, p := range []listed{
		{ImportPath: "locuslab/kernel/trace", Imports: []string{"locuslab/img/svg"}},
		{ImportPath: "locuslab/locuskit/locus", Name: "main", Imports: []string{"locuslab/kernel/lab/python"}},
		{ImportPath: "locuslab/img/svg", Imports: []string{"locuslab/img/svg/x"}},
		{ImportPath: "locuslab/kernel/session/frontend", Imports: []string{"locuslab/kernel/session/frontend/probe"}},
	} {
		if v := violations([]listed{p}); len(v) > 0 {
			t.Errorf("%q", v)
		}
	}
}

// TestPackagesAreSmall keeps packages below 3,000 lines without their tests, so that a
// reader can hold one.
func TestPackagesAreSmall(t *testing.T) {
	lines := map[string]int{}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && d.Name() == "testdata":
			return fs.SkipDir
		case d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		text, err := os.ReadFile(path)
		lines[filepath.ToSlash(filepath.Dir(path))] += bytes.Count(text, []byte("\n"))
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
