package session

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"

	"locuslab/kernel/build"
	"locuslab/kernel/cell"
	"locuslab/kernel/display"
	"locuslab/kernel/magic"
	"locuslab/kernel/session/frontend"
	"locuslab/kernel/session/frontend/probe"
	"locuslab/kernel/session/report"
	"locuslab/kernel/session/scope"
	"locuslab/kernel/worker"
	"locuslab/kernel/worker/loader"
	"locuslab/kernel/worker/wire"
)

// Execute runs a cell. count is its execution count, the n of In[n]. What the
// user did wrong comes back as a *display.Failure; any other error is the kernel's.
func (s *Session) Execute(ctx context.Context, code string, count int, out display.Output) error {
	code = normalise(code)
	s.dequeue(code)
	s.executing.Lock()
	defer s.executing.Unlock()
	cellCtx, end := s.begin(ctx)
	defer end()
	err := s.execute(cellCtx, code, count, out)
	var failure *display.Failure
	if cellCtx.Err() != nil && ctx.Err() == nil {
		if !errors.As(err, &failure) || failure.Name != "Interrupted" && failure.Name != "WorkerDied" {
			return report.Interrupted("")
		}
	}
	if errors.As(err, &failure) && len(failure.Traceback) == 0 { // front ends show nothing else
		failure.Traceback = []string{report.Bold + report.Red + failure.Name + report.Normal + ": " + failure.Value}
	}
	return err
}

func (s *Session) execute(ctx context.Context, code string, count int, out display.Output) error {
	s.magics.Entered(count, code)
	code = s.shellAssignments(code)
	m, err := magic.Parse(code)
	if err != nil {
		return &display.Failure{Name: "UsageError", Value: err.Error()}
	}
	if m != nil {
		return s.runMagic(ctx, m, host{Session: s, count: count, out: out})
	}
	return s.executeGo(ctx, code, count, out, nil)
}

// executeGo runs the Go code and the line magics of a cell. after is told what
// each piece of Go cost; it may be nil.
func (s *Session) executeGo(ctx context.Context, code string, count int, out display.Output, after func(worker.Outcome)) error {
	code, replaced, err := s.withPast(ctx, code)
	if err != nil {
		return err
	}
	w := takeApart(code)
	w.SetReplaced(replaced)
	for _, seg := range w.segments { // before Go's complaints about the lines below it, which are none of Go
		if seg.line != nil && seg.line.IsOutOfPlace() {
			return magicFailure(&magic.UsageError{Message: seg.line.Err.Error()})
		}
	}
	if f := s.splitFailure(w.Cell, count); f != nil {
		return f
	}
	for _, seg := range w.segments {
		if seg.line == nil {
			continue
		}
		captured, closeFile, err := magic.Capture(host{Session: s, count: count, out: out}, *seg.line, out)
		if err != nil {
			return magicFailure(err)
		}
		defer closeFile()
		out = captured
	}
	if w.isForPage {
		return s.executeForPage(ctx, w, host{Session: s, count: count, out: out, after: after})
	}
	for _, seg := range w.segments {
		var err error
		if seg.line != nil {
			number, _ := w.Position(seg.start)
			err = s.runLine(ctx, *seg.line, code, host{s, count, out, after, number - 1})
		} else {
			err = s.runItems(ctx, w, seg.items, count, out, after)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// splitFailure tells of a cell whose brackets do not match.
func (s *Session) splitFailure(c *cell.Cell, count int) error {
	u := &report.Source{Cell: c, Count: count}
	at := func(offset int, message string) error {
		line, column := c.Position(offset)
		return u.Failure("SyntaxError", []report.Place{{Line: line, Column: column, Message: message}})
	}
	if c.Err != nil {
		return at(c.Err.Offset, c.Err.Message)
	}
	if c.Open >= 0 || c.Unfinished { // a bracket may seem open behind a fault
		if f := c.Fault(); f != nil {
			return at(f.Offset, f.Message)
		}
	}
	switch {
	case c.Open >= 0:
		return at(c.Open, fmt.Sprintf("this %c is never closed", c.Text[c.Open]))
	case c.Unfinished:
		return at(len(c.Text), "the cell ends in the middle of something: a raw string, a comment or an operation is not finished")
	}
	return nil
}

// runItems compiles Go items and runs them. A unit whose code has run before is
// not compiled again.
func (s *Session) runItems(ctx context.Context, w *work, items []cell.Item, count int, out display.Output, after func(worker.Outcome)) error {
	if len(items) == 0 {
		return nil
	}
	if err := s.start(ctx); err != nil {
		return err
	}
	built, err := s.takeAhead(ctx, w, items)
	if built == nil && err == nil {
		built, err = s.compile(ctx, w, items, count)
	}
	if err == nil {
		err = s.makeReady(ctx, built, out)
	}
	for err != nil { // packages with C code may import others that have some only then
		moved, why := s.moveToC(ctx, err, out)
		if !moved || why != nil {
			return why
		}
		built, err = s.compile(ctx, w, items, count)
		if err == nil {
			err = s.makeReady(ctx, built, out)
		}
	}
	u := built.unit
	s.units.Runs(u.Source, count, w.Cell)
	run := worker.Run{ID: u.ID, Entry: entry(u.ID), Cell: count}
	if _, apart := out.(*valueOutput); apart { // the cell has a result of its own
		run.Cell = 0
	}
	if note := built.note + s.changedNote(ctx); note != "" {
		out.Display(display.Notice(strings.TrimSuffix(note, "\n")))
	}
	run.Stop = ctx.Done() // an interrupt ends ctx; the run is stopped by it in its own way
	s.compileAhead(count + 1)
	outcome, err := s.run(built, run, out)
	if err != nil {
		return err
	}
	if after != nil {
		after(outcome)
	}
	if outcome.Waiting != "" { // its goroutine is still there
		s.mu.Lock()
		for d := range built.emission.Mentions.Declarations {
			s.scope.Names.Reach.Beyond[d.Ident] = true
		}
		s.mu.Unlock()
	}
	if x := u.LastExpression(); x != nil && outcome.Result != nil && run.Cell > 0 {
		s.shown(count, u.Info, x)
	}
	return s.failure(outcome)
}

// run has the worker run what is ready, and notes which variables have got their values.
func (s *Session) run(built *compiled, run worker.Run, out display.Output) (worker.Outcome, error) {
	outcome, err := s.process.Run(s.outer, run, out)
	if err != nil {
		return outcome, s.workerFailure(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	built.emission.Settle(outcome.Settled)
	return outcome, nil
}

// entry is the symbol of the function that runs a unit's statements.
func entry(id int) string { return loader.CellPackage + "." + scope.EntryName(id) }

// makeReady makes what was compiled part of the worker and of the session.
func (s *Session) makeReady(ctx context.Context, built *compiled, out display.Output) error {
	if err := s.start(ctx); err != nil { // the worker may have ended meanwhile
		return err
	}
	if err := s.tellDeath(built, out); err != nil {
		return err
	}
	if built.object.Path != "" {
		return s.load(ctx, built, out)
	}
	s.commit(built)
	return nil
}

// load makes a unit's object part of the worker, and then its declarations the
// session's: an object that cannot be loaded, or that ends the process as a package
// in it is initialised, leaves the session as it was.
func (s *Session) load(ctx context.Context, built *compiled, out display.Output) error {
	outcome, err := s.loadObject(ctx, built, out)
	if err != nil {
		return s.workerFailure(err)
	}
	s.builder.Loaded(built.object)
	if outcome.Panic != nil || outcome.Err != "" || outcome.Waiting != "" { // a package is not initialised
		s.mu.Lock()
		for _, d := range built.emission.Declared {
			s.scope.Names.Idents[d.Ident] = true // the worker has its symbol
		}
		s.mu.Unlock()
		return s.failure(outcome)
	}
	s.commit(built)
	return nil
}

// loadObject has the worker load an object. Packages that it turns out to need beside
// those that the compiler asked for are added to it.
func (s *Session) loadObject(ctx context.Context, built *compiled, out display.Output) (worker.Outcome, error) {
	load := func() (worker.Outcome, error) {
		o := built.object
		return s.process.Run(s.outer, worker.Run{ID: built.unit.ID, Path: o.Path, Packages: o.Packages, Names: o.Names, Locals: o.Locals, Stop: ctx.Done()}, out)
	}
	outcome, err := load()
	var failed *worker.LoadError
	if !errors.As(err, &failed) || len(failed.Missing) == 0 {
		return outcome, err
	}
	completed, more := s.builder.Complete(ctx, built.object, failed.Missing)
	if more != nil {
		return outcome, errors.Join(err, more)
	}
	built.object = completed
	return load()
}

// A compiled unit has an object to load, or none where an earlier unit of the
// same code is loaded already.
type compiled struct {
	unit     *probe.Unit // whose code runs
	emission *frontend.Emission
	object   build.Object
	note     string // what the user should know before it runs
}

// compile analyses items, and builds them if no loaded unit does the same.
func (s *Session) compile(ctx context.Context, w *work, items []cell.Item, count int) (*compiled, error) {
	if err := s.fetchImports(ctx, w.Cell, items); err != nil {
		return nil, err
	}
	u, em, err := s.prepare(ctx, w, items, count, false)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	same := s.ran[em.Meaning]
	s.mu.Unlock()
	if same != nil && !em.Defines {
		return &compiled{unit: same, emission: em}, nil
	}
	o, err := s.build(ctx, u, em)
	if err != nil {
		return nil, err
	}
	return &compiled{unit: u, emission: em, object: o, note: em.Note}, nil
}

func (s *Session) build(ctx context.Context, u *probe.Unit, em *frontend.Emission) (build.Object, error) {
	o, err := s.builder.Build(ctx, build.Unit{
		ID: u.ID, Source: []byte(em.Source), Imports: em.Packages, Rename: em.Rename, Embed: em.Embed,
	})
	if err != nil {
		return o, s.buildFailure(u, err)
	}
	s.options.Log.Debug("built", "unit", u.ID, "compile", o.Compile)
	return o, nil
}

// runInternal runs a cell that the kernel wrote. Without a worker there is nothing
// that it could do.
func (s *Session) runInternal(ctx context.Context, w *work, out display.Output) error {
	s.mu.Lock()
	running := s.process != nil
	s.mu.Unlock()
	if !running {
		return nil
	}
	u, em, err := s.prepare(ctx, w, w.Items, 0, true)
	if err != nil {
		return err
	}
	o, err := s.build(ctx, u, em)
	if err != nil {
		return err
	}
	built := &compiled{unit: u, emission: em, object: o}
	if err := s.load(ctx, built, discard{}); err != nil {
		return err
	}
	outcome, err := s.run(built, worker.Run{ID: u.ID, Entry: entry(u.ID), Stop: ctx.Done()}, out)
	if err != nil {
		return err
	}
	return s.failure(outcome)
}

// prepare analyses items and writes the file to compile.
func (s *Session) prepare(ctx context.Context, w *work, items []cell.Item, count int, internal bool) (_ *probe.Unit, _ *frontend.Emission, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer func() { // the live values must outlast a fault of the analysis
		if r := recover(); r != nil {
			s.options.Log.Error("analyse a cell", "panic", r, "stack", string(debug.Stack()))
			err = fmt.Errorf("this cell cannot be analysed, which is a fault of the kernel (everything declared before is still there): %v", r)
		}
	}()
	u := probe.New(s.scope, s.units, w.Cell, items)
	u.Internal = internal
	u.IsProgram = w.isProgram
	u.ID, u.Count = max(s.nextUnit, count), count
	u.File = s.units.NewFile(u.ID, count)
	s.nextUnit = u.ID + 1
	em, err := frontend.Compile(ctx, u)
	return u, em, err
}

// failure tells how a run failed; nil if it did not.
func (s *Session) failure(o worker.Outcome) error {
	return s.units.Failure(wire.Outcome{Error: o.Err, Frames: o.Frames, Panic: o.Panic, Interrupted: o.Interrupted, Waiting: o.Waiting})
}

func (s *Session) buildFailure(u *probe.Unit, err error) error {
	var compile *build.CompileError
	if errors.As(err, &compile) {
		text := scope.Recognisable(strings.ReplaceAll(compile.Output, u.File, fmt.Sprintf("In[%d]", u.Count)))
		return &display.Failure{Name: "CompileError", Value: text, Traceback: []string{text}}
	}
	return fmt.Errorf("build In[%d]: %w", u.Count, err)
}

// commit makes a unit's declarations those of the session, once its code is in the
// worker. A cell that does what an earlier one did has no code of its own, yet what
// it imports and declares is the newest from now on.
func (s *Session) commit(built *compiled) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if built.object.Path != "" {
		s.units.Add(built.unit.Source)
		s.ran[built.emission.Meaning] = built.unit
		s.objects = append(s.objects, object{built.object, built.unit.ID})
	}
	built.emission.Commit(built.unit.File)
}
