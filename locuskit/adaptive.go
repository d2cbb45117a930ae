package locuskit

import (
	"context"
	"time"

	"locuslab/locuskit/internal/limiter"
)

// Adaptive lets the service decide how many requests run at a time, up to
// [Workers]. As TCP does, a fetch begins with one and doubles while all goes well; an
// answer of 429 or 503 halves the number, a round of answers that takes twice as
// long as the best one did takes a quarter off, and each good round after that adds one.
func Adaptive() FetchOption { return fetchOption(func(f *fetch) { f.adaptive = true }) }

type limiterKey struct{}

// withLimiter makes the requests under ctx pass a limiter, if the fetch has one.
func (f fetch) withLimiter(ctx context.Context) context.Context {
	if !f.adaptive {
		return ctx
	}
	return context.WithValue(ctx, limiterKey{}, limiter.New(f.workers))
}

// limited sends through the limiter of ctx, if there is one; the error is that ctx ended first.
func limited(ctx context.Context, send func() (status int, took time.Duration)) error {
	l, ok := ctx.Value(limiterKey{}).(*limiter.Limiter)
	if !ok {
		send()
		return nil
	}
	cuts, err := l.Acquire(ctx)
	if err != nil {
		return err
	}
	var status int
	var took time.Duration
	defer func() { l.Release(cuts, status, took) }()
	status, took = send()
	return nil
}
