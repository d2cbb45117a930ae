package worker

import (
	"context"
	"fmt"
	"sync"
	"time"

	"locuslab/kernel/display"
	"locuslab/kernel/worker/wire"
)

// activeRun is a run that has not ended.
type activeRun struct {
	seq         int
	result      *display.Bundle
	quiet       bool            // what it results in is not shown
	interrupted time.Time       // of the first interrupt
	busy        bool            // the user has been told that it does not stop
	ctx         context.Context // of questions to the user
	cancelInput context.CancelFunc
}

// Run loads a unit's object, or, where r.Path is empty, calls its entry. What
// the code shows goes to out, also after Run has returned, until the next Run. Without an
// out it goes where it went before, and the result is the Outcome's alone.
// When ctx ends first the run is interrupted, and two seconds later killed.
// The error is a *Died when the worker is gone, a *LoadError when the object
// could not be loaded.
func (p *Process) Run(ctx context.Context, r Run, out display.Output) (Outcome, error) {
	p.running.Lock()
	defer p.running.Unlock()
	p.flush()
	if out != nil {
		p.out.set(out)
	}
	runCtx, cancel := context.WithCancel(ctx)
	var watchers sync.WaitGroup
	defer watchers.Wait()
	defer cancel()

	p.mu.Lock()
	p.seq++
	active := &activeRun{seq: p.seq, quiet: out == nil, ctx: runCtx, cancelInput: cancel}
	p.active = active
	p.mu.Unlock()
	defer func() {
		p.mu.Lock()
		p.active = nil
		p.mu.Unlock()
	}()
	watchers.Go(func() { p.stdin.watch(runCtx) })
	ended := make(chan struct{})
	defer close(ended)
	watchers.Go(func() {
		select {
		case <-ended:
		case <-r.Stop:
			p.Interrupt(false)
		}
	})
	watchers.Go(func() {
		select {
		case <-ended:
			return
		case <-ctx.Done():
		}
		p.Interrupt(false)
		select {
		case <-ended:
		case <-time.After(2 * time.Second):
			p.Interrupt(true)
		}
	})

	command := wire.Command{Verb: wire.Run, Seq: active.seq, Unit: r.ID, Cell: r.Cell, Entry: r.Entry}
	if r.Path != "" {
		command.Load, command.Entry = &wire.Load{Path: r.Path, Packages: r.Packages, Names: r.Names, Locals: r.Locals}, ""
	}
	var o Outcome
	err := p.ask(command, func(e wire.Event) error {
		if e.Outcome == nil {
			return fmt.Errorf("run unit %d: the worker answered without an outcome", r.ID)
		}
		if e.Outcome.LoadError != "" {
			return &LoadError{Path: r.Path, Reason: e.Outcome.LoadError, Missing: e.Outcome.Missing, Linked: e.Outcome.Linked}
		}
		o = outcome(e.Outcome)
		return nil
	})
	p.flush()
	p.gonb.awaitScript()
	if err == nil {
		p.stderr.release()
	}
	p.mu.Lock()
	o.Result = active.result
	p.mu.Unlock()
	return o, err
}

func outcome(w *wire.Outcome) Outcome {
	o := Outcome{Wall: w.Wall, User: w.User, Sys: w.Sys, Loaded: w.Loaded, Err: w.Error, Frames: w.Frames, Panic: w.Panic, Interrupted: w.Interrupted, Settled: w.Settled, Waiting: w.Waiting}
	if w.Stack != "" {
		o.Frames = stackFrames(w.Stack)
	}
	return o
}

// result shows the value of a cell's last expression.
func (p *Process) result(e wire.Event) {
	p.flush()
	b := bundle(e.Parts)
	p.mu.Lock()
	quiet := false
	if p.active != nil && p.active.seq == e.Seq {
		p.active.result = &b
		quiet = p.active.quiet
	}
	p.mu.Unlock()
	if quiet {
		return
	}
	p.out.do(func(o display.Output) { o.Result(b) })
}

// Interrupt stops the run that is going on, or, where there is none, a widget's callback: its goroutines end at their
// next poll. When the cell does not get there the Output is told what is still
// running, and the next Interrupt kills the worker, as hard does at once.
func (p *Process) Interrupt(hard bool) {
	p.mu.Lock()
	a := p.active
	if a == nil {
		p.mu.Unlock()
		if err := p.send(wire.Command{Verb: wire.Interrupt}); err != nil { // a callback
			p.log.Debug("interrupt", "err", err)
		}
		return
	}
	first := a.interrupted.IsZero()
	if first {
		a.interrupted = time.Now()
	}
	kill := hard || a.busy || !first && time.Since(a.interrupted) > time.Second
	p.mu.Unlock()
	if kill {
		p.kill()
		return
	}
	if first {
		a.cancelInput()
		if err := p.send(wire.Command{Verb: wire.Interrupt, Seq: a.seq}); err != nil {
			p.log.Debug("interrupt", "err", err)
		}
	}
}

// busy tells the user that the interrupted cell is inside code that does not poll.
func (p *Process) busy(e wire.Event) {
	p.mu.Lock()
	told := p.active != nil && p.active.seq == e.Seq
	if told {
		p.active.busy = true
	}
	p.mu.Unlock()
	if !told {
		return
	}
	p.flush()
	where := "code that cannot be stopped"
	if e.Function != "" {
		where = e.Function
	}
	p.out.do(func(o display.Output) {
		o.Display(display.Notice(fmt.Sprintf("interrupt: %s is still running and the cell stops when it returns; interrupt again to restart the worker (live values are lost then)", where)))
	})
}
