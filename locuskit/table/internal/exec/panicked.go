package exec

import (
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
)

// panicked takes a panic of a caller's function from the goroutine that it happened
// on to the caller's, who can recover there as from the sequential form. On its own
// goroutine it would end the program.
type panicked struct{ first atomic.Pointer[callbackPanic] }

// callbackPanic is what the caller sees. It says where, since the stack that it is
// raised on tells only who waited.
type callbackPanic struct {
	value any
	where string
}

func (p *callbackPanic) Error() string {
	if p.where == "" {
		return fmt.Sprint(p.value)
	}
	return fmt.Sprintf("%v (at %s)", p.value, p.where)
}

// Unwrap returns the value, where that is an error.
func (p *callbackPanic) Unwrap() error {
	err, _ := p.value.(error)
	return err
}

// catch is to be deferred by each goroutine.
func (p *panicked) catch() {
	if r := recover(); r != nil {
		p.first.CompareAndSwap(nil, &callbackPanic{r, callbackLine()})
	}
}

func (p *panicked) happened() bool { return p.first.Load() != nil }

// again raises the first panic once all goroutines have ended.
func (p *panicked) again() {
	if c := p.first.Load(); c != nil {
		panic(c)
	}
}

// callbackLine returns the innermost line of a panicking goroutine that is neither the
// runtime's nor this package's.
func callbackLine() string {
	pcs := make([]uintptr, 64)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(3, pcs)])
	for {
		f, more := frames.Next()
		if f.File != "" && !strings.HasPrefix(f.Function, "runtime.") && !strings.HasPrefix(f.Function, "locuslab/locuskit/table.") && !strings.HasPrefix(f.Function, "locuslab/locuskit/table/internal/") {
			return fmt.Sprintf("%s:%d", filepath.Base(f.File), f.Line)
		}
		if !more {
			return ""
		}
	}
}
