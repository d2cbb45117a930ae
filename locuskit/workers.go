package locuskit

import (
	"context"
	"runtime"
)

// Workers bounds how many goroutines a parallel form uses at a time:
//
//	client.ConnectionsParallel(ctx, whitelabels, locuskit.Workers(8))
//	visits.GroupSumParallel("geo_id", "visits", locuskit.Workers(2))
//
// For fetches, which wait for a network, more workers than cores is the rule;
// for aggregation, which computes, more than cores gains nothing. Zero or
// less means the form's default, GOMAXPROCS for tables.
type Workers int

// TableOption changes how table operations run, never what they return: [Workers], [Context],
// [ProgressFunc] and [ProgressBar]; or what readers take from a file: [Only] and [Except]
// of any, [Kinds] and [Encoding] of CSV and JSON, [Separator], [Nulls], [Comment] and
// [SkipLines] of CSV. A reader refuses the options that its format does not have.
type TableOption interface{ applyTable(*execution) }

func (w Workers) applyTable(e *execution) {
	if w > 0 {
		e.workers = int(w)
	}
}

type contextOption struct{ ctx context.Context }

func (c contextOption) applyTable(e *execution) { e.ctx = c.ctx }

// Context lets ctx end table operations. A cancelled operation stops within
// milliseconds, and the table it returns carries the context's error in
// [Table.Err].
func Context(ctx context.Context) TableOption { return contextOption{ctx} }

// applyTable makes f hear of operations that take longer than a second; the
// items of [Progress] are rows, or bytes of a text file.
func (f ProgressFunc) applyTable(e *execution) { e.progress = func() ProgressFunc { return f } }

// ProgressBar shows a bar for table operations that take longer than a second, in the
// notebook or else in the terminal, as fetches do:
//
//	visits.Parallel(locuskit.ProgressBar()).Sort("-visits")
func ProgressBar() TableOption { return progressBar{} }

type progressBar struct{}

func (progressBar) applyTable(e *execution) { e.progress = newBar }

// execution is how the operations of a table run. The zero value is
// sequential and cannot be cancelled.
type execution struct {
	ctx      context.Context
	workers  int                 // 0 or 1: sequential
	read     reading             // what readers are told
	abort    func()              // wakes whoever waits for a part that failed; may be nil
	progress func() ProgressFunc // makes the reporter of one operation; may be nil
	anyOrder bool                // of groups: they are put in order later
}

func (e execution) with(opts []TableOption) execution {
	for _, o := range opts {
		if o != nil {
			o.applyTable(&e)
		}
	}
	return e
}

// under is e with opts, on as many goroutines as before.
func (e execution) under(opts []TableOption) execution {
	changed := e.with(opts)
	changed.workers = e.workers
	return changed
}

// parallel is e with the default number of workers unless it has more than one already, which opts may change.
func (e execution) parallel(opts []TableOption) execution {
	if e.workers <= 1 {
		e.workers = runtime.GOMAXPROCS(0)
	}
	return e.with(opts)
}

func (e execution) failed() {
	if e.abort != nil {
		e.abort()
	}
}

func (e execution) sequential() execution {
	e.workers = 0
	return e
}

// quiet is e without progress, for what is a part of something else.
func (e execution) quiet() execution {
	e.progress = nil
	return e
}

func (e execution) context() context.Context {
	if e.ctx == nil {
		return context.Background()
	}
	return e.ctx
}

func (e execution) cancelled() error {
	if e.ctx == nil {
		return nil
	}
	return context.Cause(e.ctx)
}

// applyTo makes Workers an option of fetches.
func (w Workers) applyTo(f *fetch) {
	if w > 0 {
		f.workers = min(int(w), mostWorkers)
	}
}
