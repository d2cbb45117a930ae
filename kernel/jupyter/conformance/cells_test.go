package conformance_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"locuslab/kernel/jupyter/client"
	"locuslab/kernel/jupyter/wire"
	"locuslab/kernel/process/processtest"
)

func TestValuesLiveFromCellToCell(t *testing.T) {
	k := start(t)
	mustRun(t, k.Client, "x := 40")
	if o := run(t, k.Client, "x += 2\nx"); o.Result("text/plain") != "42" {
		t.Errorf("result %q", o.Result("text/plain"))
	}
}

// Text goes before a display that follows it, and after one that gonbui has been
// told to wait for.
func TestOutputsKeepTheirOrder(t *testing.T) {
	k := startInModule(t)
	o := run(t, k.Client, `import "github.com/janpfeifer/gonb/gonbui"
for i := range 20 {
	fmt.Println("before", i)
	gonbui.DisplayMarkdown(fmt.Sprint("display ", i))
	gonbui.Sync()
	fmt.Println("after", i)
}`)
	var got, want strings.Builder
	for _, m := range o.Visible() {
		var content struct {
			Text string
			Data map[string]string
		}
		if m.Type == "stream" || m.Type == "display_data" {
			if err := m.Decode(&content); err != nil {
				t.Fatal(err)
			}
			got.WriteString(content.Text)
			if text := content.Data["text/markdown"]; text != "" {
				fmt.Fprintln(&got, text)
			}
		}
	}
	for i := range 20 {
		fmt.Fprintf(&want, "before %d\ndisplay %d\nafter %d\n", i, i, i)
	}
	if got.String() != want.String() {
		t.Errorf("%v\n%s", o, got.String())
	}
}

func TestBigOutputArrivesWhole(t *testing.T) {
	k := start(t)
	if got := mustRun(t, k.Client, `fmt.Print(strings.Repeat("0123456789", 1<<20))`); len(got) != 10<<20 {
		t.Errorf("%d bytes of 10 MiB", len(got))
	}
	o := run(t, k.Client, `for i := range 100_000 { fmt.Println("line", i) }`)
	if got := strings.Count(o.Stream("stdout"), "\n"); got != 100_000 {
		t.Errorf("%d lines of 100000", got)
	}
	if n := len(o.Messages); n > 500 {
		t.Errorf("100000 lines came as %d messages", n)
	}
}

func TestInterruptEndsAnyCellAndKeepsTheState(t *testing.T) {
	k := start(t)
	mustRun(t, k.Client, "kept := 7")
	for _, code := range []string{"for {\n}", "select {}", "time.Sleep(time.Hour)", "for i := 0; ; i++ {\n\tkept = 7\n}"} {
		r, running := startLoop(t, k, code)
		<-running
		if err := k.Interrupt(within(t, patience)); err != nil {
			t.Fatal(err)
		}
		o, err := r.Wait(within(t, patience))
		if err != nil {
			t.Fatalf("%q: %v", code, err)
		}
		if o.Status != "error" || o.Failure() == nil {
			t.Errorf("%q: %s %+v", code, o.Status, o.Failure())
		}
		if o := run(t, k.Client, "kept"); o.Result("text/plain") != "7" {
			t.Errorf("after %q kept is %q, %+v", code, o.Result("text/plain"), o.Failure())
		}
	}
}

// startLoop sends a cell that does not end by itself; running gets a value, or is
// closed, when the cell runs.
func startLoop(t *testing.T, k *client.Kernel, code string) (r *client.Running, running <-chan struct{}) {
	t.Helper()
	started := make(chan struct{}, 1)
	r, err := k.Start(client.Cell{Code: "fmt.Println(`started`)\n" + code, Event: func(m wire.Message) {
		switch m.Type {
		case "stream":
			started <- struct{}{}
		case "error":
			close(started) // it does not even start
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	return r, started
}

// A user who thinks better of it at once is heard, though the cell is still being
// compiled.
func TestInterruptBeforeTheCellRuns(t *testing.T) {
	k := start(t)
	for range 5 {
		// The request and the interrupt go by different sockets: before the kernel is
		// busy with the one, the other finds nothing to interrupt.
		busy := make(chan struct{})
		begun := sync.OnceFunc(func() { close(busy) })
		r, err := k.Start(client.Cell{Code: "for {\n}", Event: func(wire.Message) { begun() }})
		if err != nil {
			t.Fatal(err)
		}
		<-busy
		if err := k.Interrupt(within(t, patience)); err != nil {
			t.Fatal(err)
		}
		o, err := r.Wait(within(t, patience))
		if err != nil {
			t.Fatal(err)
		}
		if o.Status != "error" {
			t.Errorf("%v", o)
		}
	}
}

func TestSIGINTInterrupts(t *testing.T) {
	spec := specOf(t)
	spec.InterruptMode = "signal"
	k := startWith(t, spec, client.Options{Dir: prefix})
	r, running := startLoop(t, k, "for {\n}")
	<-running
	if err := k.Interrupt(within(t, patience)); err != nil {
		t.Fatal(err)
	}
	if o, err := r.Wait(within(t, patience)); err != nil || o.Status != "error" {
		t.Errorf("%v, %v", o, err)
	}
}

func TestStandardInputAsksTheUser(t *testing.T) {
	k := start(t)
	o, err := k.Execute(within(t, patience), client.Cell{
		Code: `in := bufio.NewScanner(os.Stdin)
in.Scan()
fmt.Println("read", in.Text())`,
		Input: func(string, bool) string { return "forty two" },
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := o.Stream("stdout"); got != "read forty two\n" {
		t.Errorf("stdout %q, %+v", got, o.Failure())
	}
}

func TestFailureAbortsQueuedCells(t *testing.T) {
	for _, failing := range []string{`panic("stop")`, "undefinedName()", "x := )"} {
		t.Run(failing, func(t *testing.T) {
			k := start(t)
			var cells []*client.Running
			for _, code := range []string{"ran := 0", failing, "ran = 1", "ran = 2"} {
				r, err := k.Start(client.Cell{Code: code})
				if err != nil {
					t.Fatal(err)
				}
				cells = append(cells, r)
			}
			for i, want := range []string{"ok", "error", "aborted", "aborted"} {
				o, err := cells[i].Wait(within(t, patience))
				if err != nil {
					t.Fatal(err)
				}
				if o.Status != want {
					t.Errorf("cell %d: %s, want %s; %+v", i, o.Status, want, o.Failure())
				}
			}
			if o := run(t, k.Client, "ran"); o.Result("text/plain") != "0" {
				t.Errorf("ran is %q", o.Result("text/plain"))
			}
		})
	}
}

func TestTwoFrontEndsShareOneKernel(t *testing.T) {
	k := start(t)
	other, err := client.Connect(within(t, patience), k.Connection)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	heard := make(chan string, 1000)
	other.Watch(func(m wire.Message) {
		if m.Type == "stream" {
			heard <- string(m.Content)
		}
	})
	mustRun(t, k.Client, "shared := 5\nfmt.Println(`said once`)")
	select {
	case text := <-heard:
		if !strings.Contains(text, "said once") {
			t.Errorf("heard %s", text)
		}
	case <-within(t, patience).Done():
		t.Error("the other front end heard nothing")
	}
	if o := run(t, other, "shared"); o.Result("text/plain") != "5" {
		t.Errorf("the other front end sees %q", o.Result("text/plain"))
	}
}

func TestCompletionAndInspectionWhileACellRuns(t *testing.T) {
	k := start(t)
	mustRun(t, k.Client, "declaredName := 3.5")
	r, running := startLoop(t, k, "for {\n}")
	<-running
	c, err := k.Complete(within(t, patience), "declaredN", 9)
	if err != nil || !slices.Contains(c.Matches, "declaredName") || c.Start != 0 || c.End != 9 {
		t.Errorf("completion %+v, %v", c, err)
	}
	i, err := k.Inspect(within(t, patience), "declaredName", 4, 0)
	if err != nil || !i.Found || !strings.Contains(fmt.Sprint(i.Data["text/plain"]), "float64") {
		t.Errorf("inspection %+v, %v", i, err)
	}
	if err := k.Interrupt(within(t, patience)); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Wait(within(t, patience)); err != nil {
		t.Fatal(err)
	}
}

func TestRestartForgetsTheState(t *testing.T) {
	k := start(t)
	mustRun(t, k.Client, "gone := 1")
	before := append(descendants(t, k.Pid()), k.Pid())
	if err := k.Restart(within(t, patience)); err != nil {
		t.Fatal(err)
	}
	processtest.AwaitEnd(t, patience, before...)
	if o := run(t, k.Client, "gone"); o.Status != "error" {
		t.Errorf("a name of before the restart is still known: %v", o)
	}
}

// Expressions that a front end sends with a cell see what the cell declares.
func TestExpressionsOfAFrontEndAreEvaluated(t *testing.T) {
	k := start(t)
	o, err := k.Execute(within(t, patience), client.Cell{Code: "x := 41\nfmt.Println(x)", Expressions: map[string]string{
		"next": "x + 1", "rich": "template.HTML(`<b>x</b>`)", "unknown": "y", "statement": "x = 5", "nothing": "func() {}()",
	}})
	if err != nil || o.Status != "ok" || o.Stream("stdout") != "41\n" || o.Result("text/plain") != "" {
		t.Fatalf("%v, %v, stdout %q", err, o, o.Stream("stdout"))
	}
	if next := o.Expressions["next"]; next.Status != "ok" || next.Data["text/plain"] != "42" {
		t.Errorf("x + 1 is %+v", next)
	}
	if rich := o.Expressions["rich"]; rich.Data["text/html"] != "<b>x</b>" {
		t.Errorf("an HTML value is %+v", rich)
	}
	for name, want := range map[string]string{"unknown": "undefined: y", "statement": "no expression", "nothing": "no value"} {
		if e := o.Expressions[name]; e.Status != "error" || !strings.Contains(e.Value, want) {
			t.Errorf("%s is %+v", name, e)
		}
	}
	if got := mustRun(t, k.Client, "fmt.Print(x)"); got != "41" {
		t.Errorf("x is %s afterwards", got)
	}
}
