package build_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"locuslab/kernel/build"
	"locuslab/kernel/worker/workertest"
)

// printing is a unit that prints an expression over imports.
func printing(e *workertest.Engine, id int, expression string, imports ...string) build.Unit {
	source := "package main\nimport \"fmt\"\n"
	for _, p := range imports {
		source += "import \"" + p + "\"\n"
	}
	return e.Unit(id, source+"func Cell_"+string(rune('0'+id))+"() { fmt.Print("+expression+") }\n")
}

// A package that a session has linked into a cell is compiled anew for the next session
// when its source has changed.
func TestPackageIsEditedBetweenSessions(t *testing.T) {
	source := func(word string) string {
		return "package p\n\nfunc F() string { return \"" + word + "\" }\n\n// " + word + "\nvar V" + word + " int\n"
	}
	root := writeModule(t, map[string]string{"go.mod": "module example.org/lesson\n\ngo 1.26\n", "p/p.go": source("old")})
	for _, word := range []string{"old", "new", "newer"} {
		if err := os.WriteFile(filepath.Join(root, "p", "p.go"), []byte(source(word)), 0o644); err != nil {
			t.Fatal(err)
		}
		e := workertest.New(t, root)
		s := &workertest.Screen{}
		if _, err := e.Run(t.Context(), printing(e, 1, "p.F() + \" \", p.V"+word, "example.org/lesson/p"), s); err != nil || s.Stdout() != word+" 0" {
			t.Errorf("printed %q, want %q: %v", s.Stdout(), word, err)
		}
	}
}

// moduleServer is a folder that the go command takes for a module proxy.
func moduleServer(t *testing.T, modules map[string]map[string]string) {
	t.Helper()
	dir := t.TempDir()
	for at, files := range modules {
		path, version, _ := strings.Cut(at, "@")
		var archive bytes.Buffer
		w := zip.NewWriter(&archive)
		for name, text := range files {
			f, err := w.Create(at + "/" + name)
			if err == nil {
				_, err = f.Write([]byte(text))
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		folder := filepath.Join(dir, path, "@v")
		list, _ := os.ReadFile(filepath.Join(folder, "list"))
		err := os.MkdirAll(folder, 0o755)
		for name, text := range map[string][]byte{
			version + ".info": []byte(`{"Version":"` + version + `","Time":"2026-01-02T03:04:05Z"}`), version + ".mod": []byte(files["go.mod"]),
			version + ".zip": archive.Bytes(), "list": append(list, version+"\n"...),
		} {
			err = errors.Join(err, os.WriteFile(filepath.Join(folder, name), text, 0o644))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("GOPROXY", "file://"+dir)
	t.Setenv("GOSUMDB", "off")
	t.Setenv("GOFLAGS", "-modcacherw")
	t.Setenv("GOMODCACHE", t.TempDir())
}

// A package may need a newer version of a module that an earlier one needs, too. What is
// in no process yet is taken anew; what is there cannot be, and the user is told why.
func TestImportThatUpgradesAnother(t *testing.T) {
	moduleServer(t, map[string]map[string]string{
		"below.example/low@v1.0.0":  {"go.mod": "module below.example/low\n\ngo 1.26\n", "low.go": "package low\n\nconst N = 1\n\nfunc F() int { return N }\n"},
		"below.example/low@v1.1.0":  {"go.mod": "module below.example/low\n\ngo 1.26\n", "low.go": "package low\n\nconst N = 2\n\nfunc F() int { return N }\n\nfunc G() int { return N }\n"},
		"first.example/one@v1.0.0":  {"go.mod": "module first.example/one\n\ngo 1.26\n\nrequire below.example/low v1.0.0\n", "one.go": "package one\n\nimport \"below.example/low\"\n\nfunc F() int { return low.F() }\n"},
		"second.example/two@v1.0.0": {"go.mod": "module second.example/two\n\ngo 1.26\n\nrequire below.example/low v1.1.0\n", "two.go": "package two\n\nimport \"below.example/low\"\n\nfunc F() int { return low.G() }\n"},
	})
	root := writeModule(t, map[string]string{"go.mod": "module example.org/lesson\n\ngo 1.26\n"})
	e := workertest.New(t, root)
	if _, err := e.Space.Exports(t.Context(), "first.example/one"); err != nil {
		t.Fatal(err)
	}
	s := &workertest.Screen{}
	if _, err := e.Run(t.Context(), printing(e, 1, "one.F(), two.F()", "first.example/one", "second.example/two"), s); err != nil || s.Stdout() != "2 2" {
		t.Fatalf("both at once print %q, %v", s.Stdout(), err)
	}

	root = writeModule(t, map[string]string{"go.mod": "module example.org/other\n\ngo 1.26\n"})
	e, s = workertest.New(t, root), &workertest.Screen{}
	if _, err := e.Run(t.Context(), printing(e, 1, "one.F()", "first.example/one"), s); err != nil || s.Stdout() != "1" {
		t.Fatalf("the first alone prints %q, %v", s.Stdout(), err)
	}
	_, err := e.Builder.Build(t.Context(), printing(e, 2, "two.F()", "second.example/two"))
	var stale *build.StaleError
	if !errors.As(err, &stale) || !strings.Contains(err.Error(), "below.example/low v1.0.0, now v1.1.0") || !strings.Contains(err.Error(), "%reset") {
		t.Errorf("the second is refused with %v", err)
	}
	if kept, err := e.Space.Get(t.Context(), "first.example/one"); err != nil || len(kept) != 1 || kept[0] != "below.example/low v1.0.0, now v1.1.0" {
		t.Errorf("the process has other versions than %q, %v", kept, err)
	}

	e, s = workertest.New(t, root), &workertest.Screen{} // as after a reset
	if _, err := e.Run(t.Context(), printing(e, 1, "one.F(), two.F()", "first.example/one", "second.example/two"), s); err != nil || s.Stdout() != "2 2" {
		t.Errorf("after a reset they print %q, %v", s.Stdout(), err)
	}
}

// The flags of go env -w are the user's as much as those of the environment.
func TestFlagsFromTheGoCommandsOwnFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "env")
	if err := os.WriteFile(file, []byte("GOFLAGS=-tags=special\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Setenv("GOENV", file)
	t.Setenv("GOFLAGS", "")
	os.Unsetenv("GOFLAGS")
	root := writeModule(t, map[string]string{
		"go.mod":      "module example.org/lesson\n\ngo 1.26\n",
		"tagged/a.go": "//go:build !special\n\npackage tagged\n\nconst Which = \"plain\"\n",
		"tagged/b.go": "//go:build special\n\npackage tagged\n\nconst Which = \"special\"\n",
	})
	e := workertest.New(t, root)
	s := &workertest.Screen{}
	if _, err := e.Run(t.Context(), printing(e, 1, "tagged.Which", "example.org/lesson/tagged"), s); err != nil || s.Stdout() != "special" {
		t.Errorf("printed %q, %v", s.Stdout(), err)
	}
}
