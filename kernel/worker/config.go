// Package worker is the kernel's end of a worker process: it starts one, has it load
// and run compiled cells, passes on what it prints and shows, stops it, and reports
// how it died.
//
// The other end is built from the sources in host, loader, nb, show and wire, once for each
// Go release; packages that cells import are loaded into it. This package must not know
// what a cell means, nor how an object was made.
package worker

import (
	"fmt"
	"log/slog"
	"syscall"
	"time"

	"locuslab/kernel/comm"
	"locuslab/kernel/display"
	"locuslab/kernel/gonbcomm"
	"locuslab/kernel/worker/wire"
)

// Config says which worker to start.
type Config struct {
	Exe string   // what build's WorkerExe returned
	Dir string   // working directory
	Env []string // nil means the kernel's own
	Log *slog.Logger
	// Goroutine writes what the user reads when a goroutine that a cell started
	// panics; nil for the bare stack. It is called by a goroutine of the Process
	// and must not wait for one.
	Goroutine func(*Panic) string
	// Ended writes what the user reads when the process ends while nothing runs in
	// it; nil for nothing. It must not wait for the Process either.
	Ended func(*Died) string
	// Comms are those that the code in the worker can have; nil for none. Gonb is the
	// one of package gonbui.
	Comms *comm.Router
	Gonb  *gonbcomm.Bridge
}

// Run is one call into the worker.
type Run struct {
	ID   int // of the unit
	Cell int // the number of the cell, whose result is kept by it; 0 keeps none
	// Path is an object to load: nothing of it runs but initialisers, and Entry is not
	// called. Packages and Names go with it; see wire.Load.
	Path            string
	Packages, Names map[string]string
	Locals          map[int]string // so does this
	// Stop, when closed, interrupts the run as Interrupt does, also when it was
	// closed before the run began; nil for never.
	Stop  <-chan struct{}
	Entry string // symbol of a func() of what is loaded, for example main.Cell_3
}

// Outcome is how a run ended that did not take the worker with it.
type Outcome struct {
	Wall, User, Sys time.Duration   // of the code alone, not of loading it
	Loaded          bool            // the object is part of the worker now
	Result          *display.Bundle // the last expression, already given to Output.Result
	Err             string          // the error of a last expression (T, error)
	Frames          []Frame         // where Err was met, or the interrupt
	Panic           *Panic
	Interrupted     bool
	Settled         uint64 // a bit for each statement that declares variables: it has run
	Waiting         string // what an interrupted run still waits for, in the runtime's words
}

// Panic is a panic that reached the top of its goroutine.
type Panic = wire.Panic

// Frame is one call of a panic's stack, innermost first.
type Frame = wire.Frame

// LoadError says that an object could not become part of the worker; nothing of
// it ran and the worker is as before.
type LoadError struct {
	Path, Reason string
	Missing      []string // packages that it needs and Run.Packages does not name
	Linked       string   // a package that it needs and that only a linker can bring in
}

func (e *LoadError) Error() string { return "the worker could not load the cell: " + e.Reason }

// Died says that the worker process is gone, and with it every live value.
type Died struct {
	ExitCode int            // -1 when a signal ended it
	Signal   syscall.Signal // 0 when it exited
	Stderr   string         // the end of what it wrote to standard error
	Reason   string         // the runtime's words for a fatal error; empty for none
	Frames   []Frame        // where it happened, innermost first
	Killed   bool           // by a second interrupt or Close
}

func (e *Died) Error() string {
	reason := ""
	if e.Reason != "" {
		reason = ": " + e.Reason
	}
	switch {
	case e.Killed:
		return "the worker was stopped"
	case e.Signal != 0:
		return fmt.Sprintf("the worker was ended by signal %d (%v)%s", int(e.Signal), e.Signal, reason)
	default:
		return fmt.Sprintf("the worker exited with status %d%s", e.ExitCode, reason)
	}
}
