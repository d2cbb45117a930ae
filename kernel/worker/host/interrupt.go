package host

import (
	"bytes"
	"runtime"
	"strings"
	"time"

	"locuslab/kernel/worker/wire"
)

// patience is how long a cell has to reach a poll before its goroutine is looked at.
const patience = 300 * time.Millisecond

// interrupt stops the run. A cell polls, so mostly it ends at once. When its
// goroutine is parked (in a channel, a lock, a read, a sleep) it is left alone,
// to end itself when it wakes, and the run counts as over; when it is busy in
// code that does not poll, the kernel is told which.
func (r *run) interrupt() {
	r.mu.Lock()
	execution, header := r.execution, r.goroutine
	r.stopped = true
	r.mu.Unlock()
	if execution == nil { // still loading, or behind a callback: execute looks at stopped
		r.host.interruptBeside()
		select {
		case <-r.done:
		case <-time.After(patience):
			r.host.send(wire.Event{Kind: wire.Busy, Seq: r.command.Seq, Function: "the initialisation of a package, or a callback,"})
		}
		return
	}
	execution.Interrupt()
	told := false
	for {
		select {
		case <-r.done:
			return
		case <-time.After(patience):
		}
		state, stack := inspect(header)
		switch {
		case state == "":
			continue // it has just ended
		case parked(state):
			r.finish(&wire.Outcome{Loaded: true, Interrupted: true, Waiting: state, Stack: stack})
			return
		case !told:
			told = true
			r.host.send(wire.Event{Kind: wire.Busy, Seq: r.command.Seq, Function: innermost(stack)})
		}
	}
}

// goroutineHeader is how the dump of the calling goroutine begins: "goroutine 17 [".
func goroutineHeader() string {
	buf := make([]byte, 64)
	head, _, _ := bytes.Cut(buf[:runtime.Stack(buf, false)], []byte("["))
	return string(head) + "["
}

// inspect is the state of a goroutine and the text of its stack; both are empty
// when it has ended.
func inspect(header string) (state, stack string) {
	_, rest, ok := strings.Cut("\n\n"+goroutines(), "\n\n"+header)
	if !ok {
		return "", ""
	}
	rest, _, _ = strings.Cut(rest, "\n\n")
	head, stack, _ := strings.Cut(rest, "\n")
	state, _, _ = strings.Cut(head, "]")
	state, _, _ = strings.Cut(state, ",") // chan receive, 2 minutes
	return state, stack
}

// goroutines is the dump of all goroutines, many as they may be.
func goroutines() string {
	for size := 1 << 20; ; size *= 4 {
		buf := make([]byte, size)
		if n := runtime.Stack(buf, true); n < size {
			return string(buf[:n])
		}
	}
}

// innermost is the function at the top of a stack, the runtime's own left out.
func innermost(stack string) string {
	for line := range strings.Lines(stack) {
		if strings.HasPrefix(line, "\t") || strings.HasPrefix(line, "runtime.") {
			continue
		}
		if i := strings.LastIndexByte(line, '('); i > 0 {
			line = line[:i]
		}
		return strings.TrimSpace(line)
	}
	return ""
}

// parked reports whether a goroutine in this state waits for something.
func parked(state string) bool {
	switch state {
	case "running", "runnable", "preempted", "copystack", "GC assist wait", "GC assist marking", "GC worker (idle)":
		return false
	}
	return true
}
