package widget

import (
	"context"
	"fmt"
	"os"
	"reflect"
	"strconv"
	"sync"
	"time"

	"locuslab/kernel/incell"
)

// runEvery is how often a function runs at the most while a slider is dragged.
const runEvery = 40 * time.Millisecond

// An Interaction is a function with a control for each of its parameters, and what it
// returned last.
type Interaction struct {
	*BoxWidget
	call     reflect.Value
	context  bool // is the first parameter
	controls []parameter
	output   *OutputWidget

	changed chan struct{} // holds one signal: something has changed

	mu      sync.Mutex
	version int    // counts changes
	cancel  func() // ends the run that is going on; nil for none
}

// Names are those of a function's parameters, which Interact cannot see. The kernel adds
// them to the call in a cell.
type Names []string

// Interact runs f now and again whenever the user changes a value, and shows what it
// prints and returns. f takes numbers, strings and truth values, each of which gets a
// control, and before them a context, if it likes; it returns nothing, a value, or a
// value and an error:
//
//	widget.Interact(func(workers int, kind string) any { … })
//
// Controls for the parameters may be given: those that bear the name of one, or, where
// they have no description, one after another. Without one an int has a slider from 0 to
// 10, a float64 from 0 to 1, a bool a check box and a string a line of text.
//
// The function runs with the newest values only, at most every 40 ms, and when a newer
// value comes the run that is going on is cancelled: its context ends, and loops of code
// in cells are stopped as by an interrupt. Where it waits for something without looking
// at its context, the next run has to wait for it, too.
func Interact(f any, given ...any) *Interaction {
	i := &Interaction{call: reflect.ValueOf(f), output: Output(), changed: make(chan struct{}, 1)}
	if i.call.Kind() != reflect.Func || i.call.IsNil() {
		panic(fmt.Sprintf("widget.Interact: %T is no function", f))
	}
	t := i.call.Type()
	if t.IsVariadic() || t.NumOut() > 2 || t.NumOut() == 2 && t.Out(1) != reflect.TypeFor[error]() {
		panic(fmt.Sprintf("widget.Interact: %v is to return nothing, a value, or a value and an error, and take a fixed number of parameters", t))
	}
	i.context = t.NumIn() > 0 && t.In(0) == reflect.TypeFor[context.Context]()
	i.makeControls(given)
	children := make([]Widget, 0, len(i.controls)+1)
	for _, c := range i.controls {
		children = append(children, c)
	}
	i.BoxWidget = VBox(append(children, i.output)...)
	i.run(context.Background())
	for _, c := range i.controls {
		c.onChangeAtOnce(i.note)
	}
	if incell.Running() {
		go i.follow()
	}
	return i
}

// makeControls finds or makes a control for each parameter.
func (i *Interaction) makeControls(given []any) {
	var names Names
	var free []parameter
	named := map[string]parameter{}
	for _, g := range given {
		switch g := g.(type) {
		case Names:
			names = g
		case parameter:
			if g.label() != "" {
				named[g.label()] = g
			} else {
				free = append(free, g)
			}
		default:
			panic(fmt.Sprintf("widget.Interact: %T is no control", g))
		}
	}
	t := i.call.Type()
	for n := range t.NumIn() {
		if n == 0 && i.context {
			continue
		}
		name := "parameter " + strconv.Itoa(n+1)
		if n < len(names) && names[n] != "" && names[n] != "_" {
			name = names[n]
		}
		var c parameter
		switch {
		case named[name] != nil:
			c = named[name]
			delete(named, name)
		case len(free) > 0:
			c, free = free[0], free[1:]
		default:
			c = controlFor(name, t.In(n))
		}
		if have := reflect.TypeOf(c.current()); !have.ConvertibleTo(t.In(n)) || (have.Kind() == reflect.String) != (t.In(n).Kind() == reflect.String) {
			panic(fmt.Sprintf("widget.Interact: a control of %v for %s, which is a %v", have, name, t.In(n)))
		}
		i.controls = append(i.controls, c)
	}
	for name := range named {
		panic(fmt.Sprintf("widget.Interact: no parameter is called %s", name))
	}
}

func controlFor(name string, t reflect.Type) parameter {
	switch t.Kind() {
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64, reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return IntSlider(name, 1, 0, 10)
	case reflect.Float32, reflect.Float64:
		return FloatSlider(name, 0.5, 0, 1, 0.01)
	case reflect.Bool:
		return Checkbox(name, false)
	case reflect.String:
		return Text(name, "")
	}
	panic(fmt.Sprintf("widget.Interact: there is no control for %s, which is a %v", name, t))
}

// note takes note of a change and ends the run that it makes stale. It must not wait.
func (i *Interaction) note() {
	i.mu.Lock()
	i.version++
	if i.cancel != nil {
		i.cancel()
	}
	i.mu.Unlock()
	select {
	case i.changed <- struct{}{}:
	default:
	}
}

// follow runs the function after changes, for as long as the process lives.
func (i *Interaction) follow() {
	for range i.changed {
		i.mu.Lock()
		version := i.version
		i.mu.Unlock()
		ctx, end := context.WithCancel(context.Background())
		stop, done := incell.Start(func() { i.run(ctx) })
		i.mu.Lock()
		i.cancel = func() { end(); stop() }
		if i.version != version { // meanwhile
			i.cancel()
		}
		i.mu.Unlock()
		<-done
		i.mu.Lock()
		i.cancel = nil
		i.mu.Unlock()
		end()
		time.Sleep(runEvery)
	}
}

// run calls the function with the values as they are.
func (i *Interaction) run(ctx context.Context) {
	if ctx.Err() != nil {
		return
	}
	t := i.call.Type()
	var args []reflect.Value
	if i.context {
		args = append(args, reflect.ValueOf(ctx))
	}
	for _, c := range i.controls {
		args = append(args, reflect.ValueOf(c.current()).Convert(t.In(len(args))))
	}
	i.output.Capture(func() {
		results := i.call.Call(args)
		if ctx.Err() != nil {
			return // a newer value has come
		}
		if n := len(results); n > 0 && t.Out(n-1) == reflect.TypeFor[error]() {
			if err := results[n-1]; !err.IsNil() {
				fmt.Fprintln(os.Stderr, err.Interface())
				return
			}
			results = results[:n-1]
		}
		for _, r := range results {
			if (r.Kind() != reflect.Interface || !r.IsNil()) && r.CanInterface() {
				incell.Display(r.Interface())
			}
		}
	})
}

// MIMEBundle is how a cell shows the interaction: where there is no widget manager, by
// what the function showed last.
func (i *Interaction) MIMEBundle() map[string]any {
	bundle := map[string]any{}
	for _, o := range i.output.outputs() {
		for mime, content := range o.Data {
			bundle[mime] = content
		}
	}
	for mime, content := range i.BoxWidget.MIMEBundle() {
		if bundle[mime] == nil {
			bundle[mime] = content
		}
	}
	return bundle
}
