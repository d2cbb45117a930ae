package worker_test

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"locuslab/kernel/worker"
)

// Where the compiler names the functions of the runtime that it calls: those with
// a Go signature in a file of declarations, the others in its own code.
var (
	declared = regexp.MustCompile(`(?m)^func (\w+)\(`)
	lookedUp = regexp.MustCompile(`(?:LookupRuntimeFunc|sysClosure)\("(\w+)"\)`)
	// Names that a variable holds on the way, of min and max; computed finds them, so
	// that one of a new kind is not overlooked.
	assigned = regexp.MustCompile(`(?m)^\t+name = "(\w+)"$`)
	computed = regexp.MustCompile(`LookupRuntimeFunc\(\w+\)`)
	// A family of allocators, one for each size of object.
	families = regexp.MustCompile(`LookupRuntimeFunc\(fmt\.Sprintf\("(\w+)%d"`)
)

// notCalled are functions that no cell calls, by the beginnings of their names.
var notCalled = map[string]string{
	"race": "the race detector's", "msan": "a sanitizer's", "asan": "a sanitizer's", "libfuzzer": "of fuzzing", "addCovMeta": "of coverage",
	"goPanic": "of WebAssembly; elsewhere panicBounds is called",
	"fadd":    "for machines without an FPU", "fmul": "the same", "fdiv": "the same", "feq": "the same", "fgt": "the same", "fge": "the same",
	"fint": "the same", "fuint": "the same", "f32to": "the same", "f64to": "the same",
}

// A cell may be the first to use a part of the language, and what the compiler makes
// of it must be in the worker.
func TestWorkerHoldsWhatTheCompilerCalls(t *testing.T) {
	list, err := worker.Sources.ReadFile("retain/retain.go")
	if err != nil {
		t.Fatal(err)
	}
	held := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^//go:linkname (\w+)_ runtime\.(\w+)\nfunc (\w+)_\(\)$`).FindAllStringSubmatch(string(list), -1) {
		if m[1] != m[2] || m[1] != m[3] || !regexp.MustCompile(`\b`+m[1]+`_,`).Match(list) {
			t.Errorf("retain.go names %s, %s and %s in one declaration, or does not return it", m[1], m[2], m[3])
		}
		held[m[2]] = true
	}
	runtimeHas := runtimeFunctions(t)
	called := compilerCalls(t, runtimeHas)
	for _, name := range called {
		if runtimeHas[name] && !held[name] {
			t.Errorf("the compiler of %s may call runtime.%s, and the worker does not hold it: add it to retain/retain.go", runtime.Version(), name)
		}
	}
	for name := range held {
		if !slices.Contains(called, name) {
			t.Errorf("the worker holds runtime.%s, which the compiler of %s does not call: take it out of retain/retain.go", name, runtime.Version())
		}
	}
}

// compilerCalls lists the functions that the compiler's source names.
func compilerCalls(t *testing.T, runtimeHas map[string]bool) []string {
	t.Helper()
	root := filepath.Join(strings.TrimSpace(goOutput(t, "env", "GOROOT")), "src", "cmd", "compile", "internal")
	var names, prefixes []string
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		patterns := []*regexp.Regexp{lookedUp}
		switch n := len(computed.FindAll(text, -1)); {
		case n == 1 && strings.HasSuffix(path, "ssagen/ssa.go"):
			patterns = append(patterns, assigned)
		case n == 1 && strings.HasSuffix(path, "reflectdata/alg.go"): // sysClosure
		case n > 0:
			t.Errorf("%s computes names of the runtime's functions in a way that this test does not know", path)
		}
		if strings.HasSuffix(path, "_builtin/runtime.go") {
			patterns = append(patterns, declared)
		}
		for _, p := range patterns {
			for _, m := range p.FindAllSubmatch(text, -1) {
				names = append(names, string(m[1]))
			}
		}
		for _, m := range families.FindAllSubmatch(text, -1) {
			prefixes = append(prefixes, string(m[1]))
		}
		return nil
	})
	if err != nil || len(names) < 100 {
		t.Fatalf("the compiler's source in %s names %d functions of the runtime: %v", root, len(names), err)
	}
	for name := range runtimeHas {
		for _, p := range prefixes {
			if number, ok := strings.CutPrefix(name, p); ok && strings.Trim(number, "0123456789") == "" {
				names = append(names, name)
			}
		}
	}
	return slices.DeleteFunc(names, func(name string) bool {
		for prefix := range notCalled {
			if strings.HasPrefix(name, prefix) {
				return true
			}
		}
		return false
	})
}

// runtimeFunctions are the functions of that package, whichever package's code they are.
func runtimeFunctions(t *testing.T) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	for _, archive := range strings.Fields(goOutput(t, "list", "-export", "-deps", "-f", "{{.Export}}", "runtime")) {
		for line := range strings.Lines(goOutput(t, "tool", "nm", archive)) {
			if f := strings.Fields(line); len(f) >= 3 && f[len(f)-2] == "T" { // the file stands before it, or not
				if name, ok := strings.CutPrefix(f[len(f)-1], "runtime."); ok {
					found[name] = true
				}
			}
		}
	}
	return found
}

func goOutput(t *testing.T, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", args...)
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, said.String())
	}
	return string(out)
}
