package nb

// Guard is deferred first in each goroutine that a cell starts. It reports a
// panic and lets the goroutine end alone, where Go would end the process.
func Guard() {
	v := recover()
	if v == nil {
		return
	}
	if _, ok := v.(Interrupt); ok {
		return
	}
	if hooks.Panic != nil {
		hooks.Panic(PanicText(v), Callers())
	}
}

// Go starts a goroutine by start, the Go of a sync.WaitGroup, with a Guard around
// f. Not inlined, it is a call of its own to the race detector, which else does
// not know the line that started the goroutine: it looks at no code of package sync.
//
//go:noinline
func Go(start func(func()), f func()) {
	start(func() {
		defer Guard()
		f()
	})
}

// GoErr is Go for an errgroup.Group.
//
//go:noinline
func GoErr(start func(func() error), f func() error) {
	start(func() error {
		defer Guard()
		return f()
	})
}

// Guarded is f with a Guard, for a library that starts a goroutine for it later.
func Guarded(f func()) func() {
	if f == nil {
		return nil
	}
	return func() {
		defer Guard()
		f()
	}
}
