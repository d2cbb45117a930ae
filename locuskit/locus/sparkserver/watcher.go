package sparkserver

import (
	"bytes"
	"regexp"
	"strings"
	"sync"
)

// watcher looks for a line in a log, and keeps its end for the message of a failure.
type watcher struct {
	ready *regexp.Regexp
	found chan string // holds one

	mu    sync.Mutex
	part  []byte
	lines []string
}

const keptLines = 12

func (w *watcher) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.part = append(w.part, p...)
	for {
		line, rest, whole := bytes.Cut(w.part, []byte("\n"))
		if !whole {
			break
		}
		w.part = append([]byte(nil), rest...)
		if m := w.ready.FindSubmatch(line); m != nil {
			select {
			case w.found <- string(m[1]):
			default: // told before
			}
		}
		if w.lines = append(w.lines, string(line)); len(w.lines) > keptLines {
			w.lines = w.lines[1:]
		}
	}
	return len(p), nil
}

func (w *watcher) last() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return strings.Join(append(w.lines, string(w.part)), "\n")
}
