package nb

import (
	"runtime"
	"strings"

	"locuslab/kernel/worker/wire"
)

// Callers is the stack of the running goroutine, from the caller of Callers outwards.
func Callers() []uintptr {
	pcs := make([]uintptr, 256)
	return pcs[:runtime.Callers(3, pcs)]
}

// Frames are the calls below a panic, down to the first of the code that runs the
// cells. The runtime's own are left out.
func Frames(stack []uintptr, runner func(runtime.Frame) bool) []wire.Frame {
	var all []wire.Frame
	panicked := false
	iter := runtime.CallersFrames(stack)
	for {
		f, more := iter.Next()
		if panicked && runner(f) {
			break
		}
		switch {
		case f.Function == "runtime.gopanic" && !panicked:
			all, panicked = nil, true // above it: who recovered, not who panicked
		case f.Function != "" && !strings.HasPrefix(f.Function, "runtime.") && !strings.HasPrefix(f.Function, "internal/runtime/"):
			all = append(all, wire.Frame{Func: f.Function, File: f.File, Line: f.Line})
		}
		if !more {
			break
		}
	}
	return all
}
