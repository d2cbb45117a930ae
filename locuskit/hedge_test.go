package locuskit_test

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"locuslab/locuskit"
	"locuslab/locuskit/locustest"
)

// stuck answers the first request for each address only when that is cancelled.
func stuck(t *testing.T, cancelled *atomic.Int64) string {
	var seen atomic.Pointer[map[string]bool]
	seen.Store(&map[string]bool{})
	return answering(t, func(w http.ResponseWriter, r *http.Request) {
		for {
			old := seen.Load()
			if (*old)[r.URL.String()] {
				break
			}
			grown := map[string]bool{r.URL.String(): true}
			for k := range *old {
				grown[k] = true
			}
			if seen.CompareAndSwap(old, &grown) {
				<-r.Context().Done()
				cancelled.Add(1)
				return
			}
		}
		connections(w, r, nil)
	})
}

func TestHedgeOutrunsAStuckRequest(t *testing.T) {
	var cancelled atomic.Int64
	c := dial(t, stuck(t, &cancelled), "t", locuskit.WithHedge(time.Millisecond))
	got, err := c.ConnectionsParallel(t.Context(), []locuskit.Whitelabel{{ID: 1}, {ID: 2}, {ID: 3}}, locuskit.Workers(3))
	if err != nil || len(got) != 3 {
		t.Fatalf("%d connections, error %v", len(got), err)
	}
	s := c.Stats()
	if s.Requests != 6 || s.Hedged != 3 || s.Failed != 0 {
		t.Errorf("got %+v, want 6 requests, 3 of them hedges, none failed", s)
	}
	outrun := 0
	for _, sent := range c.Timeline() {
		if sent.Outrun() {
			outrun++
			if sent.Hedge || sent.Attempt != 1 {
				t.Errorf("outrun: %+v", sent)
			}
		}
	}
	if outrun != 3 {
		t.Errorf("%d requests were outrun, want 3", outrun)
	}
}

func TestHedgeKeepsTheFirstError(t *testing.T) {
	c := serve(t, []locustest.Option{failing("7", locustest.Expired, 1000)}, locuskit.WithHedge(time.Hour))
	_, err := c.Connections(t.Context(), []locuskit.Whitelabel{{ID: 7, Company: "CHR"}})
	if err == nil || !strings.Contains(err.Error(), "401") || c.Stats().Hedged != 0 {
		t.Errorf("got %v, %v", err, c.Stats())
	}
}

func TestHedgeSpendsTheRetryBudget(t *testing.T) {
	var cancelled atomic.Int64
	c := dial(t, stuck(t, &cancelled), "t", locuskit.WithHedge(time.Millisecond), locuskit.WithRetryBudget(0), locuskit.WithRequestTimeout(100*time.Millisecond))
	var list []locuskit.Whitelabel
	for i := range 12 {
		list = append(list, locuskit.Whitelabel{ID: i + 1})
	}
	_, err := c.Connections(t.Context(), list)
	if s := c.Stats(); err == nil || !strings.Contains(err.Error(), "retry budget is used up") || s.Hedged != 10 {
		t.Errorf("%d hedges, error %v", s.Hedged, err)
	}
}

func TestCallTimeoutBoundsAllTries(t *testing.T) {
	c := serve(t, []locustest.Option{failing("1", locustest.Overloaded, 1_000_000)},
		locuskit.WithAttempts(1_000_000), locuskit.WithCallTimeout(50*time.Millisecond))
	_, err := c.Connections(t.Context(), []locuskit.Whitelabel{{ID: 1, Company: "Atom"}})
	if err == nil || !strings.Contains(err.Error(), "no answer within 50ms") || !strings.Contains(err.Error(), "503") || !strings.Contains(err.Error(), "whitelabel 1 (Atom)") {
		t.Errorf("got %v", err)
	}
}
