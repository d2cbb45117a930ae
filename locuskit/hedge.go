package locuskit

import (
	"context"
	"errors"
	"sync"
	"time"
)

// WithHedge sends a request a second time when the first has no answer after
// the given time, and takes whichever answers well first; the other is
// cancelled. It buys a short tail of latencies for a few more requests: with the 95th
// percentile of [Client.Stats] as the time, a twentieth more. The second
// request counts as an attempt, and against [WithRetryBudget] and
// [WithRate]. Zero, the default, sends none.
func WithHedge(after time.Duration) Option { return func(s *settings) { s.hedgeAfter = after } }

// errOutrun is what became of a request whose twin was answered first.
var errOutrun = errors.New("cancelled: the same request was answered first (locuskit.WithHedge)")

// try sends the question once, or twice under [WithHedge], and returns what decides: the
// first good answer, or else the last failure. No goroutine is left when it returns.
func try[T any](ctx context.Context, asked *call[T]) (answer[T], Sent) {
	asked.tries++
	if asked.client.hedgeAfter <= 0 {
		return send(ctx, asked, asked.tries, false, nil)
	}
	type sent struct {
		answer[T]
		Sent
	}
	ctx, outrun := context.WithCancelCause(ctx)
	answers := make(chan sent, 2)
	var running sync.WaitGroup
	ask := func(hedge bool, onWire func()) {
		attempt := asked.tries
		running.Go(func() {
			var a sent
			a.answer, a.Sent = send(ctx, asked, attempt, hedge, onWire)
			answers <- a
		})
	}
	defer running.Wait()
	defer outrun(errOutrun)

	onWire := make(chan struct{})
	ask(false, sync.OnceFunc(func() { close(onWire) }))
	var late <-chan time.Time // runs from the moment the first is on the wire: waiting for the limiter is no slow answer
	pending := 1
	for {
		select {
		case <-onWire:
			onWire = nil
			timer := time.NewTimer(asked.client.hedgeAfter)
			defer timer.Stop()
			late = timer.C
		case <-late:
			late = nil
			if asked.client.spend() == nil {
				asked.tries++
				pending++
				ask(true, nil)
			}
		case a := <-answers:
			pending--
			if a.Err == nil || pending == 0 || !repeatable(a.Status, a.Err) {
				return a.answer, a.Sent
			}
		}
	}
}
