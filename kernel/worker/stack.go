package worker

import (
	"strconv"
	"strings"

	"locuslab/kernel/worker/wire"
)

// startedBy is how the call begins that started a goroutine.
const startedBy = "created by "

// stackFrames reads the text of a goroutine's stack: the calls down to the host,
// the runtime's own left out.
func stackFrames(stack string) []Frame {
	var frames []Frame
	function := ""
	panicked := !strings.Contains("\n"+stack, "\npanic(") // above a panic: who recovered, not who panicked
	for line := range strings.Lines(stack) {
		line = strings.TrimSuffix(line, "\n")
		place, indented := strings.CutPrefix(line, "\t")
		if !indented {
			if strings.HasPrefix(line, startedBy) {
				function, _, _ = strings.Cut(line, " in goroutine ")
			} else if i := strings.LastIndexByte(line, '('); i > 0 {
				function = line[:i]
			}
			continue
		}
		place, _, _ = strings.Cut(place, " ")
		i := strings.LastIndexByte(place, ':')
		if i < 0 {
			continue
		}
		n, err := strconv.Atoi(place[i+1:])
		f := Frame{Func: strings.TrimPrefix(function, startedBy), File: place[:i], Line: n, Starts: strings.HasPrefix(function, startedBy)}
		switch {
		case err != nil:
		case !panicked:
			panicked = f.Func == "panic"
		case f.Func == "panic", strings.HasPrefix(f.Func, "runtime."), strings.HasPrefix(f.Func, "internal/"):
		case wire.IsHost(f.Func):
			return frames
		default:
			frames = append(frames, f)
		}
	}
	return frames
}
