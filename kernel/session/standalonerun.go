package session

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os/exec"
	"strings"

	"locuslab/kernel/build"
	"locuslab/kernel/display"
	"locuslab/kernel/magic"
	"locuslab/kernel/session/report"
	"locuslab/kernel/session/scope"
	"locuslab/kernel/session/standalone"
	"locuslab/kernel/worker/wire"
)

// RunTests implements magic.Host.
func (h host) RunTests(ctx context.Context, code string, flags []string) (passed bool, err error) {
	_, run, err := h.runStandalone(ctx, code, build.Program{Test: true, Args: flags})
	if err != nil {
		return false, err
	}
	if run.failed != nil {
		return false, run.failed
	}
	return run.exit == nil, nil
}

// compileStandalone makes a cell a program of its own. It is checked as it stands first,
// so that its faults are told as those of any cell.
func (s *Session) compileStandalone(ctx context.Context, code string, count int) (*standalone.Program, error) {
	w := takeApart(code)
	if err := s.splitFailure(w.Cell, count); err != nil {
		return nil, err
	}
	for _, seg := range w.segments {
		if seg.line != nil {
			return nil, &magic.UsageError{Message: "a cell that is compiled as a standalone program can have no other magic: " + seg.line.Text}
		}
	}
	if len(w.segments) == 0 {
		return nil, &magic.UsageError{Message: "there is no Go code in the cell"}
	}
	_, em, err := s.prepare(ctx, w, w.segments[0].items, count, false)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return standalone.New(ctx, em, s.workspace.StandaloneRuntimePath())
}

// standaloneRun is what a program of a cell did.
type standaloneRun struct {
	reports string // the race detector's
	failed  error  // of the cell's code: a panic, or an error that it returned
	exit    error  // of the program
}

// runStandalone compiles a cell to a program of its own and runs it, as how says.
func (h host) runStandalone(ctx context.Context, code string, how build.Program) (*standalone.Program, standaloneRun, error) {
	program, err := h.compileStandalone(ctx, code, h.count)
	if err != nil {
		return nil, standaloneRun{}, err
	}
	h.noteVariables(program)
	stdout, stderr := display.Writers(h.out)
	how.Dir, how.Env, how.Stdout, how.Stderr = h.Dir(), h.Environ(), stdout, stderr
	run, err := h.workspace.RunStandalone(ctx, []byte(program.Source(how.Test)), how)
	stdout.Flush()
	stderr.Flush()
	return program, standaloneRun{run.Reports, told(program.Sources, run.Events, h.out), run.Exit}, standaloneFailure(err)
}

// told shows the panics that a program told of, and returns its failure.
func told(units *report.Sources, events []byte, out display.Output) error {
	for d := json.NewDecoder(bytes.NewReader(events)); ; {
		var e wire.Event
		if d.Decode(&e) != nil { // its end, or that of a program that was killed
			return nil
		}
		switch {
		case e.Kind == wire.Goroutine && e.Panic != nil:
			out.Write(display.Stderr, units.GoroutinePanic(e.Panic))
		case e.Kind == wire.Done && e.Outcome != nil:
			return units.Failure(*e.Outcome)
		}
	}
}

// failure tells how the program ended, if it did not end well.
func (r standaloneRun) failure() error {
	if r.failed != nil {
		return r.failed
	}
	var exit *exec.ExitError
	if errors.As(r.exit, &exit) {
		return &display.Failure{Name: "Exit", Value: "the program ended with " + exit.ProcessState.String()}
	}
	return nil
}

// noteVariables tells which variables a program of its own makes anew.
func (h host) noteVariables(program *standalone.Program) {
	if len(program.Variables) > 0 {
		h.out.Display(display.Notice("note: the cell runs as a standalone program, without the live values; initialised again there: " + strings.Join(program.Variables, ", ")))
	}
}

// standaloneFailure tells what kept a program of its own from being built.
func standaloneFailure(err error) error {
	var compile *build.CompileError
	if errors.As(err, &compile) {
		return &display.Failure{Name: "CompileError", Value: compile.Output, Traceback: []string{scope.Recognisable(compile.Output)}}
	}
	var without *build.NoCompilerError
	if errors.As(err, &without) {
		return &display.Failure{Name: "UsageError", Value: err.Error()}
	}
	return err
}
