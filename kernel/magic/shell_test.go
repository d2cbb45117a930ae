package magic

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"locuslab/kernel/display"
)

// place is a Host of which commands need folder and environment only.
type place struct {
	Host
	dir string
}

func (p place) Environ() []string { return os.Environ() }
func (p place) Dir() string       { return p.dir }
func (p place) ModuleDir() string { return p.dir }
func (p place) Hidden() bool      { return false }

// heard is an Output that keeps text.
type heard struct {
	display.Output
	mu    sync.Mutex
	text  strings.Builder
	grown chan struct{}
}

func (h *heard) Write(_ display.Stream, text string) {
	h.mu.Lock()
	h.text.WriteString(text)
	h.mu.Unlock()
	select {
	case h.grown <- struct{}{}:
	default:
	}
}

func (h *heard) String() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.text.String()
}

// await waits until text was heard.
func (h *heard) await(t *testing.T, text string) {
	t.Helper()
	late := time.After(30 * time.Second)
	for !strings.Contains(h.String(), text) {
		select {
		case <-h.grown:
		case <-late:
			t.Fatalf("%q was not heard, only %q", text, h.String())
		}
	}
}

// A job in the background outlives its cell, writes to whom it wrote before, and is
// not what the cell waits for.
func TestJobInTheBackgroundGoesOn(t *testing.T) {
	for name, command := range map[string]string{
		"a shell's":  `(read line < go; echo "late $line"; echo more; echo done > end) &`,
		"with nohup": `nohup sh -c 'read line < go; echo "late $line"; echo more; echo done > end' &`,
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			out := &heard{grown: make(chan struct{}, 1)}
			ctx, end := context.WithCancel(t.Context())
			if _, err := Shell(ctx, place{dir: dir}, "!mkfifo go; echo begun; "+command, out); err != nil {
				t.Fatal(err)
			}
			end() // as the cell's context does
			if !strings.Contains(out.String(), "begun\n") {
				t.Errorf("the command printed %q before it ended", out.String())
			}
			if err := os.WriteFile(filepath.Join(dir, "go"), []byte("line\n"), 0); err != nil {
				t.Fatal(err)
			}
			out.await(t, "late line\nmore\n")
		})
	}
}

// All that a command prints is there when it has ended, and no character is cut in two.
func TestOutputOfACommandIsWhole(t *testing.T) {
	out := &heard{grown: make(chan struct{}, 1)}
	const line = "eine Zeile mit Umlauten: äöüß€\n"
	if _, err := Shell(t.Context(), place{dir: t.TempDir()}, `!for i in $(seq 5000); do printf '`+strings.TrimSpace(line)+`\n'; done`, out); err != nil {
		t.Fatal(err)
	}
	if want := strings.Repeat(line, 5000); out.String() != want {
		t.Errorf("%d bytes of %d, or other ones", len(out.String()), len(want))
	}
}
