package session

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"locuslab/kernel/display"
)

// TestTyping holds what a front end is told while the user types to the files of
// testdata/typing, a session each:
//
//	-- cell --              a cell that was run before
//	-- file name --         a file in the notebook's folder
//	-- complete --          a cell with | for the cursor, and then
//	-- offers --            matches, one a line, with kind and signature if they are given;
//	                        -text is one that must not be offered, and only: no other is
//	-- inspect [source] --  the same for Shift+Tab, and for the source of what is there
//	-- question --          a line such as name?, name?? or strings.Trim*?
//	-- shows --             lines that the answer has; -line is one that it has not
func TestTyping(t *testing.T) {
	files, err := filepath.Glob("testdata/typing/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			s := openTypingSession(t)
			cells := 0
			for i, f := range archive.Files {
				kind, rest, _ := strings.Cut(f.Name, " ")
				text := strings.TrimSuffix(string(f.Data), "\n")
				switch kind {
				case "cell":
					cells++
					if err := s.Execute(t.Context(), text, cells, discard{}); err != nil {
						t.Fatalf("%s: %v", text, err)
					}
				case "file":
					path := filepath.Join(s.dir, rest)
					if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
						t.Fatal(err)
					}
					if err := os.WriteFile(path, f.Data, 0o644); err != nil {
						t.Fatal(err)
					}
				case "complete":
					checkOffers(t, s, text, archive.Files[i+1])
				case "inspect":
					code, cursor := atCursor(t, text)
					detail := 0
					if rest == "source" {
						detail = 1
					}
					b, ok := s.Inspect(code, cursor, detail)
					checkShows(t, text, b, ok, archive.Files[i+1])
				case "question":
					b, ok := s.question(text)
					checkShows(t, text, b, ok, archive.Files[i+1])
				}
			}
		})
	}
}

// openTypingSession opens a session that knows the standard library, as one does whose first
// cell has run.
func openTypingSession(t *testing.T) *Session {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module example.org/cells\n\ngo 1.26\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	s, err := Open(t.Context(), Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	if _, err := s.workspace.StdNames(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s
}

// atCursor takes the | out of a cell.
func atCursor(t *testing.T, text string) (code string, cursor int) {
	t.Helper()
	before, after, ok := strings.Cut(text, "|")
	if !ok {
		t.Fatalf("%q has no cursor", text)
	}
	return before + after, len(before)
}

func checkOffers(t *testing.T, s *Session, text string, want txtar.File) {
	t.Helper()
	code, cursor := atCursor(t, text)
	matches, start, end := s.Complete(code, cursor)
	if start > cursor || end != cursor {
		t.Errorf("%q: replaces %d to %d", text, start, end)
	}
	var offered []string
	for _, m := range matches {
		offered = append(offered, strings.TrimSpace(m.Text+" "+m.Kind+" "+m.Signature))
	}
	has := func(line string) bool {
		for i, o := range offered {
			if o == line || matches[i].Text == line {
				return true
			}
		}
		return false
	}
	lines := strings.FieldsFunc(string(want.Data), func(r rune) bool { return r == '\n' })
	for _, line := range lines {
		if unwanted, is := strings.CutPrefix(line, "-"); is && has(unwanted) {
			t.Errorf("%q: %s is offered", text, unwanted)
		} else if !is && !has(line) {
			t.Errorf("%q: %s is not among\n%s", text, line, strings.Join(offered, "\n"))
		}
	}
	if want.Name == "only" && len(offered) != len(lines) {
		t.Errorf("%q: offered are\n%s", text, strings.Join(offered, "\n"))
	}
}

func checkShows(t *testing.T, text string, b display.Bundle, ok bool, want txtar.File) {
	t.Helper()
	shown, _ := b.Data["text/plain"].(string)
	if want.Name == "nothing" {
		if ok {
			t.Errorf("%q shows\n%s", text, shown)
		}
		return
	}
	for line := range strings.Lines(strings.TrimSpace(string(want.Data))) {
		line = strings.TrimSuffix(line, "\n")
		unwanted, is := strings.CutPrefix(line, "-")
		if line = unwanted; !ok || strings.Contains(shown, line) == is {
			t.Errorf("%q: %q: found %t\n%s", text, line, ok, shown)
		}
	}
}

// Answers come while one types: where they took longest they are bounded by the wait that a
// user does not notice, with room for a busy machine.
func TestTypingIsQuick(t *testing.T) {
	s := openTypingSession(t)
	if err := s.Execute(t.Context(), "import \"net/http\"\nc := &http.Client{}", 1, discard{}); err != nil {
		t.Fatal(err)
	}
	ask := map[string]func(){
		"complete":    func() { s.Complete("x := 1\nc.Ge", 11) },
		"inspect":     func() { s.Inspect("c.Get", 5, 0) },
		"call":        func() { s.Inspect("http.NewRequest(\"GET\", ", 23, 0) },
		"import path": func() { s.Complete("import \"net/ht", 14) },
	}
	for what, do := range ask {
		do()
		var took []time.Duration
		for range 5 {
			began := time.Now()
			do()
			took = append(took, time.Since(began))
		}
		fastest := min(took[0], took[1], took[2], took[3], took[4])
		t.Logf("%s: %v", what, fastest)
		if fastest > 500*time.Millisecond {
			t.Errorf("%s takes %v", what, fastest)
		}
	}
}
