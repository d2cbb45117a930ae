package locuskit_test

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"

	"locuslab/locuskit"
	"locuslab/locuskit/locustest"
)

func TestParallelEqualsSequential(t *testing.T) {
	c := serve(t, nil)
	whitelabels := whitelabelsOf(t, c)
	if len(whitelabels) != 120 || whitelabels[9] != (locuskit.Whitelabel{ID: 10, Company: "Ocono"}) {
		t.Fatalf("%d whitelabels, the tenth %v", len(whitelabels), whitelabels[9])
	}
	sequential, err := c.Connections(t.Context(), whitelabels)
	if err != nil {
		t.Fatal(err)
	}
	for i, id := range []int{1576, 1570, 1585, 1573, 1569} {
		if sequential[i].ID != id {
			t.Errorf("row %d has id %d, want %d", i, sequential[i].ID, id)
		}
	}
	for _, n := range []locuskit.Workers{0, 1, 8, 500, 1 << 40} {
		parallel, err := c.ConnectionsParallel(t.Context(), whitelabels, n)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(parallel, sequential) {
			t.Errorf("%d workers: other connections than the sequential form", n)
		}
	}
}

func TestNoWhitelabels(t *testing.T) {
	c := serve(t, nil)
	got, err := c.ConnectionsParallel(t.Context(), nil)
	if err != nil || len(got) != 0 {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestFirstErrorCancelsAndNamesTheWhitelabel(t *testing.T) {
	c := serve(t, []locustest.Option{failing("7", locustest.Internal, 1000)}, locuskit.WithAttempts(3))
	whitelabels := whitelabelsOf(t, c)
	for name, form := range forms(c) {
		got, err := form(t.Context(), whitelabels)
		var e *locuskit.Error
		if !errors.As(err, &e) || e.Status != 500 || e.Attempts != 3 {
			t.Fatalf("%s: %v", name, err)
		}
		for _, part := range []string{"whitelabel 7 (CHR)", "500", "tried 3 times"} {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%s: %q lacks %q", name, err, part)
			}
		}
		if got != nil {
			t.Errorf("%s: %d connections beside an error", name, len(got))
		}
	}
}

// forms are the sequential and the parallel form, without options.
func forms(c *locuskit.Client) map[string]func(context.Context, []locuskit.Whitelabel) (locuskit.Connections, error) {
	return map[string]func(context.Context, []locuskit.Whitelabel) (locuskit.Connections, error){
		"sequential": func(ctx context.Context, w []locuskit.Whitelabel) (locuskit.Connections, error) {
			return c.Connections(ctx, w)
		},
		"parallel": func(ctx context.Context, w []locuskit.Whitelabel) (locuskit.Connections, error) {
			return c.ConnectionsParallel(ctx, w)
		},
	}
}

func TestPartialKeepsTheRest(t *testing.T) {
	c := serve(t, []locustest.Option{failing("7", locustest.Internal, 1000)}, locuskit.WithAttempts(2))
	whitelabels := whitelabelsOf(t, c)
	want, err := c.Connections(t.Context(), append(whitelabels[:6:6], whitelabels[7:]...))
	if err != nil {
		t.Fatal(err)
	}
	got, err := c.ConnectionsParallel(t.Context(), whitelabels, locuskit.Partial())
	if err == nil || !strings.Contains(err.Error(), "whitelabel 7 (CHR)") {
		t.Errorf("error %v does not name the whitelabel", err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%d connections, want the %d of the other whitelabels", len(got), len(want))
	}
}

func TestUnknownWhitelabel(t *testing.T) {
	c := serve(t, nil)
	_, err := c.Connections(t.Context(), []locuskit.Whitelabel{{ID: 999, Company: "Nobody"}})
	if err == nil || !strings.Contains(err.Error(), "no whitelabel 999") || strings.Contains(err.Error(), "tried") {
		t.Errorf("got %v; want the service's words after one try", err)
	}
}

func TestCancelledFetchSaysHowFarItCame(t *testing.T) {
	c := serve(t, nil)
	whitelabels := whitelabelsOf(t, c)
	ctx, cancel := context.WithCancelCause(t.Context())
	cause := errors.New("the learner pressed stop")
	cancel(cause)
	_, err := c.ConnectionsParallel(ctx, whitelabels)
	if !errors.Is(err, cause) || !strings.Contains(err.Error(), "stopped after 0 of 120") {
		t.Errorf("got %v", err)
	}
}

func BenchmarkConnections(b *testing.B) {
	s := locustest.New(locustest.Speed(100))
	b.Cleanup(s.Close)
	c := dial(b, s.URL, s.Token)
	whitelabels := whitelabelsOf(b, c)
	for name, form := range forms(c) {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := form(b.Context(), whitelabels); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
