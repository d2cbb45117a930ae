package nb

import (
	"fmt"
	"reflect"
	"runtime"
)

// Guard is deferred first in each goroutine that a cell starts. It reports a
// panic and lets the goroutine end alone, where Go would end the process.
func Guard() { report(recover(), 0) }

// report tells of what a goroutine panicked with, if it did, and returns it as an error.
// start is the call that started the goroutine where the stack does not show it.
func report(v any, start uintptr) error {
	switch v := v.(type) {
	case nil:
		return nil
	case Interrupt:
		return v
	}
	if hooks.Panic != nil {
		hooks.Panic(PanicText(v), Callers(), start)
	}
	if err, ok := v.(error); ok {
		return fmt.Errorf("panic: %w", err)
	}
	return fmt.Errorf("panic: %s", PanicText(v))
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

// GoErr is Go for an errgroup.Group. A panic is the error that the group's Wait
// returns, unless there is one already; an interrupt too, as the work is not done.
//
//go:noinline
func GoErr(start func(func() error), f func() error) {
	start(func() (err error) {
		defer func() {
			if p := report(recover(), 0); p != nil {
				err = p
			}
		}()
		return f()
	})
}

// Guarded returns f with a Guard, for a goroutine that is started with it; it has
// the type of f. A function that takes nothing and returns nothing is called as
// directly as before, another one through package reflect, which costs about a
// microsecond.
func Guarded[F any](f F) F {
	v := reflect.ValueOf(f)
	if v.Kind() != reflect.Func || v.IsNil() {
		return f // starting it tells what is wrong
	}
	var start [1]uintptr
	runtime.Callers(2, start[:])
	guard := func() { report(recover(), start[0]) }
	if plain, ok := any(f).(func()); ok {
		return any(func() {
			defer guard()
			plain()
		}).(F)
	}
	t := v.Type()
	call := v.Call
	if t.IsVariadic() {
		call = v.CallSlice
	}
	return reflect.MakeFunc(t, func(args []reflect.Value) (results []reflect.Value) {
		for i := range t.NumOut() { // for a call that panics
			results = append(results, reflect.Zero(t.Out(i)))
		}
		defer guard()
		return call(args)
	}).Interface().(F)
}

// Close is close in a goroutine of its own. c is a channel.
func Close(c any) {
	defer Guard()
	reflect.ValueOf(c).Close()
}

// Panic is panic in a goroutine of its own.
func Panic(v any) {
	defer Guard()
	panic(v)
}
