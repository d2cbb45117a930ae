package locustest

import (
	"context"
	"time"
)

// pass goes with a request that was let in.
type pass struct {
	arrived time.Time // latency counts from here
	fault   Fault     // what is to go wrong with the answer
}

type passKey struct{}

func withPass(ctx context.Context, p pass) context.Context {
	return context.WithValue(ctx, passKey{}, p)
}

func passOf(ctx context.Context) pass {
	p, _ := ctx.Value(passKey{}).(pass)
	return p
}
