package locuskit

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync"
	"sync/atomic"
)

// outcome is what became of one item of a fan-out.
type outcome[T any] struct {
	index int
	value T
	err   error
}

// complete runs do on each index below n by at most workers goroutines, which
// take the indices in order, and yields the outcomes as they come. No
// goroutine is left when it returns, whether the loop ran to its end, broke
// off or ctx ended; indices that were not begun by then have no outcome.
//
// It is the one mechanism of all fetches: the sequential forms are the case
// of one worker.
func complete[T any](ctx context.Context, n, workers int, do func(context.Context, int) (T, error)) iter.Seq[outcome[T]] {
	return func(yield func(outcome[T]) bool) {
		ctx, cancel := context.WithCancel(ctx)
		outcomes := make(chan outcome[T])
		var next atomic.Int64
		var running sync.WaitGroup
		for range min(max(workers, 1), mostWorkers, n) {
			running.Go(func() {
				for ctx.Err() == nil {
					i := int(next.Add(1)) - 1
					if i >= n {
						return
					}
					o := outcome[T]{index: i}
					o.value, o.err = do(ctx, i)
					select {
					case outcomes <- o:
					case <-ctx.Done():
						return
					}
				}
			})
		}
		defer running.Wait()
		defer cancel()
		finished := make(chan struct{})
		go func() { running.Wait(); close(finished) }()
		for {
			select {
			case o := <-outcomes:
				if !yield(o) {
					return
				}
			case <-finished:
				return
			}
		}
	}
}

// collect runs do on each item and returns the values in the items' order. The first error
// cancels the rest and is returned alone; with [Partial] all errors are returned,
// joined, beside the values there are. With [Checkpoint] only the
// items that the file lacks are asked for.
func collect[I, T any](ctx context.Context, what string, items []I, f fetch, do func(context.Context, I) (T, error)) (values []T, err error) {
	values = make([]T, len(items))
	missing := make([]int, 0, len(items))
	keep := func(int, T) error { return nil }
	have := make([]bool, len(items))
	if f.checkpoint != "" {
		id, err := digest(f.service, items)
		if err != nil {
			return nil, fmt.Errorf("locuskit: checkpoint: %w", err)
		}
		j, err := openJournal(f.checkpoint, journalHead{what, id}, len(items), func(i int, v T) { values[i], have[i] = v, true })
		if err != nil {
			return nil, err
		}
		defer func() { err = errors.Join(err, j.close()) }()
		keep = func(i int, v T) error { return j.write(journalLine[T]{i, v}) }
	}
	for i := range items {
		if !have[i] {
			missing = append(missing, i)
		}
	}
	var failures []error
	track := newTracker(what, len(missing), f.report)
	defer track.close()
	for o := range complete(f.withGate(ctx), len(missing), f.workers, func(ctx context.Context, k int) (T, error) { return do(ctx, items[missing[k]]) }) {
		i := missing[o.index]
		if o.err == nil {
			values[i] = o.value
			if err := keep(i, o.value); err != nil {
				return nil, err
			}
		}
		track.add(o.err)
		switch {
		case o.err == nil:
		case f.partial:
			failures = append(failures, o.err)
		default:
			return nil, o.err
		}
	}
	if track.Done < len(missing) {
		failures = append(failures, stopped(ctx, what, track.Done, len(missing)))
		if !f.partial {
			values = nil
		}
	}
	return values, errors.Join(failures...)
}

// stopped is the error of a fetch that its context ended.
func stopped(ctx context.Context, what string, done, n int) error {
	return fmt.Errorf("locuskit: %s: stopped after %d of %d: %w", what, done, n, context.Cause(ctx))
}
