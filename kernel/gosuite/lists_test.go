package gosuite

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A list names programs with a reason. A line of its file is the program, the ways
// that it is about, joined by commas or "all", and the reason; # begins a comment.
type list struct {
	file    string
	entries map[string]entry
}

type entry struct {
	ways   []string // nil for all
	reason string
}

func readList(file string) (*list, error) {
	text, err := os.ReadFile(filepath.Join("testdata", file))
	if err != nil {
		return nil, err
	}
	l := &list{file: file, entries: map[string]entry{}}
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		fields := strings.Fields(line)
		if len(fields) < 3 {
			return nil, fmt.Errorf("%s: want a program, ways and a reason: %q", file, line)
		}
		e := entry{reason: strings.Join(fields[2:], " ")}
		if fields[1] != "all" {
			e.ways = strings.Split(fields[1], ",")
		}
		for _, name := range e.ways {
			if !slices.ContainsFunc(Ways, func(w Way) bool { return w.Name == name }) {
				return nil, fmt.Errorf("%s: %s: there is no way %q", file, fields[0], name)
			}
		}
		if _, double := l.entries[fields[0]]; double {
			return nil, fmt.Errorf("%s: %s is listed twice", file, fields[0])
		}
		l.entries[fields[0]] = e
	}
	return l, nil
}

// reason is why a program is listed for a way, "" when it is not.
func (l *list) reason(program, way string) string {
	e, ok := l.entries[program]
	if !ok || e.ways != nil && !slices.Contains(e.ways, way) {
		return ""
	}
	return e.reason
}

// TestLists holds that the lists name programs of the suite.
func TestLists(t *testing.T) {
	programs := suite(t)
	for _, file := range []string{unfitFile, knownFile} {
		l, err := readList(file)
		if err != nil {
			t.Error(err)
			continue
		}
		for name := range l.entries {
			if len(programs) > 0 && !slices.ContainsFunc(programs, func(p Program) bool { return p.Name == name }) {
				t.Errorf("%s: Go's suite has no program %s to run on this platform", file, name)
			}
		}
	}
}
