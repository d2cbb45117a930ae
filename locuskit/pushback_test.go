package locuskit_test

import (
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"locuslab/locuskit"
	"locuslab/locuskit/locustest"
)

// TestAdaptiveFindsWhatTheServiceTakes has a service that refuses more than three at a time.
func TestAdaptiveFindsWhatTheServiceTakes(t *testing.T) {
	var active, refused atomic.Int64
	url := answering(t, func(w http.ResponseWriter, r *http.Request) {
		defer active.Add(-1)
		if active.Add(1) > 3 {
			refused.Add(1)
			w.Header().Set("Retry-After", "0")
			w.WriteHeader(http.StatusTooManyRequests)
			return
		}
		connections(w, r, nil)
	})
	c := dial(t, url, "t", locuskit.WithAttempts(1000))
	whitelabels := make([]locuskit.Whitelabel, 500)
	for i := range whitelabels {
		whitelabels[i].ID = i + 1
	}
	got, err := c.ConnectionsParallel(t.Context(), whitelabels, locuskit.Workers(64), locuskit.Adaptive())
	if err != nil || len(got) != 500 {
		t.Errorf("%d connections, error %v (%d refusals)", len(got), err, refused.Load())
	}
}

func TestRetryBudgetEndsTheStorm(t *testing.T) {
	c := serve(t, []locustest.Option{locustest.Faults(func(r *http.Request, _ int) locustest.Fault {
		if r.URL.Path == "/connections" {
			return locustest.Overloaded
		}
		return locustest.None
	})}, locuskit.WithRetryBudget(0.1))
	whitelabels := whitelabelsOf(t, c)
	_, err := c.ConnectionsParallel(t.Context(), whitelabels, locuskit.Partial())
	if err == nil || !strings.Contains(err.Error(), "retry budget is used up") {
		t.Errorf("got %.300v", err)
	}
	if n := c.Stats().Requests; n > 121+10+13+8 { // a worker each may be over by one
		t.Errorf("%d requests for 120 whitelabels", n)
	}
}

// TestCancelledAtRandomMoments asserts that a fetch ends whole or with its
// cause, that its checkpoint can always be taken up, and that no descriptor is left; TestMain finds goroutines left.
func TestCancelledAtRandomMoments(t *testing.T) {
	before := descriptors(t)
	c := serve(t, nil)
	defer func() {
		c.Close()
		assertClosed(t, before+2) // the service's listener and its end of an idle connection
	}()
	whitelabels := whitelabelsOf(t, c)[:30]
	want, err := c.Connections(t.Context(), whitelabels)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	random := rand.New(rand.NewPCG(1, 2))
	cause := errors.New("stop")
	for i := range 1000 {
		path := filepath.Join(dir, strconv.Itoa(i/20)) // twenty go on from each other
		ctx, cancel := context.WithCancelCause(t.Context())
		timer := time.AfterFunc(time.Duration(random.IntN(5000))*time.Microsecond, func() { cancel(cause) })
		got, err := c.ConnectionsParallel(ctx, whitelabels, locuskit.Checkpoint(path))
		timer.Stop()
		cancel(nil)
		if err == nil && len(got) != len(want) || err != nil && (!errors.Is(err, cause) || got != nil) {
			t.Fatalf("%d connections, error %v", len(got), err)
		}
	}
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(files) != 50 {
		t.Fatalf("%d checkpoints, error %v", len(files), err)
	}
	for _, path := range files {
		if got, err := c.Connections(t.Context(), whitelabels, locuskit.Checkpoint(path)); err != nil || len(got) != len(want) {
			t.Errorf("at last %d connections, error %v", len(got), err)
		}
		for number, line := range strings.Split(read(t, path), "\n")[1:31] {
			if !json.Valid([]byte(line)) {
				t.Errorf("line %d is partial: %.80s", number+2, line)
			}
		}
	}
}
