// Package gate bounds how many requests are on the wire by what their answers tell of the
// service: refusals and latencies. It sends nothing itself and knows no client.
package gate

import (
	"context"
	"net/http"
	"sync"
	"time"
)

const (
	firstAnswers   = 7   // to one, two and four requests at a time: what an idle service takes
	roundOfAnswers = 16  // at the least, so that one slow answer is not a slow service
	slowRound      = 2.0 // times the best round's mean latency
	forgetting     = 1.1 // times the best after each slow round: a service may have become slower for good
)

// Gate bounds the requests of one fetch that are on the wire. A request that
// pauses before its next attempt is not.
type Gate struct {
	mu      sync.Mutex
	limit   float64
	most    float64
	active  int
	cuts    int           // so far; requests sent before one do not cause another
	changed chan struct{} // closed, and made anew, when a place may be free

	round int           // good answers since the last round ended
	sum   time.Duration // of their latencies
	best  time.Duration // mean of the quickest round so far; 0 before the first
	slow  bool          // the last round was
}

// New lets one request in at first, and never more than most.
func New(most int) *Gate {
	return &Gate{limit: 1, most: float64(most), changed: make(chan struct{})}
}

// Enter waits for a place and returns the cuts so far, to leave with.
func (g *Gate) Enter(ctx context.Context) (cuts int, err error) {
	for {
		g.mu.Lock()
		if float64(g.active+1) <= g.limit {
			g.active++
			cuts = g.cuts
			g.mu.Unlock()
			return cuts, nil
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

// Leave gives the place back and learns from the answer: its status, 0 if there was none,
// and how long it took.
func (g *Gate) Leave(cuts, status int, took time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.active--
	switch status {
	case 0: // says nothing about how much the service can take
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		if cuts == g.cuts {
			g.cut(0.5)
		}
	default:
		more := 1.0 // an answer: doubles the number in a round
		switch {
		case g.slow:
			more = 0
		case g.cuts > 0:
			more = 1 / g.limit // adds one in a round
		}
		g.limit = min(g.limit+more, g.most)
		g.measure(took)
	}
	close(g.changed)
	g.changed = make(chan struct{})
}

// measure compares the latency of a whole round with the best.
func (g *Gate) measure(took time.Duration) {
	g.round++
	g.sum += took
	enough := max(roundOfAnswers, int(g.limit))
	if g.best == 0 {
		enough = firstAnswers
	}
	if g.round < enough {
		return
	}
	mean := g.sum / time.Duration(g.round)
	g.round, g.sum = 0, 0
	g.slow = g.best != 0 && float64(mean) > slowRound*float64(g.best)
	switch {
	case g.best == 0 || mean < g.best:
		g.best = mean
	case g.slow:
		g.best = time.Duration(float64(g.best) * forgetting)
		g.cut(0.75)
	}
}

func (g *Gate) cut(factor float64) {
	g.limit = max(g.limit*factor, 1)
	g.cuts++
}
