package jupyter_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"locuslab/kernel/jupyter"
	"locuslab/kernel/jupyter/client"
	"locuslab/kernel/jupyter/wire"
)

func TestOutputsKeepTheirOrder(t *testing.T) {
	c := connect(t, startKernel(t, jupyter.Options{}))
	o := run(t, c, "print a\nprint b\nshow 1\nwarn c\nprint d\nclear wait\nprint e\nimage x\nupdate x\nvalue 7")
	want := []string{"busy", "execute_input", "stream", "display_data", "stream", "stream", "clear_output",
		"stream", "display_data", "update_display_data", "execute_result", "idle"}
	if got := o.Types(); !slices.Equal(got, want) {
		t.Errorf("messages:\n got %v\nwant %v", got, want)
	}
	var texts []string
	for _, m := range o.Messages {
		var content struct{ Name, Text string }
		if m.Type == "stream" {
			if err := m.Decode(&content); err != nil {
				t.Fatal(err)
			}
			texts = append(texts, content.Name+" "+content.Text)
		}
	}
	if want := []string{"stdout a\nb\n", "stderr c\n", "stdout d\n", "stdout e\n"}; !slices.Equal(texts, want) {
		t.Errorf("texts:\n got %q\nwant %q", texts, want)
	}
	if got := o.Stream("stdout"); got != "e\n" {
		t.Errorf("after the outputs were cleared stdout is %q", got)
	}
	if o.Result("text/plain") != "7" || o.Status != "ok" || o.Count != 1 {
		t.Errorf("outcome %+v", o)
	}
	var image struct {
		Data      map[string]string
		Metadata  map[string]any
		Transient map[string]string
	}
	if err := o.Messages[8].Decode(&image); err != nil {
		t.Fatal(err)
	}
	if image.Data["image/png"] != "iVBORw==" || image.Transient["display_id"] != "x" || image.Metadata == nil {
		t.Errorf("image %+v", image)
	}
	for _, m := range o.Messages {
		if m.ParentID() != o.Messages[0].ParentID() {
			t.Errorf("%s has another parent", m.Type)
		}
	}
}

func TestManySmallWritesAreFewMessages(t *testing.T) {
	c := connect(t, startKernel(t, jupyter.Options{}))
	o := run(t, c, "lines 100000\nshow end")
	if n := len(o.Messages); n > 200 {
		t.Errorf("100000 lines came as %d messages", n)
	}
	lines := strings.Split(strings.TrimSuffix(o.Stream("stdout"), "\n"), "\n")
	if len(lines) != 100_000 {
		t.Fatalf("%d lines", len(lines))
	}
	for i, line := range lines {
		if line != fmt.Sprint("line ", i) {
			t.Fatalf("line %d is %q", i, line)
		}
	}
	if types := o.Types(); types[len(types)-2] != "display_data" {
		t.Errorf("the display did not come after the text: %v", types[len(types)-3:])
	}
}

func TestTextAppearsWhileTheCellRuns(t *testing.T) {
	k := startKernel(t, jupyter.Options{})
	c := connect(t, k)
	shown := make(chan string, 8)
	r, err := c.Start(client.Cell{Code: "print now\nblock", Event: func(m wire.Message) {
		if m.Type == "stream" {
			shown <- string(m.Content)
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	select {
	case text := <-shown:
		if !strings.Contains(text, "now") {
			t.Errorf("shown: %s", text)
		}
	case <-within(t).Done():
		t.Fatal("nothing shown before the end of the cell")
	}
	if err := c.Interrupt(within(t)); err != nil {
		t.Fatal(err)
	}
	o, err := r.Wait(within(t))
	if err != nil {
		t.Fatal(err)
	}
	if f := o.Failure(); f == nil || f.Name != "Interrupted" || o.Status != "error" {
		t.Errorf("interrupted cell: %+v, %+v", o, f)
	}
}

func TestBigOutputArrivesWhole(t *testing.T) {
	c := connect(t, startKernel(t, jupyter.Options{}))
	const size = 10 << 20
	o := run(t, c, fmt.Sprint("bytes ", size))
	got := o.Stream("stdout")
	if len(got) != size || strings.Trim(got, "é") != "" {
		t.Errorf("%d bytes of %d arrived, or characters were cut in two", len(got), size)
	}
	big := strings.Repeat("x", size)
	if o := run(t, c, "show "+big); o.Display("text/plain") != big {
		t.Error("a display of 10 MB, sent in a cell of 10 MB, did not come back")
	}
}

func TestFailureAbortsQueuedCells(t *testing.T) {
	c := connect(t, startKernel(t, jupyter.Options{}))
	var cells []*client.Running
	for _, code := range []string{"block", "print never", "print never"} {
		r, err := c.Start(client.Cell{Code: code})
		if err != nil {
			t.Fatal(err)
		}
		cells = append(cells, r)
	}
	if err := c.Interrupt(within(t)); err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"error", "aborted", "aborted"} {
		o, err := cells[i].Wait(within(t))
		if err != nil {
			t.Fatal(err)
		}
		if o.Status != want || o.Stream("stdout") != "" {
			t.Errorf("cell %d: %s %q, want %s", i, o.Status, o.Stream("stdout"), want)
		}
	}
	if o := run(t, c, "print on"); o.Status != "ok" || o.Count != 2 {
		t.Errorf("the next cell: %+v", o)
	}
}

func TestFailureWithGoOnRunsQueuedCells(t *testing.T) {
	c := connect(t, startKernel(t, jupyter.Options{}))
	failing, err := c.Start(client.Cell{Code: "fail boom", GoOn: true})
	if err != nil {
		t.Fatal(err)
	}
	next, err := c.Start(client.Cell{Code: "print on"})
	if err != nil {
		t.Fatal(err)
	}
	o, err := failing.Wait(within(t))
	if err != nil {
		t.Fatal(err)
	}
	if f := o.Failure(); f == nil || f.Value != "boom" || len(f.Traceback) != 2 {
		t.Errorf("failure %+v", f)
	}
	if o, err = next.Wait(within(t)); err != nil || o.Stream("stdout") != "on\n" {
		t.Errorf("the queued cell: %+v, %v", o, err)
	}
}

func TestQueuedCellsAreAnnounced(t *testing.T) {
	k := startKernel(t, jupyter.Options{})
	c := connect(t, k)
	first, err := c.Start(client.Cell{Code: "block", GoOn: true})
	if err != nil {
		t.Fatal(err)
	}
	second, err := c.Start(client.Cell{Code: "print 2"})
	if err != nil {
		t.Fatal(err)
	}
	// Shell requests of one front end are read in order: when this one is answered,
	// the second cell has been announced.
	if _, err := c.KernelInfo(within(t)); err != nil {
		t.Fatal(err)
	}
	k.handler.mu.Lock()
	queued := slices.Clone(k.handler.queued)
	k.handler.mu.Unlock()
	if !slices.Equal(queued, []string{"print 2"}) {
		t.Errorf("announced: %q", queued)
	}
	if err := c.Interrupt(within(t)); err != nil {
		t.Fatal(err)
	}
	for _, r := range []*client.Running{first, second} {
		if _, err := r.Wait(within(t)); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAnErrorOfTheEngineIsShown(t *testing.T) {
	c := connect(t, startKernel(t, jupyter.Options{}))
	o := run(t, c, "break cause")
	if f := o.Failure(); o.Status != "error" || f == nil || !strings.Contains(f.Value, "cause") {
		t.Errorf("%+v %+v", o, f)
	}
}

func TestSilentCellLeavesNoTrace(t *testing.T) {
	c := connect(t, startKernel(t, jupyter.Options{}))
	o, err := c.Execute(within(t), client.Cell{Code: "value 1", Silent: true})
	if err != nil {
		t.Fatal(err)
	}
	if got := o.Types(); !slices.Equal(got, []string{"busy", "idle"}) {
		t.Errorf("messages %v", got)
	}
	if o := run(t, c, "value 2"); o.Count != 1 {
		t.Errorf("a silent cell was counted: %d", o.Count)
	}
	h, err := c.History(within(t), map[string]any{"hist_access_type": "tail", "n": 10})
	if err != nil || len(h.History) != 1 {
		t.Errorf("history %v, %v", h.History, err)
	}
}

func TestPageIsAPayload(t *testing.T) {
	c := connect(t, startKernel(t, jupyter.Options{}))
	o := run(t, c, "page help")
	if got := string(o.Payload); !strings.Contains(got, `"source":"page"`) || !strings.Contains(got, `"text/plain":"help"`) {
		t.Errorf("payload %s", got)
	}
}

func TestOutputAfterTheCell(t *testing.T) {
	k := startKernel(t, jupyter.Options{})
	c := connect(t, k)
	seen := make(chan wire.Message, 64)
	c.Watch(func(m wire.Message) { seen <- m })
	first := run(t, c, "print a")
	k.handler.mu.Lock()
	late := k.handler.late
	k.handler.mu.Unlock()
	late.Write("stdout", "late\n")
	for {
		select {
		case m := <-seen:
			if m.Type == "stream" && strings.Contains(string(m.Content), "late") {
				if m.ParentID() != first.Messages[0].ParentID() {
					t.Error("text of a goroutine went to another cell than the one that started it")
				}
				return
			}
		case <-within(t).Done():
			t.Fatal("text written after the cell's end was not shown")
		}
	}
}

// A cell that a front end runs for itself is none of the user's: when it fails, the
// user's cells go on.
func TestFailureOfASilentCellAbortsNothing(t *testing.T) {
	c := connect(t, startKernel(t, jupyter.Options{}))
	first, err := c.Start(client.Cell{Code: "block", GoOn: true}) // the others wait behind it
	if err != nil {
		t.Fatal(err)
	}
	var cells []*client.Running
	for _, cell := range []client.Cell{{Code: "fail quietly", Silent: true}, {Code: "print on"}} {
		r, err := c.Start(cell)
		if err != nil {
			t.Fatal(err)
		}
		cells = append(cells, r)
	}
	if err := c.Interrupt(within(t)); err != nil {
		t.Fatal(err)
	}
	if _, err := first.Wait(within(t)); err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"error", "ok"} {
		o, err := cells[i].Wait(within(t))
		if err != nil {
			t.Fatal(err)
		}
		if o.Status != want {
			t.Errorf("cell %d: %v, want %s", i, o, want)
		}
	}
}

func TestExpressionsAreEvaluatedWithTheReply(t *testing.T) {
	c := connect(t, startKernel(t, jupyter.Options{}))
	asked := map[string]string{"a": "value 42", "b": "nonsense", "c": "print beside"}
	o, err := c.Execute(within(t), client.Cell{Code: "print cell", Expressions: asked})
	if err != nil {
		t.Fatal(err)
	}
	a, b := o.Expressions["a"], o.Expressions["b"]
	if a.Status != "ok" || a.Data["text/plain"] != "42" || a.Data["image/png"] != "iVBORw==" {
		t.Errorf("the value is %+v", a)
	}
	if b.Status != "error" || b.Name != "SyntaxError" || b.Value != "nonsense" || len(b.Traceback) != 1 {
		t.Errorf("the failure is %+v", b)
	}
	if len(o.Expressions) != 3 || o.Status != "ok" || o.Stream("stdout") != "cell\nbeside\n" || o.Failure() != nil {
		t.Errorf("outcome %v, %+v, printed %q", o, o.Expressions, o.Stream("stdout"))
	}
	if o, err := c.Execute(within(t), client.Cell{Code: "fail", Expressions: asked}); err != nil || o.Status != "error" || len(o.Expressions) != 0 {
		t.Errorf("a cell that failed: %v, %v, %+v", err, o, o.Expressions)
	}
}
