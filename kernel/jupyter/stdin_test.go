package jupyter_test

import (
	"strings"
	"testing"

	"locuslab/kernel/jupyter"
	"locuslab/kernel/jupyter/client"
)

func TestInputAsksTheFrontEndThatRunsTheCell(t *testing.T) {
	k := startKernel(t, jupyter.Options{})
	asked, other := connect(t, k), connect(t, k)
	_ = other // has a stdin connection as well, and must not be asked
	o, err := asked.Execute(within(t), client.Cell{Code: "print before\nask name?\nask password", Input: func(prompt string, password bool) string {
		if password {
			return "secret"
		}
		return "answer to " + prompt
	}})
	if err != nil {
		t.Fatal(err)
	}
	if got := o.Stream("stdout"); got != "before\nyou said answer to name?\nyou said secret\n" {
		t.Errorf("stdout %q", got)
	}
}

func TestInputIsRefusedWhereNobodyAnswers(t *testing.T) {
	c := connect(t, startKernel(t, jupyter.Options{}))
	if f := run(t, c, "ask name?").Failure(); f == nil || !strings.Contains(f.Value, "does not take input") {
		t.Errorf("failure %+v", f)
	}
}

func TestInterruptEndsTheWaitForInput(t *testing.T) {
	k := startKernel(t, jupyter.Options{})
	c := connect(t, k)
	asked, silence := make(chan struct{}), make(chan struct{})
	defer close(silence)
	r, err := c.Start(client.Cell{Code: "ask name?", Input: func(string, bool) string {
		close(asked)
		<-silence
		return ""
	}})
	if err != nil {
		t.Fatal(err)
	}
	<-asked
	if err := c.Interrupt(within(t)); err != nil {
		t.Fatal(err)
	}
	o, err := r.Wait(within(t))
	if err != nil {
		t.Fatal(err)
	}
	if f := o.Failure(); f == nil || !strings.Contains(f.Value, "interrupted") {
		t.Errorf("failure %+v", f)
	}
}
