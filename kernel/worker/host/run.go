package main

import (
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"

	"locuslab/kernel/worker/nb"
	"locuslab/kernel/worker/wire"
)

// run is one call of a unit's entry.
type run struct {
	host    *host
	command wire.Command
	report  sync.Once // a run that was abandoned has been reported already
	done    chan struct{}

	mu        sync.Mutex
	execution *nb.Execution
	goroutine string // "goroutine 17 [", as a stack dump begins
	stopped   bool   // interrupted before it began
}

func (r *run) execute() {
	defer close(r.done)
	entry, err := r.host.entry(r.command)
	if err != nil {
		r.finish(&wire.Outcome{LoadError: err.Error()})
		return
	}
	execution := nb.Begin(r.command.Unit)
	defer execution.End()
	r.mu.Lock()
	r.execution, r.goroutine = execution, goroutineHeader()
	stopped := r.stopped
	r.mu.Unlock()
	o := &wire.Outcome{Loaded: true}
	if stopped {
		o.Interrupted = true
		r.finish(o)
		return
	}
	user, sys := cpu()
	start := time.Now()
	ended := false
	defer func() {
		o.Wall = time.Since(start)
		u, s := cpu()
		o.User, o.Sys = u-user, s-sys
		if v := recover(); v != nil {
			r.caught(o, v)
		} else if !ended {
			o.Error = "the cell ended its own goroutine (runtime.Goexit)"
		}
		if execution.Interrupted() {
			o.Interrupted, o.Panic, o.Error = true, nil, ""
		}
		r.finish(o)
	}()
	entry()
	ended = true
}

func (r *run) caught(o *wire.Outcome, v any) {
	stack := frames(nb.Callers())
	switch v := v.(type) {
	case nb.Interrupt:
		o.Interrupted = true
	case nb.Failure:
		o.Error, o.Frames = nb.PanicText(v), stack
	default:
		o.Panic = &wire.Panic{Value: nb.PanicText(v), Frames: stack}
	}
}

func (r *run) finish(o *wire.Outcome) {
	r.report.Do(func() {
		r.host.send(wire.Event{Kind: wire.Done, Seq: r.command.Seq, Outcome: o})
	})
}

// cpu is the CPU time of the process so far, its exited children not included.
func cpu() (user, sys time.Duration) {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0, 0
	}
	return time.Duration(u.Utime.Nano()), time.Duration(u.Stime.Nano())
}

// frames are the calls below a panic down to the host's own, under the names
// that the user gave them.
func frames(stack []uintptr) []wire.Frame {
	var all []wire.Frame
	panicked := false
	iter := runtime.CallersFrames(stack)
	for {
		f, more := iter.Next()
		if panicked && strings.HasPrefix(f.Function, "main.") { // the host's; a cell's are notebook.f
			break
		}
		if f.Function == "runtime.gopanic" {
			all, panicked = nil, true // above it: who recovered, not who panicked
		} else if f.Function != "" {
			all = append(all, wire.Frame{Func: userName(f.Function), File: f.File, Line: f.Line})
		}
		if !more {
			break
		}
	}
	first := 0
	for first < len(all) && strings.HasPrefix(all[first].Func, "runtime.") {
		first++
	}
	for len(all) > first && (all[len(all)-1].Func == "runtime.goexit") {
		all = all[:len(all)-1]
	}
	return all[first:]
}

// userName turns the package path that cells are compiled under into main.
func userName(function string) string {
	if rest, ok := strings.CutPrefix(function, "notebook."); ok {
		return "main." + rest
	}
	return function
}
