package main

import (
	"path/filepath"
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
		wall := time.Since(start)
		r.markTrace()
		u, s := cpu()
		if v := recover(); v != nil {
			o = nb.Failed(v, nb.Frames(nb.Callers(), isHost))
		} else if !ended {
			o.Error = "the cell ended its own goroutine (runtime.Goexit)"
		}
		o.Loaded, o.Wall, o.User, o.Sys = true, wall, u-user, s-sys
		if execution.Interrupted() {
			o.Interrupted, o.Panic, o.Error = true, nil, ""
		}
		r.finish(o)
	}()
	r.markTrace()
	entry()
	ended = true
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

// isHost tells the host's own functions. Those of a cell are of a package main as
// well, and a library's, inlined into one, too.
func isHost(f runtime.Frame) bool {
	return strings.HasPrefix(f.Function, "main.") && filepath.Base(filepath.Dir(f.File)) == "host"
}
