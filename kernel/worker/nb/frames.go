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
// cells.
func Frames(stack []uintptr, runner func(runtime.Frame) bool) []wire.Frame {
	var all []wire.Frame
	panicked := false
	iter := runtime.CallersFrames(stack)
	for {
		f, more := iter.Next()
		if panicked && runner(f) {
			break
		}
		if f.Function == "runtime.gopanic" {
			all, panicked = nil, true // above it: who recovered, not who panicked
		} else if f.Function != "" {
			all = append(all, wire.Frame{Func: f.Function, File: f.File, Line: f.Line})
		}
		if !more {
			break
		}
	}
	first := 0
	for first < len(all) && (strings.HasPrefix(all[first].Func, "runtime.") || strings.HasSuffix(all[first].Func, "/nb.Check")) {
		first++
	}
	for len(all) > first && (all[len(all)-1].Func == "runtime.goexit") {
		all = all[:len(all)-1]
	}
	return all[first:]
}
