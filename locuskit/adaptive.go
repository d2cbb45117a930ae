package locuskit

import (
	"context"
	"time"

	"locuslab/locuskit/internal/gate"
)

// Adaptive lets the service decide how many requests run at a time, up to
// [Workers]. As TCP does, a fetch begins with one and doubles while all goes well; an
// answer of 429 or 503 halves the number, a round of answers that takes twice as
// long as the best one did takes a quarter off, and each good round after that adds one.
func Adaptive() FetchOption { return fetchOption(func(f *fetch) { f.adaptive = true }) }

type gateKey struct{}

// withGate makes the requests under ctx pass a gate, if the fetch has one.
func (f fetch) withGate(ctx context.Context) context.Context {
	if !f.adaptive {
		return ctx
	}
	return context.WithValue(ctx, gateKey{}, gate.New(f.workers))
}

// gated sends through the gate of ctx, if there is one; the error is that ctx ended first.
func gated(ctx context.Context, send func() (status int, took time.Duration)) error {
	g, ok := ctx.Value(gateKey{}).(*gate.Gate)
	if !ok {
		send()
		return nil
	}
	cuts, err := g.Enter(ctx)
	if err != nil {
		return err
	}
	var status int
	var took time.Duration
	defer func() { g.Leave(cuts, status, took) }()
	status, took = send()
	return nil
}
