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
func (r *recorded) Display(display.Bundle)              { r.add("display") }
func (r *recorded) Result(display.Bundle)               { r.add("result") }
func (r *recorded) Clear(wait bool)                     { r.add(fmt.Sprint("clear ", wait)) }
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
		}, []string{`stderr "building\n"`, `stderr "linking\n"`, "clear false", "result", "display"}},
		"no output follows": {func(p *progress, o *progressOutput) {
			p.say("building")
		}, []string{`stderr "building\n"`, "clear false"}},
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
	if want := []string{`stderr "building\n"`, "clear false"}; !slices.Equal(r.events, want) {
		t.Errorf("got %q, want %q", r.events, want)
	}
}
