package limiter

import (
	"context"
	"errors"
	"testing"
	"time"
)

// places counts how many requests a limiter lets in at once.
func places(t *testing.T, l *Limiter) (n int) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for {
		if _, err := l.Acquire(ctx); err != nil {
			if !errors.Is(err, context.Canceled) {
				t.Fatal(err)
			}
			break
		}
		n++
	}
	for range n {
		l.active--
	}
	return n
}

// TestLimiterGivesWayToASlowService has answers come twenty times as late once more than four are asked for at a
// time, as from a service that queues.
func TestLimiterGivesWayToASlowService(t *testing.T) {
	l := New(64)
	least := 64
	for range 400 {
		n := places(t, l)
		least = min(least, n)
		took := 10 * time.Millisecond
		if n > 4 {
			took = 200 * time.Millisecond
		}
		var epochs []int
		for range n {
			e, err := l.Acquire(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			epochs = append(epochs, e)
		}
		for _, e := range epochs {
			l.Release(e, 200, took)
		}
	}
	if n := places(t, l); n > 16 || least > 4 {
		t.Errorf("at last %d at a time, at least %d", n, least)
	}
	for range 1000 { // the service is well again
		e, err := l.Acquire(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		l.Release(e, 200, 10*time.Millisecond)
	}
	if n := places(t, l); n < 32 {
		t.Errorf("of a quick service %d are asked for at a time", n)
	}
}

func TestLimiterHalvesOncePerRoundAndGrowsBack(t *testing.T) {
	l := New(8)
	for range 10 { // begins with one, and doubles
		e, err := l.Acquire(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		l.Release(e, 200, time.Millisecond)
	}
	var epochs []int
	for range 8 {
		e, err := l.Acquire(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		epochs = append(epochs, e)
	}
	for _, e := range epochs { // all sent before the first refusal came
		l.Release(e, 429, time.Millisecond)
	}
	if n := places(t, l); n != 4 {
		t.Errorf("after a round of refusals %d at a time, want 4", n)
	}
	for range 1000 {
		e, err := l.Acquire(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		l.Release(e, 200, time.Millisecond)
	}
	if n := places(t, l); n != 8 {
		t.Errorf("after many good answers %d at a time, want 8", n)
	}
}
