package nb

import (
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"

	"locuslab/kernel/worker/wire"
)

// Standalone runs the statements of a standalone program of cells: from
// its main function, or before its tests. No host is there, so what the cell shows
// is printed, and panics and a failure are written as wire.Events where a worker
// has its control socket.
func Standalone(entry func()) {
	if runtime.GOOS == "js" {
		onPage(entry)
		return
	}
	var mu sync.Mutex
	events := json.NewEncoder(os.NewFile(wire.ControlFD, "events"))
	send := func(e wire.Event) {
		mu.Lock()
		defer mu.Unlock()
		_ = events.Encode(e) // who should read it is gone if this fails, and then nobody asks
	}
	Attach(Hooks{
		Show: func(bundle map[string]any) { fmt.Println(bundle["text/plain"]) },
		Panic: func(value string, stack []uintptr, start uintptr) {
			send(wire.Event{Kind: wire.Goroutine, Panic: &wire.Panic{Value: value, Frames: GoroutineFrames(stack, start, isStandalone)}})
		},
	})
	defer func() {
		if v := recover(); v != nil {
			send(wire.Event{Kind: wire.Done, Outcome: Failed(v, Frames(Callers(), isStandalone))})
			os.Exit(2)
		}
	}()
	entry()
}

// onPage is Standalone in a page, where nobody reads events: what ends the program is
// printed, which the page's console shows.
func onPage(entry func()) {
	Attach(Hooks{
		Show:  func(bundle map[string]any) { fmt.Println(bundle["text/plain"]) },
		Panic: func(value string, _ []uintptr, _ uintptr) { fmt.Fprintln(os.Stderr, "panic in a goroutine:", value) },
	})
	defer func() {
		if v := recover(); v != nil {
			fmt.Fprintln(os.Stderr, PanicText(v))
			for _, f := range Frames(Callers(), isStandalone) {
				fmt.Fprintf(os.Stderr, "\t%s:%d\n", f.File, f.Line)
			}
			os.Exit(2)
		}
	}()
	entry()
}

// isStandalone tells the functions that run a program of cells.
func isStandalone(f runtime.Frame) bool {
	return strings.HasSuffix(f.Function, "/nb.Standalone") || f.Function == "main.main" || f.Function == "main.init.0"
}

// Failed is the outcome of code that ended by the panic v.
func Failed(v any, stack []wire.Frame) *wire.Outcome {
	switch v := v.(type) {
	case Interrupt:
		return &wire.Outcome{Interrupted: true, Frames: stack}
	case Failure:
		return &wire.Outcome{Error: PanicText(v), Frames: stack}
	}
	return &wire.Outcome{Panic: &wire.Panic{Value: PanicText(v), Frames: stack}}
}
