package table

import (
	"context"
	"runtime"

	"locuslab/locuskit/progress"
)

// Workers bounds how many goroutines a parallel form uses at a time:
//
//	visits.GroupSumParallel("geo_id", "visits", table.Workers(2))
//
// An operation computes, so that more workers than processor cores gain nothing. Zero or
// less means the default, GOMAXPROCS.
type Workers int

// Option changes how table operations run, never what they return: [Workers], [Context],
// [Progress] and [ProgressBar]; or what readers take from a file: [Only] and [Except]
// of any, [Kinds] and [Encoding] of CSV and JSON, [Separator], [Nulls], [Comment] and
// [SkipLines] of CSV. A reader refuses the options that its format does not have.
type Option interface{ applyTable(*execution) }

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
func Context(ctx context.Context) Option { return contextOption{ctx} }

// Progress reports to f how far operations are that take longer than a second; the
// items are rows, or bytes of a text file.
func Progress(f progress.Func) Option { return progressOption{func() progress.Func { return f }} }

// ProgressBar shows a bar for table operations that take longer than a second, in the
// notebook or else in the terminal, as fetches do:
//
//	visits.Parallel(table.ProgressBar()).Sort("-visits")
func ProgressBar() Option { return progressOption{progress.Bar} }

type progressOption struct{ reporter func() progress.Func }

func (p progressOption) applyTable(e *execution) { e.progress = p.reporter }

// execution is how the operations of a table run. The zero value is
// sequential and cannot be cancelled.
type execution struct {
	ctx      context.Context
	workers  int                  // 0 or 1: sequential
	read     reading              // what readers are told
	abort    func()               // wakes whoever waits for a part that failed; may be nil
	progress func() progress.Func // makes the reporter of one operation; may be nil
	anyOrder bool                 // of groups: they are put in order later
}

func (e execution) with(opts []Option) execution {
	for _, o := range opts {
		if o != nil {
			o.applyTable(&e)
		}
	}
	return e
}

// under is e with opts, on as many goroutines as before.
func (e execution) under(opts []Option) execution {
	changed := e.with(opts)
	changed.workers = e.workers
	return changed
}

// parallel is e with the default number of workers unless it has more than one already, which opts may change.
func (e execution) parallel(opts []Option) execution {
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
