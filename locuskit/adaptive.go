package locuskit

import (
	"context"
	"net/http"
	"sync"
	"time"
)

// Adaptive lets the service decide how many requests run at a time, up to
// [Workers]: an answer of 429 or 503 halves the number, answers that take twice as
// long as they did at best take a quarter off, and each round of good answers adds one,
// as TCP does.
func Adaptive() FetchOption { return fetchOption(func(f *fetch) { f.adaptive = true }) }

const (
	roundOfAnswers = 16  // at the least, so that one slow answer is not a slow service
	slowRound      = 2.0 // times the best round's mean latency
)

// gate bounds the requests of one fetch that are on the wire. A request that
// pauses before its next attempt is not.
type gate struct {
	mu      sync.Mutex
	limit   float64
	most    float64
	active  int
	epoch   int           // counts cuts: requests sent before a cut do not cause another
	changed chan struct{} // closed, and made anew, when a place may be free

	round int           // good answers since the last round ended
	sum   time.Duration // of their latencies
	best  time.Duration // mean of the quickest round so far; 0 before the first
}

func newGate(workers int) *gate {
	return &gate{limit: float64(workers), most: float64(workers), changed: make(chan struct{})}
}

// enter waits for a place and returns the epoch to leave with.
func (g *gate) enter(ctx context.Context) (epoch int, err error) {
	for {
		g.mu.Lock()
		if float64(g.active+1) <= g.limit {
			g.active++
			epoch = g.epoch
			g.mu.Unlock()
			return epoch, nil
		}
		changed := g.changed
		g.mu.Unlock()
		select {
		case <-changed:
		case <-ctx.Done():
			return 0, context.Cause(ctx)
		}
	}
}

// leave gives the place back and learns from the answer: its status, 0 if there was none,
// and how long it took.
func (g *gate) leave(epoch, status int, took time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.active--
	switch status {
	case 0: // says nothing about how much the service can take
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		if epoch == g.epoch {
			g.cut(0.5)
		}
	default:
		g.limit = min(g.limit+1/g.limit, g.most)
		g.measure(took)
	}
	close(g.changed)
	g.changed = make(chan struct{})
}

// measure compares the latency of a whole round with the best.
func (g *gate) measure(took time.Duration) {
	g.round++
	g.sum += took
	if g.round < max(roundOfAnswers, int(g.limit)) {
		return
	}
	mean := g.sum / time.Duration(g.round)
	g.round, g.sum = 0, 0
	switch {
	case g.best == 0 || mean < g.best:
		g.best = mean
	case float64(mean) > slowRound*float64(g.best):
		g.cut(0.75)
	}
}

func (g *gate) cut(factor float64) {
	g.limit = max(g.limit*factor, 1)
	g.epoch++
}

type gateKey struct{}

// withGate makes the requests under ctx pass a gate, if the fetch has one.
func (f fetch) withGate(ctx context.Context) context.Context {
	if !f.adaptive {
		return ctx
	}
	return context.WithValue(ctx, gateKey{}, newGate(f.workers))
}

// gated sends through the gate of ctx, if there is one; the error is that ctx ended first.
func gated(ctx context.Context, send func() (status int, took time.Duration)) error {
	g, ok := ctx.Value(gateKey{}).(*gate)
	if !ok {
		send()
		return nil
	}
	epoch, err := g.enter(ctx)
	if err != nil {
		return err
	}
	var status int
	var took time.Duration
	defer func() { g.leave(epoch, status, took) }()
	status, took = send()
	return nil
}
