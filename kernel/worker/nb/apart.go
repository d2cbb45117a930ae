package nb

import (
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"strings"

	"locuslab/kernel/worker/wire"
)

// Apart is the main function of a program of cells that runs apart from the
// worker, as the race detector wants it. No host is there, so what the cell shows
// is printed, and a failure is written as a wire.Outcome where a worker has its
// control socket.
func Apart(entry func()) {
	Attach(Hooks{
		Show: func(bundle map[string]any) { fmt.Println(bundle["text/plain"]) },
		Panic: func(value string, stack []uintptr) {
			fmt.Fprintln(os.Stderr, "panic in a goroutine:", value)
			for _, f := range Frames(stack, isApart) {
				fmt.Fprintf(os.Stderr, "    %s\n        %s:%d\n", f.Func, f.File, f.Line)
			}
		},
	})
	defer func() {
		v := recover()
		if v == nil {
			return
		}
		// Who should read it is gone if this fails, and then nobody asks.
		_ = json.NewEncoder(os.NewFile(wire.ControlFD, "outcome")).Encode(Failed(v, Frames(Callers(), isApart)))
		os.Exit(2)
	}()
	entry()
}

// isApart tells the functions that run a program of cells.
func isApart(f runtime.Frame) bool {
	return strings.HasSuffix(f.Function, "/nb.Apart") || f.Function == "main.main"
}

// Failed is the outcome of code that ended by the panic v.
func Failed(v any, stack []wire.Frame) *wire.Outcome {
	switch v := v.(type) {
	case Interrupt:
		return &wire.Outcome{Interrupted: true}
	case Failure:
		return &wire.Outcome{Error: PanicText(v), Frames: stack}
	}
	return &wire.Outcome{Panic: &wire.Panic{Value: PanicText(v), Frames: stack}}
}
