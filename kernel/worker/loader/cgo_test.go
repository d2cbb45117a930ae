package loader_test

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

var withCgo = flag.Bool("cgo", false, "load cells into a program with C code too, which needs a C compiler")

// TestCgo loads cells into a program that an ordinary go build has linked with C code:
// what a package with C code needs.
func TestCgo(t *testing.T) {
	b, err := program()
	if err != nil {
		t.Fatal(err)
	}
	if !*withCgo {
		return
	}
	c := *b
	c.exe = filepath.Join(t.TempDir(), "program")
	c.desc.Packages, c.desc.Further = map[string]string{}, nil
	goCommand := func(args ...string) string {
		cmd := exec.Command("go", args...)
		cmd.Env = append(os.Environ(), "CGO_ENABLED=1")
		cmd.Stderr = os.Stderr
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		return string(out)
	}
	goCommand("build", "-buildmode=exe", "-o", c.exe, "./testdata/cgomain")
	for line := range strings.Lines(goCommand("list", "-export", "-deps", "-f", "{{.ImportPath}}={{.Export}}", "./testdata/cgomain")) {
		if path, file, _ := strings.Cut(strings.TrimSpace(line), "="); file != "" { // not unsafe
			c.desc.Packages[path] = file
		}
	}
	for _, name := range []string{"identity", "running"} {
		runCells(t, startProgram(t, &c), "testdata/cells/"+name+".txt")
	}
}
