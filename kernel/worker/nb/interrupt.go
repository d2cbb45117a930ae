package nb

import (
	"context"
	"runtime/pprof"
	"strconv"
	"sync"
	"sync/atomic"
	"unsafe"
)

// Each unit polls a flag of its own, one load a loop turn. Which goroutine is
// to stop is decided off that path: a run labels its goroutine for the profiler,
// goroutines inherit the label, and the label's address names the run.

// Interrupt is the panic that ends the goroutines of an interrupted run.
type Interrupt struct{}

func (Interrupt) Error() string { return "interrupted" }

//go:linkname goroutineLabel runtime/pprof.runtime_getProfLabel
func goroutineLabel() unsafe.Pointer

// Execution is one run of a unit, until its goroutine has ended.
type Execution struct {
	unit        int
	label       unsafe.Pointer
	interrupted atomic.Bool
	abandoned   bool
}

var executions = struct {
	sync.Mutex
	flags   map[int]*uint32
	running map[unsafe.Pointer]*Execution
}{flags: map[int]*uint32{}, running: map[unsafe.Pointer]*Execution{}}

// Stop is the address of the flag that unit id polls: not zero asks to call
// Interrupted.
func Stop(id int) *uint32 {
	executions.Lock()
	defer executions.Unlock()
	return stopFlag(id)
}

func stopFlag(id int) *uint32 {
	f := executions.flags[id]
	if f == nil {
		f = new(uint32)
		executions.flags[id] = f
	}
	return f
}

// Interrupted ends the calling goroutine by a panic when it belongs to an
// interrupted run, and returns when it does not.
func Interrupted(id int) {
	label := goroutineLabel()
	executions.Lock()
	e := executions.running[label]
	executions.Unlock()
	if e != nil && e.interrupted.Load() {
		panic(Interrupt{})
	}
}

// Begin makes the calling goroutine the one that runs a unit. Only the host calls it.
func Begin(unit int) *Execution {
	pprof.SetGoroutineLabels(pprof.WithLabels(context.Background(), pprof.Labels("cell", strconv.Itoa(unit))))
	e := &Execution{unit: unit, label: goroutineLabel()}
	executions.Lock()
	defer executions.Unlock()
	executions.running[e.label] = e
	stopFlag(unit)
	return e
}

// Interrupt asks all goroutines of the run to end. A function of an earlier
// unit may be what loops, so every unit's flag is raised.
func (e *Execution) Interrupt() {
	e.interrupted.Store(true)
	executions.Lock()
	defer executions.Unlock()
	for _, f := range executions.flags {
		atomic.StoreUint32(f, 1)
	}
}

// Interrupted reports whether Interrupt was called.
func (e *Execution) Interrupted() bool { return e.interrupted.Load() }

// Abandon lets the flags down for everything but the run's own unit, which ends
// itself when it wakes.
func (e *Execution) Abandon() {
	executions.Lock()
	defer executions.Unlock()
	e.abandoned = true
	lower()
}

// End forgets the run: its goroutine has ended.
func (e *Execution) End() {
	executions.Lock()
	defer executions.Unlock()
	delete(executions.running, e.label)
	lower()
}

// lower clears every flag that no abandoned or interrupted run still needs.
func lower() {
	keep := map[int]bool{}
	for _, e := range executions.running {
		if e.interrupted.Load() && !e.abandoned {
			return
		}
		if e.abandoned {
			keep[e.unit] = true
		}
	}
	for id, f := range executions.flags {
		if !keep[id] {
			atomic.StoreUint32(f, 0)
		}
	}
}
