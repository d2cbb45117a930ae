package build_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"locuslab/kernel/worker/workertest"
)

// program is a file of testdata/units: cells apart by lines "-- cell --", then
// what they print after "-- output --".
func program(t *testing.T, file string) (cells []string, want string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	body, want, ok := strings.Cut(string(text), "-- output --\n")
	if !ok {
		t.Fatalf("%s has no output section", file)
	}
	return strings.Split(body, "-- cell --\n")[1:], want
}

var version = regexp.MustCompile(`(?m)^type (\w+) = (\w+_\d+)$`)

// renames are a cell's type versions, as "type T = T_2" says.
func renames(source string) map[string]string {
	names := map[string]string{}
	for _, m := range version.FindAllStringSubmatch(source, -1) {
		names[m[2]] = m[1]
	}
	return names
}

// TestUnits runs each program of testdata/units in a worker of its own.
func TestUnits(t *testing.T) {
	files, err := filepath.Glob("testdata/units/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no programs in testdata/units", err)
	}
	for _, c := range []struct {
		name string
		env  []string
	}{
		{"plain", nil},
		{"gc", []string{"GOGC=1", "GODEBUG=clobberfree=1"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, file := range files {
				t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
					runProgram(t, workertest.New(t, "testdata/units", c.env...), file)
				})
			}
		})
	}
}

func runProgram(t *testing.T, e *workertest.Engine, file string) {
	t.Helper()
	cells, want := program(t, file)
	s := &workertest.Screen{}
	for i, source := range cells {
		u := e.Unit(i+1, source)
		u.Rename = renames(source)
		o, err := e.Run(t.Context(), u, s)
		if err != nil {
			t.Fatalf("cell %d: %v\n%s", i+1, err, s.Stderr())
		}
		if o.Panic != nil {
			t.Fatalf("cell %d: panic %s %v", i+1, o.Panic.Value, o.Panic.Frames)
		}
	}
	if got := s.Stdout(); got != want {
		t.Errorf("printed:\n%swant:\n%s%s", got, want, s.Stderr())
	}
}
