package worker

import (
	"fmt"
	"strings"
	"sync"

	"locuslab/kernel/display"
	"locuslab/kernel/worker/wire"
)

// output is the display.Output of the newest run. It stays after the run has
// ended: goroutines go on printing.
type output struct {
	mu   sync.Mutex
	out  display.Output
	over []*widgetOutput // that take its place for a time, the last one now
}

// push has everything go to a widget until pop, which returns that; nil for none.
func (o *output) push(w *widgetOutput) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.over = append(o.over, w)
}

func (o *output) pop() *widgetOutput {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.over) == 0 {
		return nil
	}
	w := o.over[len(o.over)-1]
	o.over = o.over[:len(o.over)-1]
	return w
}

func (o *output) set(out display.Output) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.out = out
}

// do calls f with the output, one caller at a time.
func (o *output) do(f func(display.Output)) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if n := len(o.over); n > 0 {
		f(o.over[n-1])
	} else if o.out != nil {
		f(o.out)
	}
}

// bundle turns what came over the wire into what an Output takes.
func bundle(parts map[string]wire.Part) display.Bundle {
	b := display.Bundle{Data: map[string]any{}}
	for mime, p := range parts {
		switch {
		case p.JSON != nil:
			b.Data[mime] = p.JSON
		case p.Bytes != nil:
			b.Data[mime] = p.Bytes
		default:
			b.Data[mime] = p.Text
		}
	}
	return b
}

// goroutinePanic is the bare stack of a panic in a goroutine of a cell.
func goroutinePanic(p *Panic) string {
	var b strings.Builder
	fmt.Fprintf(&b, "panic in a goroutine: %s\n", p.Value)
	for _, f := range p.Frames {
		fmt.Fprintf(&b, "    %s\n        %s:%d\n", f.Func, f.File, f.Line)
	}
	b.WriteString("the goroutine has ended; everything else goes on\n")
	return b.String()
}
