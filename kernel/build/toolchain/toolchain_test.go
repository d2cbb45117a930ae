package toolchain_test

import (
	"context"
	"debug/elf"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"locuslab/kernel/build/goobj"
	"locuslab/kernel/build/toolchain"
)

func find(t *testing.T, dir string) *toolchain.Toolchain {
	t.Helper()
	tool, err := toolchain.Find(context.Background(), dir, append(os.Environ(), "CGO_ENABLED=0"))
	if err != nil {
		t.Fatal(err)
	}
	return tool
}

func write(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// A program is static, needs nothing of the system, and names its symbols.
func TestLinkProgram(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, map[string]string{
		"go.mod":         "module sample\n\ngo 1.25\n",
		"host/host.go":   "package host\n\nimport \"fmt\"\n\ntype T struct{ A, B int }\n\nfunc (t T) Unused() int { return t.A }\n\nfunc Main() { fmt.Println(\"runs\", T{1, 2}) }\n",
		"other/other.go": "package other\n\nfunc F() {}\n",
	})
	tool := find(t, dir)
	exe := filepath.Join(dir, "program")
	p, err := tool.LinkProgram(context.Background(), toolchain.Link{Dir: dir, Main: "sample/host", Output: exe, Further: []string{"sample/other"}})
	if err != nil {
		t.Fatal(err)
	}
	f, err := elf.Open(exe)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if libs, err := f.ImportedLibraries(); len(libs) > 0 || f.Section(".interp") != nil {
		t.Errorf("it needs %q (%v)", libs, err)
	}
	symbols, err := f.Symbols()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"sample/host.T.Unused", "type:int", "fmt.Fprintln"} {
		if !slices.ContainsFunc(symbols, func(s elf.Symbol) bool { return s.Name == want }) {
			t.Errorf("it does not name %s", want)
		}
	}
	if slices.ContainsFunc(symbols, func(s elf.Symbol) bool { return strings.Contains(s.Name, "sample/other") }) {
		t.Error("it holds what was only to be listed")
	}
	for _, path := range []string{"sample/host", "fmt", "plugin", "runtime"} {
		if _, err := os.Stat(p.Linked[path]); err != nil {
			t.Errorf("archive of %s: %v", path, err)
		}
	}
	if _, err := os.Stat(p.Further["sample/other"]); err != nil || len(p.Further) != 1 {
		t.Errorf("archives of what was only to be listed: %v", p.Further)
	}
	if !slices.Contains(p.Builtins, goobj.Name{Text: "runtime.newobject", ABI: goobj.Internal}) {
		t.Error("the compiler's list does not have runtime.newobject")
	}
}

func TestErrors(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, map[string]string{"go.mod": "module sample\n\ngo 1.25\n", "bad/bad.go": "package bad\n\nvar X int = \"\"\n", "cell.go": "package main\n\nvar x int = \"\"\n"})
	tool := find(t, dir)
	listed, err := tool.List(context.Background(), dir, "sample/bad", "fmt")
	if err != nil {
		t.Fatal(err)
	}
	if p := listed["sample/bad"]; p.Error == nil || p.Export != "" {
		t.Errorf("a package that does not build: %+v", p)
	}
	if listed["fmt"].Export == "" {
		t.Error("a package beside one that does not build was not built")
	}
	var failed *toolchain.Error
	err = tool.Compile(context.Background(), toolchain.Compilation{Package: "main", Sources: []string{filepath.Join(dir, "cell.go")}, Output: filepath.Join(dir, "cell.a")})
	if !errors.As(err, &failed) || !strings.Contains(failed.Output, "cell.go:3:13: cannot use") {
		t.Errorf("what the compiler says: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := tool.List(ctx, dir, "std"); !errors.Is(err, context.Canceled) {
		t.Errorf("a list that nobody wants any more: %v", err)
	}
}
