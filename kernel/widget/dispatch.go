package widget

import (
	"sync"

	"locuslab/kernel/incell"
)

// calls are the functions that wait to be told of changes.
var calls struct {
	sync.Mutex
	waiting []func()
	running bool
}

// dispatch has f run when no cell does, behind those that were dispatched before.
func dispatch(f func()) {
	calls.Lock()
	defer calls.Unlock()
	calls.waiting = append(calls.waiting, f)
	if !calls.running {
		calls.running = true
		go runCalls()
	}
}

func runCalls() {
	for {
		calls.Lock()
		if len(calls.waiting) == 0 {
			calls.running = false
			calls.Unlock()
			return
		}
		f := calls.waiting[0]
		calls.waiting = calls.waiting[1:]
		calls.Unlock()
		_, done := incell.Start(f)
		<-done
	}
}
