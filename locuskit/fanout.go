package locuskit

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"sync"
	"sync/atomic"

	"locuslab/locuskit/internal/journal"
	"locuslab/locuskit/progress"
)

// outcome is what became of one item of a fan-out.
type outcome[T any] struct {
	index int // of the item, or wholeFetch
	value T
	err   error
}

// wholeFetch is the index of an error that belongs to no item.
const wholeFetch = -1

// complete runs do on each index below n by at most workers goroutines, which
// take the indices in order, and yields the outcomes as they come. No
// goroutine is left when it returns, whether the loop ran to its end, broke
// off or ctx ended; indices that were not begun by then have no outcome. A goroutine
// waits with its outcome until that is taken: there are never more than workers at a time.
//
// It is the one mechanism of all fetches: the sequential forms are the case
// of one worker.
func complete[T any](ctx context.Context, n, workers int, do func(context.Context, int) (T, error)) iter.Seq[outcome[T]] {
	return func(yield func(outcome[T]) bool) {
		ctx, cancel := context.WithCancel(ctx)
		outcomes := make(chan outcome[T])
		var next atomic.Int64
		var running sync.WaitGroup
		for worker := range min(max(workers, 1), mostWorkers, n) {
			running.Go(func() {
				ctx := withWorker(ctx, worker)
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

type workerKey struct{}

func withWorker(ctx context.Context, worker int) context.Context {
	return context.WithValue(ctx, workerKey{}, worker)
}

// workerOf returns the number of the goroutine that asks, from 0.
func workerOf(ctx context.Context) int {
	worker, _ := ctx.Value(workerKey{}).(int)
	return worker
}

// outcomes fetches items and yields what became of each, as it comes: first those in the
// [Checkpoint], if there is one, then those that are asked for. It ends after the first
// error unless the fetch is [Partial]. An error of the whole fetch, such as that ctx
// ended it early, comes last.
func outcomes[I, T any](ctx context.Context, c *Client, what string, items []I, f fetch, of func(I) question[T]) iter.Seq[outcome[T]] {
	return func(yield func(outcome[T]) bool) {
		whole := func(err error) { yield(outcome[T]{index: wholeFetch, err: err}) }
		if err := c.made(what); err != nil {
			whole(err)
			return
		}
		what = c.redacted(what)
		have := make([]bool, len(items))
		keep := func(int, answer[T]) error { return nil }
		if f.checkpoint != "" {
			j, err := journal.Open(f.checkpoint, what, f.service, items, c.mostBytes)
			if err != nil {
				whole(&CheckpointError{f.checkpoint, err})
				return
			}
			defer j.Close()
			goOn := true
			err = j.Replay(len(items), func(i int, text json.RawMessage) error {
				v, err := of(items[i]).read(text)
				if err != nil {
					return err
				}
				goOn = have[i] || yield(outcome[T]{index: i, value: v})
				have[i] = true
				if !goOn {
					return journal.ErrBrokenOff
				}
				return nil
			})
			if err != nil {
				whole(&CheckpointError{f.checkpoint, c.clean(err)})
			}
			if err != nil || !goOn {
				return
			}
			keep = func(i int, a answer[T]) error {
				if err := j.Keep(i, a.text); err != nil {
					return &CheckpointError{f.checkpoint, err}
				}
				return nil
			}
		}
		var missing []int
		for i := range items {
			if !have[i] {
				missing = append(missing, i)
			}
		}
		ctx, span := f.startFetch(ctx, what, len(missing))
		track := progress.NewTracker(what, len(missing), f.report)
		var failed error
		defer func() { track.Close(); endSpan(span, failed) }()
		for got := range complete(f.withLimiter(ctx), len(missing), f.workers, func(ctx context.Context, k int) (answer[T], error) {
			q := of(items[missing[k]])
			q.keep = f.checkpoint != ""
			return ask(ctx, c, q)
		}) {
			o := outcome[T]{missing[got.index], got.value.value, got.err}
			if o.err == nil {
				if err := keep(o.index, got.value); err != nil {
					failed = err
					whole(err)
					return
				}
			} else if failed == nil {
				failed = o.err
			}
			if o.err != nil {
				track.Add(1, 1)
			} else {
				track.Add(1, 0)
			}
			if !yield(o) || o.err != nil && !f.partial {
				return
			}
		}
		if track.Done < len(missing) {
			failed = fmt.Errorf("locuskit: %s: stopped after %d of %d: %w", what, track.Done, len(missing), context.Cause(ctx))
			whole(failed)
		}
	}
}

// collect fetches items and returns the values in the items' order. The first error
// cancels the rest and is returned alone; with [Partial] all errors are returned,
// joined, beside the values there are.
func collect[I, T any](ctx context.Context, c *Client, what string, items []I, f fetch, of func(I) question[T]) ([]T, error) {
	values := make([]T, len(items))
	var failures []error
	for o := range outcomes(ctx, c, what, items, f, of) {
		if o.err == nil {
			values[o.index] = o.value
			continue
		}
		failures = append(failures, o.err)
	}
	switch {
	case len(failures) == 0:
		return values, nil
	case !f.partial:
		return nil, failures[0]
	}
	return values, errors.Join(failures...)
}
