package notebook

import (
	"context"
	"errors"
	"sync"

	"locuslab/kernel/display"
)

// cellOutput is the output of a cell that runs headless. Goroutines and jobs that the
// cell has left behind may use it any time; what they show after the cell's end is in
// no output, as the notebook may be in a file already.
type cellOutput struct {
	mu   sync.Mutex
	rec  recorder
	over bool
}

var _ display.Output = (*cellOutput)(nil)

func (o *cellOutput) do(f func(*recorder)) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.over {
		f(&o.rec)
	}
}

func (o *cellOutput) Write(stream display.Stream, text string) {
	o.do(func(r *recorder) { r.Write(stream, text) })
}

func (o *cellOutput) Display(b display.Bundle) { o.do(func(r *recorder) { r.Display(b) }) }
func (o *cellOutput) Result(b display.Bundle)  { o.do(func(r *recorder) { r.Result(b) }) }
func (o *cellOutput) Clear(wait bool)          { o.do(func(r *recorder) { r.Clear(wait) }) }

func (o *cellOutput) Input(ctx context.Context, prompt string, password bool) (string, error) {
	return o.rec.Input(ctx, prompt, password)
}

// end records how the cell ended.
func (o *cellOutput) end(err error) {
	o.do(func(r *recorder) {
		var failure *display.Failure
		if errors.As(err, &failure) {
			r.fail(failure)
		}
		r.finish()
		o.over = true
	})
}
