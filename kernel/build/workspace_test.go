package build_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"locuslab/kernel/build"
	"locuslab/kernel/worker/workertest"
)

// writeModule makes the files of a module; each is "name", "content".
func writeModule(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

const goMod = "module example.org/lesson\n\ngo 1.26.0\n\nrequire example.org/beside v0.0.0\n\nreplace example.org/beside => ./beside\n"

// TestEnclosingModule has two kernels start at once, with an empty cache, in a
// notebook's folder of a module that has internal packages and a replacement.
func TestEnclosingModule(t *testing.T) {
	root := writeModule(t, map[string]string{
		"go.mod":                    goMod,
		"internal/secret/secret.go": "package secret\n\nimport \"example.org/beside\"\n\nfunc Answer() int { return beside.Number + 1 }\n",
		"beside/go.mod":             "module example.org/beside\n\ngo 1.26.0\n",
		"beside/beside.go":          "package beside\n\nvar Number = 41\n",
		"notebooks/one.txt":         "here lies the notebook",
	})
	cache := t.TempDir()
	dir := filepath.Join(root, "notebooks")
	var spaces [2]*build.Workspace
	var exes [2]string
	var lines [2][]string
	var kernels sync.WaitGroup
	for i := range spaces {
		kernels.Go(func() {
			var err error
			if spaces[i], err = build.OpenWorkspace(t.Context(), dir, build.Options{Cache: cache, Progress: func(line string) { lines[i] = append(lines[i], line) }}); err != nil {
				t.Error(err)
				return
			}
			if exes[i], err = spaces[i].WorkerExe(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	kernels.Wait()
	if t.Failed() {
		return
	}
	if exes[0] != exes[1] {
		t.Errorf("two workers: %v", exes)
	}
	said := strings.Join(append(lines[0], lines[1]...), "\n")
	if strings.Count(said, "the process that runs cells is ready") != 1 {
		t.Errorf("the worker is to be built once, with progress: %s", said)
	}
	e := workertest.NewIn(t, spaces[0], dir)
	s := &workertest.Screen{}
	source := "package main\n\nimport \"fmt\"\nimport \"example.org/lesson/internal/secret\"\n\nfunc Cell_1() { fmt.Println(secret.Answer()) }\n"
	if _, err := e.Run(t.Context(), e.Unit(1, source), s); err != nil || s.Stdout() != "42\n" {
		t.Errorf("printed %q, %v", s.Stdout(), err)
	}
	after, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil || string(after) != goMod {
		t.Errorf("the user's go.mod has changed: %s, %v", after, err)
	}
	if _, err := os.Stat(filepath.Join(root, "go.sum")); !errors.Is(err, os.ErrNotExist) {
		t.Error("the user's module got a go.sum")
	}
}

func TestMissingPackageIsNamed(t *testing.T) {
	w, err := build.OpenWorkspace(t.Context(), "testdata/units", build.Options{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = w.Exports(t.Context(), "locuslab/kernel/nosuchpackage")
	if err == nil || !strings.Contains(err.Error(), "locuslab/kernel/nosuchpackage") {
		t.Errorf("error %v", err)
	}
}

func TestStdNamesPreferTheLikelierPackage(t *testing.T) {
	w, err := build.OpenWorkspace(t.Context(), "testdata/units", build.Options{})
	if err != nil {
		t.Fatal(err)
	}
	names, err := w.StdNames(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"rand": "math/rand/v2", "template": "text/template", "http": "net/http", "json": "encoding/json"} {
		if len(names[name]) == 0 || names[name][0] != want {
			t.Errorf("%s: %v", name, names[name])
		}
	}
}

func TestCompileErrorHasTheCellsPosition(t *testing.T) {
	e := workertest.New(t, "testdata/units")
	_, err := e.Builder.Build(t.Context(), e.Unit(1, "package main\n\nfunc Cell_1() {\n//line In[1]:3:7\n\tundefined()\n}\n"))
	var c *build.CompileError
	if !errors.As(err, &c) || !strings.Contains(c.Output, "In[1]:3") {
		t.Errorf("error %v", err)
	}
}

func TestRaceIsFound(t *testing.T) {
	w, err := build.OpenWorkspace(t.Context(), "testdata/units", build.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var stdout bytes.Buffer
	program := build.Program{Race: true, Stdout: &stdout, Stderr: &stdout}
	racy := "package main\n\nimport \"os\"\n\nfunc main() {\n\tn := 0\n\tdone := make(chan bool)\n\tgo func() { n++; done <- true }()\n\tn++\n\t<-done\n\tos.Stdout.WriteString(\"printed\")\n\tos.NewFile(3, \"\").WriteString(\"told\")\n\tos.Exit(4)\n}\n"
	r, err := w.RunStandalone(t.Context(), []byte(racy), program)
	var exit *exec.ExitError
	if err != nil || !strings.Contains(r.Reports, "DATA RACE") || !errors.As(r.Exit, &exit) || exit.ExitCode() != 4 {
		t.Errorf("error %v, status %v, report %s", err, r.Exit, r.Reports)
	}
	if stdout.String() != "printed" || string(r.Events) != "told" {
		t.Errorf("printed %q, told %q", stdout.String(), r.Events)
	}
	r, err = w.RunStandalone(t.Context(), []byte("package main\n\nfunc main() {}\n"), program)
	if err != nil || r.Exit != nil || r.Reports != "" {
		t.Errorf("a program without a race: %v, %v, %s", err, r.Exit, r.Reports)
	}
}
