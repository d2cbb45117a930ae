package worker_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"locuslab/kernel/build"
	"locuslab/kernel/worker"
	"locuslab/kernel/worker/workertest"
)

func start(t *testing.T) (*workertest.Engine, *workertest.Screen) {
	return workertest.New(t, ".", build.Auto), &workertest.Screen{}
}

func run(t *testing.T, e *workertest.Engine, s *workertest.Screen, id int, source string) worker.Outcome {
	t.Helper()
	o, err := e.Run(t.Context(), e.Unit(id, source), s)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func TestPanicNamesTheCellsLineAndKeepsTheState(t *testing.T) {
	e, s := start(t)
	o := run(t, e, s, 1, `package main

import "fmt"

var x = 1

func fail(i int) { panic(fmt.Errorf("bad %d", i)) }
func Cell_1() {
	x = 5
//line In[1]:7:1
	fail(3)
}

var NBKeep_1 = [...]any{fail, &x}
`)
	if o.Panic == nil || o.Panic.Value != "bad 3" {
		t.Fatalf("outcome %+v", o)
	}
	last := o.Panic.Frames[len(o.Panic.Frames)-1]
	if last.Func != "main.Cell_1" || last.File != "In[1]" || last.Line != 7 {
		t.Errorf("frames %+v", o.Panic.Frames)
	}
	run(t, e, s, 2, "package main\n\nimport \"fmt\"\n\nvar x int\n\nfunc Cell_2() { fmt.Println(x) }\n")
	if s.Stdout() != "5\n" {
		t.Errorf("x is %q after the panic", s.Stdout())
	}
}

func TestRuntimeErrorHasFrames(t *testing.T) {
	e, s := start(t)
	o := run(t, e, s, 1, `package main

func Cell_1() {
	var m map[string]int
//line In[1]:2:1
	m["a"] = 1
}
`)
	if o.Panic == nil || !strings.Contains(o.Panic.Value, "assignment to entry in nil map") || len(o.Panic.Frames) != 1 || o.Panic.Frames[0].Line != 2 {
		t.Errorf("panic %+v %s", o.Panic, s.Stderr())
	}
}

func TestResultIsShownAfterWhatWasPrinted(t *testing.T) {
	e, s := start(t)
	o := run(t, e, s, 1, `package main

import "fmt"
import nb "RUNTIME"

type table struct{ rows int }

func (t table) HTML() string   { return fmt.Sprintf("<b>%d</b>", t.rows) }
func (t table) String() string { return fmt.Sprintf("%d rows", t.rows) }

func Cell_1() {
	fmt.Println("printed")
	nb.Show(table{3})
}
`)
	if o.Result == nil || o.Result.Data["text/html"] != "<b>3</b>" || o.Result.Data["text/plain"] != "3 rows" {
		t.Errorf("result %+v", o.Result)
	}
	if len(s.Shown()) != 1 || s.Stdout() != "printed\n" {
		t.Errorf("shown %v, printed %q", s.Shown(), s.Stdout())
	}
}

func TestCheckFailsTheCell(t *testing.T) {
	e, s := start(t)
	o := run(t, e, s, 1, "package main\n\nimport \"errors\"\nimport nb \"RUNTIME\"\n\nfunc Cell_1() { nb.Check(nil); nb.Check(errors.New(\"no such table\")) }\n")
	if o.Err != "no such table" || o.Panic != nil {
		t.Errorf("outcome %+v", o)
	}
}

func TestGoroutinePanicEndsTheGoroutineOnly(t *testing.T) {
	e, s := start(t)
	run(t, e, s, 1, `package main

import nb "RUNTIME"

var begin = make(chan bool)

func Cell_1() {
	go func() {
		defer nb.Guard()
		<-begin
//line In[1]:9:1
		panic("in the background")
	}()
}

var NBKeep_1 = [...]any{&begin}
`)
	run(t, e, s, 2, "package main\n\nvar begin chan bool\n\nfunc Cell_2() { close(begin) }\n")
	s.Await(t, "the panic's report", func() bool {
		return strings.Contains(s.Stderr(), "in the background") && strings.Contains(s.Stderr(), "In[1]:9")
	})
	run(t, e, s, 3, "package main\n\nimport \"fmt\"\n\nfunc Cell_3() { fmt.Println(\"alive\") }\n")
	if s.Stdout() != "alive\n" {
		t.Errorf("printed %q", s.Stdout())
	}
}

// interruptible runs a unit and interrupts it when it has printed "ready".
func interruptible(t *testing.T, e *workertest.Engine, s *workertest.Screen, id int, source string) (worker.Outcome, error) {
	t.Helper()
	type end struct {
		o   worker.Outcome
		err error
	}
	ended := make(chan end, 1)
	u := e.Unit(id, source)
	go func() {
		o, err := e.Run(t.Context(), u, s)
		ended <- end{o, err}
	}()
	s.Await(t, "the cell to begin", func() bool { return strings.Contains(s.Stdout(), "ready\n") })
	e.Process.Interrupt(false)
	select {
	case r := <-ended:
		return r.o, r.err
	case <-time.After(10 * time.Second):
		t.Fatal("the cell was not interrupted")
		panic("unreachable")
	}
}

func TestInterruptStopsALoopAndKeepsOtherGoroutines(t *testing.T) {
	e, s := start(t)
	run(t, e, s, 1, `package main

import nb "RUNTIME"
import "sync/atomic"

var turns atomic.Int64
var stop_1 = nb.Stop(1)

func Cell_1() {
	go func() {
		defer nb.Guard()
		for {
			if *stop_1 != 0 {
				nb.Interrupted(1)
			}
			turns.Add(1)
		}
	}()
}

var NBKeep_1 = [...]any{&turns, &stop_1}
`)
	o, err := interruptible(t, e, s, 2, `package main

import "fmt"
import nb "RUNTIME"

var stop_2 = nb.Stop(2)
var kept = 7

func Cell_2() {
	fmt.Println("ready")
	for {
		if *stop_2 != 0 {
			nb.Interrupted(2)
		}
	}
}

var NBKeep_2 = [...]any{&stop_2, &kept}
`)
	if err != nil || !o.Interrupted {
		t.Fatalf("outcome %+v, %v", o, err)
	}
	run(t, e, s, 3, `package main

import "fmt"
import "sync/atomic"

var turns atomic.Int64
var kept int

func Cell_3() {
	before := turns.Load()
	for turns.Load() == before {
	}
	fmt.Println("goes on", kept)
}
`)
	if !strings.HasSuffix(s.Stdout(), "goes on 7\n") {
		t.Errorf("printed %q", s.Stdout())
	}
}

func TestInterruptLeavesAParkedCellBehind(t *testing.T) {
	for name, wait := range map[string]string{
		"channel": "<-make(chan int)", "select": "select {}", "sleep": "time.Sleep(time.Hour)",
		"group": "var g sync.WaitGroup; g.Add(1); g.Wait()", "lock": "var m sync.Mutex; m.Lock(); m.Lock()",
	} {
		t.Run(name, func(t *testing.T) {
			e, s := start(t)
			o, err := interruptible(t, e, s, 1, fmt.Sprintf("package main\n\nimport \"fmt\"\nimport \"sync\"\nimport \"time\"\n\nvar _ sync.Mutex\nvar _ time.Time\n\nfunc Cell_1() {\n\tfmt.Println(\"ready\")\n\t%s\n}\n", wait))
			if err != nil || !o.Interrupted {
				t.Fatalf("outcome %+v, %v", o, err)
			}
			run(t, e, s, 2, "package main\n\nimport \"fmt\"\n\nfunc Cell_2() { fmt.Println(\"alive\") }\n")
			if !strings.HasSuffix(s.Stdout(), "alive\n") {
				t.Errorf("printed %q", s.Stdout())
			}
		})
	}
}

func TestSecondInterruptEndsAWorkerThatIsStuck(t *testing.T) {
	e, s := start(t)
	ended := make(chan error, 1)
	u := e.Unit(1, "package main\n\nimport \"fmt\"\nimport \"strings\"\n\nfunc Cell_1() {\n\tfmt.Println(\"ready\")\n\tstrings.Map(func(r rune) rune { for { } }, \"x\")\n}\n")
	go func() {
		_, err := e.Run(t.Context(), u, s)
		ended <- err
	}()
	s.Await(t, "the cell to begin", func() bool { return s.Stdout() == "ready\n" })
	e.Process.Interrupt(false)
	s.Await(t, "the hint that it is stuck", func() bool { return strings.Contains(s.Stderr(), "is still running") })
	e.Process.Interrupt(false)
	var died *worker.Died
	if err := <-ended; !errors.As(err, &died) || !died.Killed {
		t.Errorf("error %v", err)
	}
}

func TestDeathsAreTold(t *testing.T) {
	for _, c := range []struct {
		name, source, want string
		check              func(*worker.Died) bool
	}{
		{"exit", "os.Exit(3)", "status 3", func(d *worker.Died) bool { return d.ExitCode == 3 }},
		{"fatal error", "m := map[int]int{}\n\tfor range 8 {\n\t\tgo func() { for i := 0; ; i++ { m[i%10] = i } }()\n\t}\n\tselect {}", "concurrent map", func(d *worker.Died) bool { return d.ExitCode == 2 }},
		{"signal", "syscall.Kill(os.Getpid(), syscall.SIGKILL)\n\tselect {}", "signal 9", func(d *worker.Died) bool { return d.Signal == syscall.SIGKILL }},
	} {
		t.Run(c.name, func(t *testing.T) {
			e, s := start(t)
			_, err := e.Run(t.Context(), e.Unit(1, "package main\n\nimport \"os\"\nimport \"syscall\"\n\nvar _ = os.Exit\nvar _ = syscall.Kill\n\nfunc Cell_1() {\n\t"+c.source+"\n}\n"), s)
			var died *worker.Died
			if !errors.As(err, &died) || !c.check(died) || !strings.Contains(died.Error(), c.want) {
				t.Errorf("error %v, stderr %s", err, s.Stderr())
			}
			if _, err := e.Process.Run(t.Context(), worker.Run{ID: 1, Entry: "notebook.Cell_1"}, s); !errors.As(err, &died) {
				t.Errorf("a run after the end: %v", err)
			}
		})
	}
}

func TestStdinAsksTheUser(t *testing.T) {
	e, s := start(t)
	s.Answer = func(context.Context, string) (string, error) { return "Ann", nil }
	run(t, e, s, 1, `package main

import "bufio"
import "fmt"
import "os"

func Cell_1() {
	in := bufio.NewReader(os.Stdin)
	for range 2 {
		line, err := in.ReadString('\n')
		fmt.Printf("%q %v\n", line, err)
	}
}
`)
	if s.Stdout() != "\"Ann\\n\" <nil>\n\"Ann\\n\" <nil>\n" {
		t.Errorf("printed %q", s.Stdout())
	}
}

func TestStdinEndsWhenNobodyAnswers(t *testing.T) {
	e, s := start(t)
	run(t, e, s, 1, "package main\n\nimport \"fmt\"\n\nfunc Cell_1() {\n\tvar n string\n\t_, err := fmt.Scanln(&n)\n\tfmt.Println(err)\n}\n")
	if !strings.Contains(s.Stdout(), "EOF") && !strings.Contains(s.Stdout(), "unexpected newline") || !strings.Contains(s.Stderr(), "nobody answers") {
		t.Errorf("printed %q and %q", s.Stdout(), s.Stderr())
	}
}

func TestEnvironmentAndFolder(t *testing.T) {
	e, s := start(t)
	dir := t.TempDir()
	if err := e.Process.Setenv("GREETING", "hello"); err != nil {
		t.Fatal(err)
	}
	if err := e.Process.Chdir(dir); err != nil {
		t.Fatal(err)
	}
	if err := e.Process.Chdir(dir + "/absent"); err == nil {
		t.Error("no error for a folder that is not there")
	}
	run(t, e, s, 1, "package main\n\nimport \"fmt\"\nimport \"os\"\n\nfunc Cell_1() {\n\td, _ := os.Getwd()\n\tfmt.Println(os.Getenv(\"GREETING\"), d)\n}\n")
	if s.Stdout() != "hello "+dir+"\n" {
		t.Errorf("printed %q", s.Stdout())
	}
}

func TestRunAgainKeepsVariables(t *testing.T) {
	e, s := start(t)
	run(t, e, s, 1, "package main\n\nimport \"fmt\"\n\nvar n int\n\nfunc Cell_1() { n++; fmt.Println(n) }\n\nvar NBKeep_1 = [...]any{&n}\n")
	if _, err := e.Process.Run(t.Context(), worker.Run{ID: 1, Entry: "notebook.Cell_1"}, s); err != nil {
		t.Fatal(err)
	}
	if s.Stdout() != "1\n2\n" {
		t.Errorf("printed %q", s.Stdout())
	}
}

func TestNothingOutlivesClose(t *testing.T) {
	e, s := start(t)
	run(t, e, s, 1, "package main\n\nimport \"fmt\"\nimport \"os\"\nimport \"os/exec\"\nimport \"path/filepath\"\n\nfunc Cell_1() {\n\tc := exec.Command(\"sleep\", \"1000\")\n\tfmt.Println(c.Start(), filepath.Dir(os.Getenv(\"GONB_PIPE\")), c.Process.Pid)\n}\n")
	var started, dir string
	var child int
	if _, err := fmt.Sscan(s.Stdout(), &started, &dir, &child); err != nil {
		t.Fatal(err, s.Stdout())
	}
	if _, err := os.Stat(dir); err != nil {
		t.Error(err)
	}
	pid := e.Process.Pid()
	if err := e.Process.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the folder %s stays: %v", dir, err)
	}
	if err := syscall.Kill(pid, 0); err == nil {
		t.Errorf("the worker %d is still there", pid)
	}
	if state, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", child)); err == nil && !strings.Contains(string(state), ") Z ") {
		t.Errorf("the command that the cell started is still there: %s", state)
	}
}

func TestGonbuiShowsUpdatesAndAsks(t *testing.T) {
	e, s := start(t)
	s.Answer = func(_ context.Context, prompt string) (string, error) { return "to " + prompt, nil }
	run(t, e, s, 1, `package main

import "bufio"
import "fmt"
import "os"
import "github.com/janpfeifer/gonb/gonbui"

func Cell_1() {
	fmt.Println("before")
	gonbui.DisplayHTML("<b>one</b>")
	gonbui.UpdateHtml("bar", "half")
	gonbui.UpdateHtml("bar", "full")
	gonbui.Sync()
	gonbui.RequestInput("name?", false)
	line, err := bufio.NewReader(os.Stdin).ReadString('\n')
	fmt.Printf("%q %v\n", line, err)
}
`)
	shown := s.Shown()
	if len(shown) != 3 {
		t.Fatalf("shown %+v", shown)
	}
	if shown[0].Data["text/html"] != "<b>one</b>" || shown[0].ID != "" {
		t.Errorf("first %+v", shown[0])
	}
	if shown[1].ID != "bar" || shown[1].Update || shown[2].ID != "bar" || !shown[2].Update || shown[2].Data["text/html"] != "full" {
		t.Errorf("display and update %+v", shown[1:])
	}
	if s.Stdout() != "before\n\"to name?\\n\" <nil>\n" {
		t.Errorf("printed %q", s.Stdout())
	}
}
