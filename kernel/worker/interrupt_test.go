package worker_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"locuslab/kernel/worker"
	"locuslab/kernel/worker/workertest"
)

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
	case <-time.After(time.Minute):
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
	s.Await(t, "the hint that it is stuck", func() bool { return strings.Contains(s.Noticed(), "is still running") })
	e.Process.Interrupt(false)
	var died *worker.Died
	if err := <-ended; !errors.As(err, &died) || !died.Killed {
		t.Errorf("error %v", err)
	}
}
