package jupyter_test

import (
	"reflect"
	"testing"

	"locuslab/kernel/jupyter"
	"locuslab/kernel/jupyter/client"
	"locuslab/kernel/jupyter/wire"
)

func TestKernelInfo(t *testing.T) {
	c := connect(t, startKernel(t, jupyter.Options{}))
	info, err := c.KernelInfo(within(t))
	if err != nil {
		t.Fatal(err)
	}
	if info.Status != "ok" || info.Language.Name != "script" || info.Implementation != "test" || info.Protocol < "5.4" {
		t.Errorf("%+v", info)
	}
}

func TestCompletionCountsCodePoints(t *testing.T) {
	c := connect(t, startKernel(t, jupyter.Options{}))
	got, err := c.Complete(within(t), "größe😀 wört rest", 11)
	if err != nil {
		t.Fatal(err)
	}
	want := client.Completion{Status: "ok", Matches: []string{"wört!"}, Start: 7, End: 11}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	for _, cursor := range []int{-5, 0, 1000} {
		if got, err := c.Complete(within(t), "é", cursor); err != nil || got.End > 1 {
			t.Errorf("cursor %d: %+v, %v", cursor, got, err)
		}
	}
}

func TestInspectAndIsComplete(t *testing.T) {
	c := connect(t, startKernel(t, jupyter.Options{}))
	i, err := c.Inspect(within(t), "éa", 1, 1)
	if err != nil || !i.Found || i.Data["text/plain"] != "éa at 2, detail 1" {
		t.Errorf("%+v, %v", i, err)
	}
	if i, err = c.Inspect(within(t), "", 0, 0); err != nil || i.Found || i.Status != "ok" {
		t.Errorf("%+v, %v", i, err)
	}
	if s, err := c.IsComplete(within(t), "if {"); err != nil || s.Status != "incomplete" || s.Indent != "\t" {
		t.Errorf("%+v, %v", s, err)
	}
	if s, err := c.IsComplete(within(t), "x"); err != nil || s.Status != "complete" || s.Indent != "" {
		t.Errorf("%+v, %v", s, err)
	}
}

// A front end that completes or reconnects while a long cell runs gets its answer,
// and still shows the kernel as busy.
func TestAnswersBesideARunningCell(t *testing.T) {
	k := startKernel(t, jupyter.Options{})
	c := connect(t, k)
	states := make(chan string, 64)
	started := make(chan struct{}, 1)
	c.Watch(func(m wire.Message) {
		var s struct {
			State string `json:"execution_state"`
		}
		if m.Type == "status" && m.Decode(&s) == nil {
			states <- s.State
		}
		if m.Type == "execute_input" {
			started <- struct{}{}
		}
	})
	r, err := c.Start(client.Cell{Code: "block"})
	if err != nil {
		t.Fatal(err)
	}
	<-started
	if _, err := c.Complete(within(t), "x", 1); err != nil {
		t.Fatal(err)
	}
	for _, kind := range []string{"kernel_info_request", "debug_request"} {
		if _, err := c.Ask(within(t), wire.Control, kind, struct{}{}); err != nil {
			t.Fatal(err)
		}
	}
	// The cell's busy, then busy, idle and busy again for each of the three.
	last := ""
	for range 1 + 3*3 {
		select {
		case last = <-states:
		case <-within(t).Done():
			t.Fatal("a status is missing")
		}
	}
	if last != "busy" {
		t.Errorf("beside a running cell the kernel shows as %q", last)
	}
	if err := c.Interrupt(within(t)); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Wait(within(t)); err != nil {
		t.Fatal(err)
	}
}

func TestUnknownRequestsAreAnswered(t *testing.T) {
	c := connect(t, startKernel(t, jupyter.Options{}))
	for channel, kind := range map[wire.Channel]string{wire.Control: "debug_request", wire.Shell: "teleport_request"} {
		m, err := c.Ask(within(t), channel, kind, map[string]any{"type": "request", "command": "attach"})
		if err != nil {
			t.Fatal(err)
		}
		var reply struct {
			Status string
			Name   string `json:"ename"`
		}
		if err := m.Decode(&reply); err != nil || reply.Status != "error" || reply.Name != "NotSupported" {
			t.Errorf("%s: %s", kind, m.Content)
		}
	}
}

func TestCommOfUnknownTargetIsClosed(t *testing.T) {
	c := connect(t, startKernel(t, jupyter.Options{}))
	closed := make(chan wire.Message, 1)
	c.Watch(func(m wire.Message) {
		if m.Type == "comm_close" {
			closed <- m
		}
	})
	if _, err := c.Publish("comm_open", map[string]any{"comm_id": "c1", "target_name": "nobody", "data": map[string]any{}}); err != nil {
		t.Fatal(err)
	}
	select {
	case m := <-closed:
		var content struct {
			ID string `json:"comm_id"`
		}
		if m.Decode(&content) != nil || content.ID != "c1" {
			t.Errorf("closed: %s", m.Content)
		}
	case <-within(t).Done():
		t.Fatal("the comm was not closed")
	}
	m, err := c.Ask(within(t), wire.Shell, "comm_info_request", struct{}{})
	if err != nil || string(m.Content) != `{"status":"ok","comms":{}}` {
		t.Errorf("comms: %s, %v", m.Content, err)
	}
}
