package loader_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"go/build/constraint"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"locuslab/kernel/worker/loader"
	"locuslab/kernel/worker/loader/testdata/host"
)

// Go's own tests of the language and the compiler are programs that print what the
// file beside them says, or nothing. Each is loaded whole as one cell.

var (
	suiteCount = flag.Int("suite", 15, "how many programs of Go's own tests to load; 0 for all")
	suiteSeed  = flag.Uint64("seed", 1, "which of them")
	suiteMatch = flag.String("program", "", "only the programs whose path contains this")
)

func TestGoSuite(t *testing.T) {
	b, err := program()
	if err != nil {
		t.Fatal(err)
	}
	root := filepath.Join(b.tool.GOROOT, "test")
	programs := suitePrograms(t, root)
	if *suiteMatch != "" {
		programs = slices.DeleteFunc(programs, func(p string) bool { return !strings.Contains(p, *suiteMatch) })
	} else if n := *suiteCount; n > 0 && n < len(programs) {
		random := rand.New(rand.NewPCG(*suiteSeed, 0))
		random.Shuffle(len(programs), func(i, k int) { programs[i], programs[k] = programs[k], programs[i] })
		programs = programs[:n]
	}
	t.Logf("%d programs", len(programs))
	for _, p := range programs {
		t.Run(p, func(t *testing.T) { runProgram(t, b, root, p) })
	}
}

// suitePrograms are the programs of one file that are run without arguments.
func suitePrograms(t *testing.T, root string) (list []string) {
	files, _ := filepath.Glob(filepath.Join(root, "*.go"))
	more, _ := filepath.Glob(filepath.Join(root, "*", "*.go"))
	for _, file := range append(files, more...) {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		name, _ := filepath.Rel(root, file)
		if isRun(string(text)) && name != "nilptr.go" { // which wants a variable at a low address
			list = append(list, name)
		}
	}
	slices.Sort(list)
	return list
}

// isRun reports whether the first comment says run, and the build constraints let it.
func isRun(text string) bool {
	run := false
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "package ") {
			return run
		}
		if line == "// run" {
			run = true
		}
		if constraint.IsGoBuild(line) {
			if x, err := constraint.Parse(line); err == nil && !x.Eval(func(tag string) bool {
				return tag == runtime.GOOS || tag == machine() || tag == "gc" || tag == "unix" || strings.HasPrefix(tag, "go1.")
			}) {
				return false
			}
		}
	}
	return false
}

func runProgram(t *testing.T, b *built, root, name string) {
	file := filepath.Join(root, name)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	want, _ := os.ReadFile(strings.TrimSuffix(file, ".go") + ".out")
	there := *b
	there.dir = root
	s := startProgram(t, &there, "STDLIB_IMPORTCFG="+standardConfig(t, b))
	q, err := s.compileFile(file, string(text))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.NewEncoder(s.in).Encode(host.Command{Load: []loader.Request{q}, Run: []string{"main.main"}}); err != nil {
		t.Fatal(err)
	}
	printed, err := s.end()
	var r host.Reply
	if err != nil {
		t.Fatalf("%v\n%s", err, s.text)
	}
	if err := s.out.Decode(&r); err == nil && r.Error != "" { // nothing where the program called os.Exit
		t.Errorf("%s\n%s", r.Error, s.text)
	}
	if printed != string(want) {
		t.Errorf("it printed %q, want %q", printed, want)
	}
}

// standardConfig writes the list of archives by which some programs call the compiler.
func standardConfig(t *testing.T, b *built) string {
	var text strings.Builder
	for _, archives := range []map[string]string{b.desc.Packages, b.desc.Further} {
		for path, file := range archives {
			fmt.Fprintf(&text, "packagefile %s=%s\n", path, file)
		}
	}
	file := filepath.Join(t.TempDir(), "importcfg")
	if err := os.WriteFile(file, []byte(text.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	return file
}
