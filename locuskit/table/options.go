package table

import (
	"context"
	"runtime"

	"locuslab/locuskit/progress"
	"locuslab/locuskit/table/internal/exec"
	"locuslab/locuskit/table/internal/reading"
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
type Option interface{ applyTable(*settings) }

func (w Workers) applyTable(s *settings) {
	if w > 0 {
		s.run.Workers = int(w)
	}
}

type contextOption struct{ ctx context.Context }

func (c contextOption) applyTable(s *settings) { s.run.Ctx = c.ctx }

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

func (p progressOption) applyTable(s *settings) { s.run.Progress = p.reporter }

// settings is what options set.
type settings struct {
	run  exec.Run
	read reading.Options
}

// with returns run as opts change it.
func with(run exec.Run, opts []Option) settings {
	s := settings{run: run}
	for _, o := range opts {
		if o != nil {
			o.applyTable(&s)
		}
	}
	return s
}

// sequential returns what opts say of an operation that runs on the caller's goroutine under ctx.
func sequential(ctx context.Context, opts []Option) settings {
	s := with(exec.Run{Ctx: ctx}, opts)
	s.run = s.run.Sequential()
	return s
}

// under is with, on as many goroutines as before.
func under(run exec.Run, opts []Option) settings {
	s := with(run, opts)
	s.run.Workers = run.Workers
	return s
}

// parallel is with, on the default number of workers unless run has more than one already, which opts may change.
func parallel(run exec.Run, opts []Option) settings {
	if run.Workers <= 1 {
		run.Workers = runtime.GOMAXPROCS(0)
	}
	return with(run, opts)
}
