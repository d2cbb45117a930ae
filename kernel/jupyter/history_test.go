package jupyter_test

import (
	"fmt"
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

func TestHistoryWithoutAFolderForIt(t *testing.T) {
	c := connect(t, startKernel(t, jupyter.Options{History: "/dev/null/history"}))
	run(t, c, "value 1")
	h, err := c.History(within(t), map[string]any{"hist_access_type": "tail", "n": 5})
	if err != nil || fmt.Sprint(h.History) != "[[1 1 value 1]]" {
		t.Errorf("%v, %v", h.History, err)
	}
}
