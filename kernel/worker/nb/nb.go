// Package nb is what the code of a notebook's cells calls: to show a value, to
// fail on an error, to survive a panic in a goroutine, and to stop when the
// user interrupts.
//
// It is built into the worker process, so all cells and the host share the one
// instance. It may import the standard library, show and wire only: whatever it
// imports, every worker holds.
package nb

import (
	"fmt"
	"reflect"
	"strings"

	"locuslab/kernel/worker/show"
)

// Hooks is what the host of the cells gives to this package before any cell runs.
type Hooks struct {
	Show func(bundle map[string]any) // the last expression's value, by MIME type
	Cell func() int                  // the number of the cell that runs; 0 for code of the kernel's
	// Panic tells of a panic in a goroutine that a cell started; start is the call
	// that started it, or 0.
	Panic func(value string, stack []uintptr, start uintptr)
}

var hooks Hooks

// Attach connects the host. Only the host calls it, once, before any cell runs.
func Attach(h Hooks) { hooks = h }

// Failure is the panic by which Check ends a cell.
type Failure struct{ Err error }

// Show presents the values of a cell's last expression as the cell's result.
func Show(vals ...any) {
	if hooks.Show == nil || len(vals) == 0 {
		return
	}
	if len(vals) == 1 {
		keep(vals[0])
		hooks.Show(show.Bundle(Upgrade(vals[0])))
		return
	}
	texts := make([]string, len(vals))
	for i, v := range vals {
		texts[i] = show.Text(Upgrade(v))
	}
	hooks.Show(map[string]any{show.Plain: strings.Join(texts, " ")})
}

// Check fails the cell with err, unless err is nil.
func Check(err error) {
	if err != nil {
		panic(Failure{err})
	}
}

// PanicText is a panic's value as Go itself would print it, with the type of a
// value that is neither an error nor basic.
func PanicText(v any) string {
	switch v := v.(type) {
	case Failure:
		return show.Text(v.Err)
	case error, fmt.Stringer, string:
		return show.Text(v)
	}
	switch reflect.ValueOf(v).Kind() {
	case reflect.Struct, reflect.Map, reflect.Slice, reflect.Array, reflect.Pointer, reflect.Func, reflect.Chan:
		return fmt.Sprintf("(%T) %s", v, show.Text(v))
	}
	return show.Text(v)
}
