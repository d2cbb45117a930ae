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
	"locuslab/kernel/session/scope"
	"locuslab/kernel/worker/wire"
)

// RunTests implements magic.Host.
func (h host) RunTests(ctx context.Context, code string, flags []string) (passed bool, err error) {
	_, run, err := h.runApart(ctx, code, build.Program{Test: true, Args: flags})
	if err != nil {
		return false, err
	}
	if run.failed != nil {
		return false, run.failed
	}
	return run.exit == nil, nil
}

// apartRun is what a program of a cell did.
type apartRun struct {
	reports string // the race detector's
	failed  error  // of the cell's code: a panic, or an error that it returned
	exit    error  // of the program
}

// runApart compiles a cell apart and runs it, as how says.
func (h host) runApart(ctx context.Context, code string, how build.Program) (*apart, apartRun, error) {
	program, err := h.compileApart(ctx, code, h.count)
	if err != nil {
		return nil, apartRun{}, err
	}
	if len(program.variables) > 0 {
		h.out.Display(display.Notice("note: the cell runs apart from the live values; declared anew there: " + strings.Join(program.variables, ", ")))
	}
	stdout, stderr := display.Writers(h.out)
	how.Dir, how.Env, how.Stdout, how.Stderr = h.Dir(), h.Environ(), stdout, stderr
	run, err := h.workspace.RunApart(ctx, []byte(program.program(how.Test)), how)
	var compile *build.CompileError
	if errors.As(err, &compile) {
		err = &display.Failure{Name: "CompileError", Value: compile.Output, Traceback: []string{scope.Recognisable(compile.Output)}}
	}
	var without *build.NoCompilerError
	if errors.As(err, &without) {
		err = &display.Failure{Name: "UsageError", Value: err.Error()}
	}
	return program, apartRun{run.Reports, program.told(run.Events, h.out), run.Exit}, err
}

// told shows the panics that the program told of, and returns its failure.
func (a *apart) told(events []byte, out display.Output) error {
	for d := json.NewDecoder(bytes.NewReader(events)); ; {
		var e wire.Event
		if d.Decode(&e) != nil { // its end, or that of a program that was killed
			return nil
		}
		switch {
		case e.Kind == wire.Goroutine && e.Panic != nil:
			out.Write(display.Stderr, a.units.GoroutinePanic(e.Panic))
		case e.Kind == wire.Done && e.Outcome != nil:
			return a.units.Failure(*e.Outcome)
		}
	}
}

// failure tells how the program ended, if it did not end well.
func (r apartRun) failure() error {
	if r.failed != nil {
		return r.failed
	}
	var exit *exec.ExitError
	if errors.As(r.exit, &exit) {
		return &display.Failure{Name: "Exit", Value: "the program ended with " + exit.ProcessState.String()}
	}
	return nil
}
