package locuskit_test

import (
	"runtime"
	"testing"
	"weak"

	"locuslab/locuskit"
	"locuslab/locuskit/locustest"
)

// TestIteratorHoldsAnAnswerAWorker counts the answers that are still in memory while thousands go by.
func TestIteratorHoldsAnAnswerAWorker(t *testing.T) {
	const workers = 4
	c := serve(t, []locustest.Option{locustest.Whitelabels(2000), atOnce(t)}, locuskit.WithTimeline(100))
	whitelabels := whitelabelsOf(t, c)
	var seen []weak.Pointer[locuskit.Connection]
	n := 0
	for got, err := range c.ConnectionsAsCompleted(t.Context(), whitelabels, locuskit.Workers(workers)) {
		if err != nil {
			t.Fatal(err)
		}
		if len(got.Connections) > 0 {
			seen = append(seen, weak.Make(&got.Connections[0]))
		}
		if n++; n%500 != 0 {
			continue
		}
		runtime.GC()
		live := 0
		for _, p := range seen {
			if p.Value() != nil {
				live++
			}
		}
		// The loop's own, and the last that each worker handed over, which its stack may still name.
		if live > workers+1 {
			t.Errorf("after %d whitelabels %d answers are in memory, with %d workers", n, live, workers)
		}
	}
	if n != 2000 {
		t.Errorf("%d answers", n)
	}
	if got := len(c.Timeline()); got != 100 {
		t.Errorf("the timeline holds %d requests, want 100", got)
	}
}

// TestNothingIsLeftOpen counts descriptors around fetches of every form, with more workers than most have.
func TestNothingIsLeftOpen(t *testing.T) {
	before := descriptors(t)
	func() {
		s := locustest.New(locustest.Speed(10_000), locustest.Whitelabels(1000), atOnce(t))
		defer s.Close()
		for _, opts := range [][]locuskit.Option{nil, {locuskit.WithHTTP2()}} {
			c := dial(t, s.URL, s.Token, opts...)
			whitelabels := whitelabelsOf(t, c)
			if _, err := c.ConnectionsParallel(t.Context(), whitelabels, locuskit.Workers(200)); err != nil {
				t.Fatal(err)
			}
			for _, err := range c.ConnectionsAsCompleted(t.Context(), whitelabels, locuskit.Workers(200)) {
				if err != nil {
					t.Fatal(err)
				}
				break // with 199 under way
			}
			c.Close()
		}
	}()
	assertClosed(t, before)
}
