package gate

import (
	"context"
	"errors"
	"testing"
	"time"
)

// places counts how many requests a gate lets in at once.
func places(t *testing.T, g *Gate) (n int) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for {
		if _, err := g.Enter(ctx); err != nil {
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

// TestGateGivesWayToASlowService has answers come twenty times as late once more than four are asked for at a
// time, as from a service that queues.
func TestGateGivesWayToASlowService(t *testing.T) {
	g := New(64)
	least := 64
	for range 400 {
		n := places(t, g)
		least = min(least, n)
		took := 10 * time.Millisecond
		if n > 4 {
			took = 200 * time.Millisecond
		}
		var epochs []int
		for range n {
			e, err := g.Enter(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			epochs = append(epochs, e)
		}
		for _, e := range epochs {
			g.Leave(e, 200, took)
		}
	}
	if n := places(t, g); n > 16 || least > 4 {
		t.Errorf("at last %d at a time, at least %d", n, least)
	}
	for range 1000 { // the service is well again
		e, err := g.Enter(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		g.Leave(e, 200, 10*time.Millisecond)
	}
	if n := places(t, g); n < 32 {
		t.Errorf("of a quick service %d are asked for at a time", n)
	}
}

func TestGateHalvesOncePerRoundAndGrowsBack(t *testing.T) {
	g := New(8)
	for range 10 { // begins with one, and doubles
		e, err := g.Enter(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		g.Leave(e, 200, time.Millisecond)
	}
	var epochs []int
	for range 8 {
		e, err := g.Enter(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		epochs = append(epochs, e)
	}
	for _, e := range epochs { // all sent before the first refusal came
		g.Leave(e, 429, time.Millisecond)
	}
	if n := places(t, g); n != 4 {
		t.Errorf("after a round of refusals %d at a time, want 4", n)
	}
	for range 1000 {
		e, err := g.Enter(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		g.Leave(e, 200, time.Millisecond)
	}
	if n := places(t, g); n != 8 {
		t.Errorf("after many good answers %d at a time, want 8", n)
	}
}
