package locuskit

import (
	"context"
	"net/http"
	"sync"
)

// Adaptive lets the service decide how many requests run at a time, up to
// [Workers]: each answer of 429 or 503 halves the number, and each round of
// good answers raises it by one, as TCP does.
func Adaptive() FetchOption { return fetchOption(func(f *fetch) { f.adaptive = true }) }

// gate bounds the requests of one fetch that are on the wire. A request that
// pauses before its next attempt is not.
type gate struct {
	mu      sync.Mutex
	limit   float64
	most    float64
	active  int
	epoch   int           // counts cuts: requests sent before a cut do not cause another
	changed chan struct{} // closed, and made anew, when a place may be free
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

// leave gives the place back and learns from the answer's status.
func (g *gate) leave(epoch, status int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.active--
	switch {
	case status != http.StatusTooManyRequests && status != http.StatusServiceUnavailable:
		g.limit = min(g.limit+1/g.limit, g.most)
	case epoch == g.epoch:
		g.limit = max(g.limit/2, 1)
		g.epoch++
	}
	close(g.changed)
	g.changed = make(chan struct{})
}

type gateKey struct{}

// withGate makes the requests under ctx pass a gate, if the fetch has one.
func (f fetch) withGate(ctx context.Context) context.Context {
	if !f.adaptive {
		return ctx
	}
	return context.WithValue(ctx, gateKey{}, newGate(f.workers))
}

// gated sends through the gate of ctx.
func gated(ctx context.Context, send func() (status, size int, err error)) (status, size int, err error) {
	g, ok := ctx.Value(gateKey{}).(*gate)
	if !ok {
		return send()
	}
	epoch, err := g.enter(ctx)
	if err != nil {
		return 0, 0, err
	}
	defer func() { g.leave(epoch, status) }()
	return send()
}
