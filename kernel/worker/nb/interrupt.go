package nb

import (
	"context"
	"runtime/pprof"
	"slices"
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

// Execution is one run of a unit, until its goroutine has ended. One that waits when it
// is interrupted may do so for ever; it ends when it wakes.
type Execution struct {
	label       unsafe.Pointer
	interrupted atomic.Bool
}

var executions = struct {
	sync.Mutex
	flags   map[int]*uint32
	running map[*Execution]bool
}{flags: map[int]*uint32{}, running: map[*Execution]bool{}}

// stopped are the labels of the runs that are to end. While there are some, all loops
// ask for them, so it has no lock.
var stopped atomic.Pointer[[]unsafe.Pointer]

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
func Interrupted(int) {
	if list := stopped.Load(); list != nil && slices.Contains(*list, goroutineLabel()) {
		panic(Interrupt{})
	}
}

// Begin makes the calling goroutine the one that runs a unit. Only the host calls it.
func Begin(unit int) *Execution {
	pprof.SetGoroutineLabels(pprof.WithLabels(context.Background(), pprof.Labels("cell", strconv.Itoa(unit))))
	e := &Execution{label: goroutineLabel()}
	executions.Lock()
	defer executions.Unlock()
	executions.running[e] = true
	stopFlag(unit)
	return e
}

// Interrupt asks all goroutines of the run to end. A function of an earlier
// unit may be what loops, so every unit's flag is raised.
func (e *Execution) Interrupt() {
	e.interrupted.Store(true)
	executions.Lock()
	defer executions.Unlock()
	noteStopped()
	for _, f := range executions.flags {
		atomic.StoreUint32(f, 1)
	}
}

// Interrupted reports whether Interrupt was called.
func (e *Execution) Interrupted() bool { return e.interrupted.Load() }

// End forgets the run: its goroutine has ended.
func (e *Execution) End() {
	executions.Lock()
	defer executions.Unlock()
	delete(executions.running, e)
	if e.Interrupted() && !noteStopped() {
		for _, f := range executions.flags {
			atomic.StoreUint32(f, 0)
		}
	}
}

// noteStopped lists the runs that are to end, and reports whether there is one.
func noteStopped() bool {
	var list []unsafe.Pointer
	for e := range executions.running {
		if e.Interrupted() {
			list = append(list, e.label)
		}
	}
	stopped.Store(&list)
	return len(list) > 0
}
