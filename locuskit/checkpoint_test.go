package locuskit_test

import (
	"context"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"locuslab/locuskit"
	"locuslab/locuskit/locustest"
)

func TestCheckpointResumes(t *testing.T) {
	s := locustest.New(locustest.Speed(10_000), failing("60", locustest.Internal, 1))
	defer s.Close()
	path := filepath.Join(t.TempDir(), "connections.ckpt")
	first := dial(t, s.URL, s.Token, locuskit.WithAttempts(1))
	whitelabels := whitelabelsOf(t, first)
	if _, err := first.Connections(t.Context(), whitelabels, locuskit.Checkpoint(path)); err == nil {
		t.Fatal("the planned fault did not come")
	}
	// As if killed while writing: the last line is cut.
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(text), s.Token) {
		t.Error("the token is in the checkpoint")
	}
	if err := os.WriteFile(path, text[:len(text)-10], 0o600); err != nil {
		t.Fatal(err)
	}

	again := dial(t, s.URL, s.Token)
	got, err := again.ConnectionsParallel(t.Context(), whitelabels, locuskit.Checkpoint(path))
	if err != nil {
		t.Fatal(err)
	}
	asked := again.Stats().Requests
	if want := 120 - 59 + 1; asked != want {
		t.Errorf("asked for %d whitelabels, want the %d that were missing", asked, want)
	}
	want, err := again.ConnectionsParallel(t.Context(), whitelabels)
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%d connections, want %d; error %v", len(got), len(want), err)
	}
	before := again.Stats().Requests
	if got, err := again.Connections(t.Context(), whitelabels, locuskit.Checkpoint(path)); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("a complete checkpoint gave %d connections, error %v", len(got), err)
	}
	if n := again.Stats().Requests - before; n != 0 {
		t.Errorf("%d requests for a complete checkpoint", n)
	}
	if _, err := again.Connections(t.Context(), whitelabels[1:], locuskit.Checkpoint(path)); err == nil || !strings.Contains(err.Error(), "another fetch") {
		t.Errorf("another list: %v", err)
	}
}

func TestDamagedCheckpointIsRefused(t *testing.T) {
	c := serve(t, nil)
	whitelabels := whitelabelsOf(t, c)[:3]
	path := filepath.Join(t.TempDir(), "ckpt")
	if _, err := c.Connections(t.Context(), whitelabels, locuskit.Checkpoint(path)); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{`{"i":3,"v":[]}`, `{"i":-1}`, "x"} {
		if err := os.WriteFile(path, append(text, bad+"\n"...), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := c.Connections(t.Context(), whitelabels, locuskit.Checkpoint(path)); err == nil || !strings.Contains(err.Error(), "damaged") {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

func TestTimelineHasEveryAttempt(t *testing.T) {
	c := serve(t, []locustest.Option{failing("2", locustest.Overloaded, 2)})
	whitelabels := whitelabelsOf(t, c)[:3]
	if _, err := c.Connections(t.Context(), whitelabels); err != nil {
		t.Fatal(err)
	}
	var attempts []int
	for _, s := range c.Timeline()[1:] {
		attempts = append(attempts, s.Attempt)
	}
	if !reflect.DeepEqual(attempts, []int{1, 1, 2, 3, 1}) {
		t.Errorf("attempts %v", attempts)
	}
	s := c.Stats()
	if s.Requests != 6 || s.Failed != 2 || s.Bytes == 0 || s.P50 > s.P99 || s.P99 > s.Longest {
		t.Errorf("stats %v", s)
	}
}

func TestRateLimitBeyondTheDeadlineFailsAtOnce(t *testing.T) {
	c := serve(t, nil, locuskit.WithRate(0.001, 1))
	whitelabels := whitelabelsOf(t, c) // spends the only token of the bucket
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	_, err := c.Connections(ctx, whitelabels)
	if err == nil || !strings.Contains(err.Error(), "WithRate") {
		t.Errorf("got %v", err)
	}
}
