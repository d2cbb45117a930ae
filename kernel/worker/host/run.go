package host

import (
	"runtime"
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
	turn      bool   // it is this run's
}

func (r *run) execute() {
	defer close(r.done)
	call, err := r.host.prepare(r.command)
	if err != nil {
		r.finish(notLoaded(err))
		return
	}
	r.host.beside.turn <- struct{}{} // a callback that runs ends first
	r.turn = true
	execution := nb.Begin(r.command.Unit)
	defer execution.End()
	r.mu.Lock()
	r.execution, r.goroutine = execution, goroutineHeader()
	stopped := r.stopped
	r.mu.Unlock()
	o := &wire.Outcome{Loaded: true}
	if stopped && r.command.Load != nil {
		go r.interrupt() // initialisers run whole, or not at all
	} else if stopped {
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
	err = call()
	ended = true
	if err != nil {
		o.Error = err.Error()
	}
}

func (r *run) finish(o *wire.Outcome) {
	r.report.Do(func() {
		o.Settled = nb.Settled(r.command.Unit)
		if r.turn {
			<-r.host.beside.turn
		}
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

// isHost tells the functions by which the worker runs cells.
func isHost(f runtime.Frame) bool { return wire.IsHost(f.Function) }
