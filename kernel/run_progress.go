package main

import (
	"fmt"
	"os"
	"strings"
	"sync"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"locuslab/kernel/build/toolchain"
	"locuslab/kernel/notebook"
)

// runProgress shows how far a headless run is: a bar on a terminal, a line a
// cell elsewhere.
type runProgress struct {
	out  *os.File
	mu   sync.Mutex               // what is built is told of from other goroutines
	bar  *progressbar.ProgressBar // nil when out is no terminal
	live bool
}

func newRunProgress(out *os.File) *runProgress {
	return &runProgress{out: out, live: term.IsTerminal(int(out.Fd()))}
}

// cell is called before each cell and after the last.
func (p *runProgress) cell(done, total int, next *notebook.Cell) {
	p.mu.Lock()
	defer p.mu.Unlock()
	what := "done"
	if next != nil {
		what = firstLine(next.Source())
	}
	if !p.live {
		if next != nil {
			fmt.Fprintf(p.out, "%4d/%d  %s\n", done+1, total, what)
		}
		return
	}
	if p.bar == nil {
		p.bar = progressbar.NewOptions(total,
			progressbar.OptionSetWriter(p.out),
			progressbar.OptionClearOnFinish(),
			progressbar.OptionShowCount(),
			progressbar.OptionSetElapsedTime(true),
			progressbar.OptionSetPredictTime(false),
			progressbar.OptionSetWidth(30),
		)
	}
	p.bar.Describe(fmt.Sprintf("%-40.40s", what))
	_ = p.bar.Set(done) // only drawing can fail
}

// say shows a line about something that takes long, such as building the worker. One that
// takes another's place takes that of the bar's text.
func (p *runProgress) say(line string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if at, again := strings.CutPrefix(line, toolchain.Again); again {
		if p.bar != nil {
			p.bar.Describe(fmt.Sprintf("%-40.40s", at))
		}
		return
	}
	if p.bar != nil {
		_ = p.bar.Clear()
	}
	fmt.Fprintln(p.out, line)
}

// end removes the bar.
func (p *runProgress) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.bar != nil {
		_ = p.bar.Clear()
		p.bar = nil
	}
}

// firstLine is the first line of a cell that says something.
func firstLine(source string) string {
	for line := range strings.Lines(source) {
		if line = strings.TrimSpace(line); line != "" {
			return line
		}
	}
	return ""
}
