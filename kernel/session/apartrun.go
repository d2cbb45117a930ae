package session

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"strings"

	"locuslab/kernel/build"
	"locuslab/kernel/display"
	"locuslab/kernel/worker"
	"locuslab/kernel/worker/wire"
)

// RunApart implements magic.Host.
func (h host) RunApart(ctx context.Context, code string) (ok bool, err error) {
	program, run, err := h.runApart(ctx, code, false)
	if err != nil {
		return false, err
	}
	if len(run.Outcome) > 0 {
		return false, program.failure(run)
	}
	return run.Exit == nil, nil
}

// runApart compiles a cell apart and runs it.
func (h host) runApart(ctx context.Context, code string, race bool) (*apart, build.ApartRun, error) {
	program, err := h.compileApart(ctx, code, h.count)
	if err != nil {
		return nil, build.ApartRun{}, err
	}
	if len(program.variables) > 0 {
		h.out.Write(display.Stderr, fmt.Sprintf("note: the cell runs apart from the live values; declared anew there: %s\n", strings.Join(program.variables, ", ")))
	}
	stdout, stderr := display.Writers(h.out)
	run, err := h.workspace.RunApart(ctx, []byte(program.source), build.Program{
		Race: race, Dir: h.Dir(), Env: h.Environ(),
		Stdout: stdout, Stderr: stderr,
	})
	var compile *build.CompileError
	if errors.As(err, &compile) {
		err = &Failure{Name: "CompileError", Value: compile.Output, Traceback: []string{recognisable(compile.Output)}}
	}
	return program, run, err
}

// failure tells how the program ended, if it did not end well.
func (a *apart) failure(run build.ApartRun) error {
	var o wire.Outcome
	if len(run.Outcome) > 0 && json.Unmarshal(run.Outcome, &o) == nil {
		return a.units.failure(worker.Outcome{Err: o.Error, ErrFrames: o.Frames, Panic: panicOf(o.Panic)})
	}
	var exit *exec.ExitError
	if errors.As(run.Exit, &exit) {
		return &Failure{Name: "Exit", Value: "the program ended with " + exit.ProcessState.String()}
	}
	return nil
}

func panicOf(p *wire.Panic) *worker.Panic {
	if p == nil {
		return nil
	}
	return &worker.Panic{Value: p.Value, Frames: p.Frames}
}
