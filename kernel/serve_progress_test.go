package main

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"

	"locuslab/kernel/display"
)

// recorded is an Output that keeps what happened.
type recorded struct {
	mu     sync.Mutex
	events []string
	grown  chan struct{}
}

func (r *recorded) add(event string) {
	r.mu.Lock()
	r.events = append(r.events, event)
	r.mu.Unlock()
	select {
	case r.grown <- struct{}{}:
	default:
	}
}

func (r *recorded) Write(s display.Stream, text string) { r.add(fmt.Sprintf("%s %q", s, text)) }
func (r *recorded) Display(b display.Bundle) {
	switch {
	case b.Metadata[display.NoticeKey] == nil:
		r.add("display")
	case b.Update:
		r.add(fmt.Sprintf("update %q", b.Data["text/plain"]))
	default:
		r.add(fmt.Sprintf("notice %q", b.Data["text/plain"]))
	}
}
func (r *recorded) Result(display.Bundle) { r.add("result") }
func (r *recorded) Clear(wait bool)       { r.add(fmt.Sprint("clear ", wait)) }
func (r *recorded) Input(context.Context, string, bool) (string, error) {
	r.add("input")
	return "", nil
}

func TestProgressGoesWithTheFirstOutput(t *testing.T) {
	for name, c := range map[string]struct {
		do   func(p *progress, o *progressOutput)
		want []string
	}{
		"nothing to say": {func(p *progress, o *progressOutput) {
			o.Write(display.Stdout, "a")
		}, []string{`stdout "a"`}},
		"an output follows": {func(p *progress, o *progressOutput) {
			p.say("building")
			p.say("linking")
			o.Result(display.Text("1"))
			o.Display(display.Text("2"))
		}, []string{`notice "building"`, `update "building\nlinking"`, "clear false", "result", "display"}},
		"an output that is told of": {func(p *progress, o *progressOutput) {
			p.say("building")
			o.Display(display.Notice("note"))
		}, []string{`notice "building"`, "clear false", `notice "note"`}},
		"lines that take each other's place": {func(p *progress, o *progressOutput) {
			p.say("preparing")
			p.say("\rpackage 1")
			p.say("\rpackage 2")
			p.say("linking")
			p.say("\rpackage 3")
		}, []string{`notice "preparing"`, `update "preparing\npackage 1"`, `update "preparing\npackage 2"`, `update "preparing\npackage 2\nlinking"`,
			`update "preparing\npackage 2\nlinking\npackage 3"`, "clear false"}},
		"a question follows": {func(p *progress, o *progressOutput) {
			p.say("building")
			_, _ = o.Input(t.Context(), "name?", false)
			o.Write(display.Stdout, "a")
		}, []string{`notice "building"`, "clear true", "input", `stdout "a"`}},
		"no output follows": {func(p *progress, o *progressOutput) {
			p.say("building")
		}, []string{`notice "building"`, "clear false"}},
		"said after an output": {func(p *progress, o *progressOutput) {
			o.Write(display.Stdout, "a")
			p.say("building")
		}, []string{`stdout "a"`}},
	} {
		r := &recorded{grown: make(chan struct{}, 1)}
		p := new(progress)
		o := p.attach(r)
		c.do(p, o)
		o.detach()
		if !slices.Equal(r.events, c.want) {
			t.Errorf("%s:\n got %q\nwant %q", name, r.events, c.want)
		}
	}
}

// What was said before the first cell is shown in it, when it has to wait.
func TestProgressFromBeforeTheCell(t *testing.T) {
	r := &recorded{grown: make(chan struct{}, 1)}
	p := new(progress)
	p.say("building")
	o := p.attach(r)
	<-r.grown
	o.detach()
	if want := []string{`notice "building"`, "clear false"}; !slices.Equal(r.events, want) {
		t.Errorf("got %q, want %q", r.events, want)
	}
}
