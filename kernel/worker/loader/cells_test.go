package loader_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// Each file of testdata/cells is a session: cells that run one after another and report
// what holds by check(what, ok). The part named prelude is what a session would declare
// again in front of each cell that has a line //PRELUDE.

var checks = regexp.MustCompile(`\bcheck\("([^"]*)"`)

func TestCells(t *testing.T) {
	files, err := filepath.Glob("testdata/cells/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no cells: ", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) { runCells(t, start(t), file) })
	}
}

// Cells may lie farther from the executable than a call reaches.
func TestFarCells(t *testing.T) {
	b, err := program()
	if err != nil {
		t.Fatal(err)
	}
	far := *b
	far.desc.Distance = 200 << 20
	for _, name := range []string{"running", "first"} {
		runCells(t, startProgram(t, &far), "testdata/cells/"+name+".txt")
	}
}

func runCells(t *testing.T, s *session, file string) {
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	expected := map[string]bool{}
	for _, part := range txtar.Parse(text).Files {
		if part.Name == "prelude" {
			s.prelude = string(part.Data)
			continue
		}
		for _, m := range checks.FindAllStringSubmatch(string(part.Data), -1) {
			expected[m[1]] = true
		}
		s.run(string(part.Data))
	}
	printed, err := s.end()
	if err != nil {
		t.Error(err)
	}
	if strings.Contains(printed, "FAIL") {
		t.Error(printed)
	}
	for what := range expected {
		if !strings.Contains(printed, "ok "+what+"\n") {
			t.Errorf("not checked: %s\n%s", what, printed)
		}
	}
}
