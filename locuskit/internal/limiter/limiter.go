// Package limiter bounds how many requests are on the wire by what their answers tell of the
// service: refusals and latencies. It sends nothing itself and knows no client.
package limiter

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

// Limiter bounds the requests of one fetch that are on the wire. A request that
// pauses before its next attempt is not.
type Limiter struct {
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
func New(most int) *Limiter {
	return &Limiter{limit: 1, most: float64(most), changed: make(chan struct{})}
}

// Acquire waits for a place and returns the cuts so far, for Release.
func (l *Limiter) Acquire(ctx context.Context) (cuts int, err error) {
	for {
		l.mu.Lock()
		if float64(l.active+1) <= l.limit {
			l.active++
			cuts = l.cuts
			l.mu.Unlock()
			return cuts, nil
		}
		changed := l.changed
		l.mu.Unlock()
		select {
		case <-changed:
		case <-ctx.Done():
			return 0, context.Cause(ctx)
		}
	}
}

// Release gives the place back and learns from the answer: its status, 0 if there was none,
// and how long it took.
func (l *Limiter) Release(cuts, status int, took time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.active--
	switch status {
	case 0: // says nothing about how much the service can take
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		if cuts == l.cuts {
			l.cut(0.5)
		}
	default:
		more := 1.0 // an answer: doubles the number in a round
		switch {
		case l.slow:
			more = 0
		case l.cuts > 0:
			more = 1 / l.limit // adds one in a round
		}
		l.limit = min(l.limit+more, l.most)
		l.measure(took)
	}
	close(l.changed)
	l.changed = make(chan struct{})
}

// measure compares the latency of a whole round with the best.
func (l *Limiter) measure(took time.Duration) {
	l.round++
	l.sum += took
	enough := max(roundOfAnswers, int(l.limit))
	if l.best == 0 {
		enough = firstAnswers
	}
	if l.round < enough {
		return
	}
	mean := l.sum / time.Duration(l.round)
	l.round, l.sum = 0, 0
	l.slow = l.best != 0 && float64(mean) > slowRound*float64(l.best)
	switch {
	case l.best == 0 || mean < l.best:
		l.best = mean
	case l.slow:
		l.best = time.Duration(float64(l.best) * forgetting)
		l.cut(0.75)
	}
}

func (l *Limiter) cut(factor float64) {
	l.limit = max(l.limit*factor, 1)
	l.cuts++
}
