package worker_test

import (
	"strings"
	"testing"
)

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
