package session

import (
	"errors"
	"fmt"
	"go/types"
	"os"
	"strings"
	"syscall"

	"locuslab/kernel/display"
	"locuslab/kernel/session/report"
	"locuslab/kernel/worker"
)

// workerFailure tells of a run that the worker did not answer, or would not begin.
func (s *Session) workerFailure(err error) error {
	var died *worker.Died
	var load *worker.LoadError
	switch {
	case errors.As(err, &died):
		s.mu.Lock()
		_ = s.stop() // it has ended already
		s.mu.Unlock()
		return s.diedFailure(died)
	case errors.As(err, &load):
		return &display.Failure{Name: "LoadError", Value: "the cell was compiled but could not be loaded: " + load.Reason + loadHint(load.Reason), Cause: err}
	}
	return err
}

// loadHint is what to do about an object that could not be loaded.
func loadHint(reason string) string {
	switch {
	case strings.Contains(reason, "failed to map segment"):
		return fmt.Sprintf("\nEither %s forbids running programs (then restart the kernel with TMPDIR set to another folder), or memory has run out.", os.TempDir())
	case strings.Contains(reason, "No such file"):
		return "\nThe kernel's temporary folder has been removed: %reset forgets what was declared, then run the cells again."
	}
	return ""
}

// tellDeath tells of a worker that ended since the last cell, and of values that the cell would
// use and that are lost: it fails. Another one runs.
func (s *Session) tellDeath(built *compiled, out display.Output) error {
	s.mu.Lock()
	died := s.untold
	s.untold = nil
	lost := built.emission.Lost()
	s.mu.Unlock()
	switch {
	case died == nil:
		return lost
	case lost != nil:
		return s.diedFailure(died)
	}
	out.Display(display.Notice("note: the Go process of this notebook ended after the last cell (" + died.Error() + "); this cell runs in a new one. " + s.lostValues()))
	return nil
}

// diedIdle is what the user reads at once when the worker ends between two cells.
// It is no traceback, and so has no colours.
func (s *Session) diedIdle(died *worker.Died) string {
	return display.Plain(strings.Join(s.diedFailure(died).Traceback, "\n"))
}

// diedFailure tells that the worker has ended, where, and what was lost with it.
func (s *Session) diedFailure(died *worker.Died) *display.Failure {
	f := &display.Failure{Name: "WorkerDied", Value: died.Error()}
	f.Traceback = append(f.Traceback, report.Bold+report.Red+"The Go process of this notebook has ended"+report.Normal+": "+f.Value)
	if why := diedBecause(died); why != "" {
		f.Traceback = append(f.Traceback, why)
	}
	f.Traceback = append(f.Traceback, s.units.Frames(died.Frames)...)
	f.Traceback = append(f.Traceback, s.lostValues()+" Types, functions and imports are still there. The next cell starts a new process.")
	return f
}

// diedBecause explains an end that the system's words leave open.
func diedBecause(died *worker.Died) string {
	switch {
	case died.Killed:
		return ""
	case strings.Contains(died.Reason, "out of memory"), strings.Contains(died.Reason, "cannot allocate memory"):
		return "The cells wanted more memory than this machine has, or than a limit allows (a container's, or ulimit -v)."
	case died.Signal == syscall.SIGKILL:
		return "Something outside of the notebook killed it. The system does so when memory runs out."
	}
	return ""
}

// lostValues names the variables whose values went with the worker.
func (s *Session) lostValues() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var lost []string
	for _, d := range s.scope.Names.Sorted() {
		if _, ok := d.Object.(*types.Var); ok {
			lost = append(lost, d.Name)
		}
	}
	if len(lost) == 0 {
		return "No variable was declared yet."
	}
	return "These variables have lost their values, and a cell that uses one fails until it is declared again: " + strings.Join(lost, ", ") + "."
}
