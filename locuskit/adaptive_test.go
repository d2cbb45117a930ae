package locuskit

import (
	"context"
	"errors"
	"testing"
	"time"
)

// places counts how many requests a gate lets in at once.
func places(t *testing.T, g *gate) (n int) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for {
		if _, err := g.enter(ctx); err != nil {
			if !errors.Is(err, context.Canceled) {
				t.Fatal(err)
			}
			break
		}
		n++
	}
	for range n {
		g.active--
	}
	return n
}

func TestGateHalvesOncePerRoundAndGrowsBack(t *testing.T) {
	g := newGate(8)
	var epochs []int
	for range 8 {
		e, err := g.enter(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		epochs = append(epochs, e)
	}
	for _, e := range epochs { // all sent before the first refusal came
		g.leave(e, 429, time.Millisecond)
	}
	if n := places(t, g); n != 4 {
		t.Errorf("after a round of refusals %d at a time, want 4", n)
	}
	for range 1000 {
		e, err := g.enter(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		g.leave(e, 200, time.Millisecond)
	}
	if n := places(t, g); n != 8 {
		t.Errorf("after many good answers %d at a time, want 8", n)
	}
}
