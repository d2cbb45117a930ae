package jupyter_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"locuslab/kernel/jupyter"
)

func TestHistoryOfSeveralSessions(t *testing.T) {
	dir := t.TempDir()
	first := connect(t, startKernel(t, jupyter.Options{History: dir}))
	for _, code := range []string{"value 1", "print a/b", "value 1"} {
		run(t, first, code)
	}
	// The first session goes on beside the second, as two notebooks do.
	second := connect(t, startKernel(t, jupyter.Options{History: dir}))
	run(t, second, "value 2\nprint x")
	run(t, second, "value 1")
	run(t, first, "print later")

	for _, c := range []struct {
		name  string
		query map[string]any
		want  string
	}{
		{"tail", map[string]any{"hist_access_type": "tail", "n": 2},
			"[[2 1 value 2\nprint x] [2 2 value 1]]"},
		{"tail with output", map[string]any{"hist_access_type": "tail", "n": 1, "output": true},
			"[[2 2 [value 1 1]]]"},
		{"output of none", map[string]any{"hist_access_type": "search", "pattern": "print a*", "output": true},
			"[[1 2 [print a/b <nil>]]]"},
		{"range of this session", map[string]any{"hist_access_type": "range", "session": 0, "start": 1, "stop": 2},
			"[[2 1 value 2\nprint x]]"},
		{"range of the session before", map[string]any{"hist_access_type": "range", "session": -1, "start": 2},
			"[[1 2 print a/b] [1 3 value 1] [1 4 print later]]"},
		{"range of session 1", map[string]any{"hist_access_type": "range", "session": 1, "start": 1, "stop": 2},
			"[[1 1 value 1]]"},
		{"search", map[string]any{"hist_access_type": "search", "pattern": "value ?"},
			"[[1 1 value 1] [1 3 value 1] [2 2 value 1]]"},
		{"search over lines", map[string]any{"hist_access_type": "search", "pattern": "value*x"},
			"[[2 1 value 2\nprint x]]"},
		{"search of a class", map[string]any{"hist_access_type": "search", "pattern": "print [!a]*"},
			"[[1 4 print later]]"},
		{"search unique", map[string]any{"hist_access_type": "search", "pattern": "value ?", "unique": true},
			"[[2 2 value 1]]"},
		{"search n", map[string]any{"hist_access_type": "search", "pattern": "value ?", "n": 2},
			"[[1 3 value 1] [2 2 value 1]]"},
		{"search for nothing known", map[string]any{"hist_access_type": "search", "pattern": "value"}, "[]"},
		{"pattern that is none", map[string]any{"hist_access_type": "search", "pattern": "[z-a]("}, "[]"},
	} {
		h, err := second.History(within(t), c.query)
		if err != nil || h.Status != "ok" {
			t.Errorf("%s: %+v, %v", c.name, h, err)
			continue
		}
		if got := fmt.Sprint(h.History); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
	}
	if h, err := second.History(within(t), map[string]any{"hist_access_type": "guess"}); err != nil || h.Status != "error" {
		t.Errorf("unknown access type: %+v, %v", h, err)
	}
}

// However much was run before, a kernel answers at once: the file is bounded, and read
// only when a front end asks.
func TestHistoryIsBounded(t *testing.T) {
	dir := t.TempDir()
	var text strings.Builder
	for i := range 30_000 {
		fmt.Fprintf(&text, `{"session":%d,"line":%d,"input":"value %d // %s"}`+"\n", 1+i/1000, 1+i%1000, i, strings.Repeat("x", 200))
	}
	fmt.Fprintf(&text, `{"session":30,"line":1001,"input":"value // %s"}`+"\n", strings.Repeat("x", 3<<20))
	file := filepath.Join(dir, "history.jsonl")
	if err := os.WriteFile(file, []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	for session := 31; session < 33; session++ {
		c := connect(t, startKernel(t, jupyter.Options{History: dir}))
		run(t, c, "value 1")
		h, err := c.History(within(t), map[string]any{"hist_access_type": "tail", "n": 1})
		if want := fmt.Sprintf("[[%d 1 value 1]]", session); err != nil || fmt.Sprint(h.History) != want {
			t.Errorf("%v, %v, want %s", h.History, err, want)
		}
		h, err = c.History(within(t), map[string]any{"hist_access_type": "range", "session": 30, "start": 1000})
		if err != nil || len(h.History) != 1 || !strings.HasPrefix(fmt.Sprint(h.History[0][2]), "value 29999 ") {
			t.Errorf("the newest of the cells before: %v, %v", h.History, err)
		}
		if info, err := os.Stat(file); err != nil || info.Size() > 4<<20 {
			t.Errorf("the file is %v, %v", info, err)
		}
	}
}

func TestHistoryWithoutAFolderForIt(t *testing.T) {
	c := connect(t, startKernel(t, jupyter.Options{History: "/dev/null/history"}))
	run(t, c, "value 1")
	h, err := c.History(within(t), map[string]any{"hist_access_type": "tail", "n": 5})
	if err != nil || fmt.Sprint(h.History) != "[[1 1 value 1]]" {
		t.Errorf("%v, %v", h.History, err)
	}
}
