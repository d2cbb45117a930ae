package main

import (
	"context"
	"crypto/rand"
	"strings"
	"sync"
	"time"

	"locuslab/kernel/build/toolchain"
	"locuslab/kernel/display"
)

// progressDelay is how long a cell may be silent before the last progress line
// from before its start is shown in it.
const progressDelay = 300 * time.Millisecond

// progress shows lines about slow work in the cell that waits for it. They go
// with the cell's first own output or with its end, so that a saved notebook
// does not tell how it was set up.
type progress struct {
	mu   sync.Mutex
	cell *progressOutput // that runs
	line string          // said when no cell ran
}

// say shows a line. It may be called by any goroutine.
func (p *progress) say(line string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.cell == nil {
		p.line = line
		return
	}
	p.cell.say(line)
}

// attach returns out with progress lines mixed in until detach.
func (p *progress) attach(out display.Output) *progressOutput {
	o := &progressOutput{out: out, progress: p}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cell = o
	line := p.line
	p.line = ""
	if preparing := stillPreparing(); preparing != "" {
		line = strings.TrimPrefix(line+"\n"+preparing, "\n")
	}
	if line != "" {
		o.delayed = time.AfterFunc(progressDelay, func() { o.say(line) })
	}
	return o
}

// progressOutput is the output of a cell, with lines that are there for a while.
type progressOutput struct {
	out      display.Output
	progress *progress

	mu      sync.Mutex
	delayed *time.Timer
	lines   []string // that are shown, in one display
	again   bool     // the next line may take the place of the last
	id      string   // its
	over    bool     // the cell has shown something of its own, or ended
}

var (
	_ display.Output = (*progressOutput)(nil)
	_ display.Pager  = (*progressOutput)(nil)
	_ display.Editor = (*progressOutput)(nil)
)

func (o *progressOutput) say(line string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.over {
		return
	}
	update := len(o.lines) > 0
	if !update {
		o.id = "progress-" + rand.Text()
	}
	line, again := strings.CutPrefix(line, toolchain.Again)
	if again && o.again {
		o.lines = o.lines[:len(o.lines)-1]
	}
	o.lines, o.again = append(o.lines, line), again
	b := display.Notice(strings.Join(o.lines, "\n"))
	b.ID, b.Update = o.id, update
	o.out.Display(b)
}

// own makes room for the cell's own output: at once, or, with wait, when it comes.
func (o *progressOutput) own(wait bool) {
	if o.delayed != nil {
		o.delayed.Stop()
	}
	if len(o.lines) > 0 {
		o.out.Clear(wait)
	}
	o.lines, o.again, o.over = nil, false, true
}

func (o *progressOutput) detach() {
	o.progress.mu.Lock()
	if o.progress.cell == o {
		o.progress.cell = nil
	}
	o.progress.mu.Unlock()
	o.mu.Lock()
	defer o.mu.Unlock()
	o.own(false)
}

func (o *progressOutput) Write(stream display.Stream, text string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.own(false)
	o.out.Write(stream, text)
}

func (o *progressOutput) Display(b display.Bundle) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.own(false)
	o.out.Display(b)
}

func (o *progressOutput) Result(b display.Bundle) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.own(false)
	o.out.Result(b)
}

func (o *progressOutput) Clear(wait bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.own(false)
	o.out.Clear(wait)
}

func (o *progressOutput) Page(b display.Bundle) {
	if pager, can := o.out.(display.Pager); can {
		pager.Page(b)
	}
}

func (o *progressOutput) ReplaceCell(text string) {
	if editor, can := o.out.(display.Editor); can {
		editor.ReplaceCell(text)
	}
}

// Input is not under the lock, because it waits for the user. The question goes another way
// to the front end than the outputs, mostly a faster one: outputs that were cleared behind it
// would take its box along.
func (o *progressOutput) Input(ctx context.Context, prompt string, password bool) (string, error) {
	o.mu.Lock()
	o.own(true)
	o.mu.Unlock()
	return o.out.Input(ctx, prompt, password)
}
