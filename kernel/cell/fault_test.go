package cell

import (
	"go/scanner"
	"go/token"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// No beginning of a file of the standard library is at fault, wherever it is cut off.
func TestNoBeginningIsAtFault(t *testing.T) {
	root, err := exec.CommandContext(t.Context(), "go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	paths, err := filepath.Glob(filepath.Join(strings.TrimSpace(string(root)), "src", "*", "*.go"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("Go's sources: %d files, %v", len(paths), err)
	}
	r := rand.New(rand.NewPCG(1, 2))
	r.Shuffle(len(paths), func(i, j int) { paths[i], paths[j] = paths[j], paths[i] })
	for _, path := range paths[:60] {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		ends := tokenEnds(string(text))
		for range 40 {
			end := ends[r.IntN(len(ends))]
			c := Split(string(text[:end]))
			if f := c.Fault(); f != nil {
				from := max(0, end-200)
				t.Errorf("%s, its first %d bytes: %s at %d: …%s", path, end, f.Message, f.Offset, text[from:end])
			}
		}
	}
}

func tokenEnds(text string) []int {
	var s scanner.Scanner
	file := token.NewFileSet().AddFile("", -1, len(text))
	s.Init(file, []byte(text), nil, 0)
	var ends []int
	for {
		pos, kind, literal := s.Scan()
		if kind == token.EOF {
			return ends
		}
		if literal == "" {
			literal = kind.String()
		}
		if literal != "\n" {
			ends = append(ends, file.Offset(pos)+len(literal))
		}
	}
}

func TestFault(t *testing.T) {
	for text, want := range map[string]string{
		"func 1f(": "1",
		"func f() {\n\tx := []int{1, 2\n\ty := 3\n}\n": "\n\ty",
		"for i := 0; i < 3; i++ {\n\tif x {{\n}\n":     "",
		"x := [":                           "",
		"if x := f()":                      "",
		"type T struct {\n\ta, b int c\n}": "c",
		"f(1 2 3":                          "2",
		"f(1, 2":                           "",
		"f(`a":                             "",
		"x = = 2":                          "= 2",
		"switch x {\ncase 1:\n":            "",
		"switch x {\n\tfoo()\n":            "foo",
		"a := map[string]int{\"a\": 1":     "",
	} {
		f := Split(text).Fault()
		switch {
		case f == nil && want == "":
		case f == nil:
			t.Errorf("%q has no fault", text)
		case want == "" || !strings.HasPrefix(text[f.Offset:], want):
			t.Errorf("%q: %s at %d", text, f.Message, f.Offset)
		}
	}
}
