package locuskit_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"

	"locuslab/locuskit"
	"locuslab/locuskit/locustest"
)

// permanent are the faults that asking again does not mend.
var permanent = map[locustest.Fault]string{
	locustest.WrongTypes: "cannot unmarshal",
	locustest.Expired:    "API_TOKEN",
}

func TestFaultMatrix(t *testing.T) {
	for _, fault := range locustest.AllFaults() {
		t.Run(string(fault), func(t *testing.T) {
			times := 2
			if _, hopeless := permanent[fault]; hopeless {
				times = 1000
			}
			healthy := locustest.New(locustest.Speed(10_000))
			defer healthy.Close()
			sound := dial(t, healthy.URL, healthy.Token)
			whitelabels := whitelabelsOf(t, sound)[:20]
			want, err := sound.Connections(t.Context(), whitelabels)
			if err != nil {
				t.Fatal(err)
			}
			for _, name := range []string{"sequential", "parallel", "as completed"} {
				c := serve(t, []locustest.Option{locustest.Speed(1000), failing("5", fault, times)})
				all := forms(c)
				all["as completed"] = gathered(c)
				got, err := all[name](t.Context(), whitelabels)
				if complaint, hopeless := permanent[fault]; hopeless {
					if err == nil || !strings.Contains(err.Error(), complaint) || !strings.Contains(err.Error(), "whitelabel 5 (Hydropool)") {
						t.Errorf("%s: error %v, want %q and the whitelabel", name, err, complaint)
					}
					continue
				}
				if err != nil || !reflect.DeepEqual(got, want) {
					t.Errorf("%s: %d connections and error %v, want %d", name, len(got), err, len(want))
				}
			}
		})
	}
}

// gathered is the iterator, its answers put in order again.
func gathered(c *locuskit.Client) func(context.Context, []locuskit.Whitelabel) (locuskit.Connections, error) {
	return func(ctx context.Context, whitelabels []locuskit.Whitelabel) (locuskit.Connections, error) {
		byID := map[int]locuskit.Connections{}
		for got, err := range c.ConnectionsAsCompleted(ctx, whitelabels) {
			if err != nil {
				return nil, err
			}
			byID[got.Whitelabel.ID] = got.Connections
		}
		var all locuskit.Connections
		for _, w := range whitelabels {
			all = append(all, byID[w.ID]...)
		}
		return all, nil
	}
}

func TestSlowBodyMeetsTheRequestTimeout(t *testing.T) {
	c := serve(t, []locustest.Option{locustest.Speed(1), failing("1", locustest.SlowBody, 1000)},
		locuskit.WithRequestTimeout(time.Second), locuskit.WithAttempts(1))
	_, err := c.Connections(t.Context(), []locuskit.Whitelabel{{ID: 1, Company: "Atom"}})
	if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "broke off") {
		t.Errorf("got %v", err)
	}
}

func TestRandomFaultsLoseNothing(t *testing.T) {
	const n = 1000
	c := serve(t, []locustest.Option{
		locustest.Whitelabels(n),
		locustest.RandomFaults(0.2, 7, locustest.Overloaded, locustest.Internal, locustest.TooMany,
			locustest.Reset, locustest.Truncated, locustest.ShortLength, locustest.InvalidJSON),
	}, locuskit.WithAttempts(20))
	whitelabels := whitelabelsOf(t, c)
	got, err := c.ConnectionsParallel(t.Context(), whitelabels, locuskit.Workers(32))
	if err != nil {
		t.Fatal(err)
	}
	want, err := serve(t, []locustest.Option{locustest.Whitelabels(n)}).ConnectionsParallel(t.Context(), whitelabels, locuskit.Workers(32))
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%d connections, want %d", len(got), len(want))
	}
}

func TestServiceDown(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := "http://" + l.Addr().String()
	l.Close()
	_, err = dial(t, address, "t").Whitelabels(t.Context())
	if err == nil || !strings.Contains(err.Error(), "go run ./kernel service") || !strings.Contains(err.Error(), address) {
		t.Errorf("got %v", err)
	}
}

// answering is a service of one fixed answer, for what locustest would never send.
func answering(t *testing.T, h http.HandlerFunc) string {
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}

func TestAnswersThatAreRefused(t *testing.T) {
	for name, c := range map[string]struct{ body, complaint string }{
		"null":      {"null", "null where data was expected"},
		"object":    {`{"whitelabelid":1}`, "cannot unmarshal object"},
		"too large": {"[" + strings.Repeat(" ", 2000) + "]", "larger than 1000 bytes"},
		"empty":     {"", "not JSON"},
		"twice":     {"[][]", "not JSON"},
	} {
		url := answering(t, func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte(c.body)) })
		got, err := dial(t, url, "t", locuskit.WithMaxBytes(1000)).Whitelabels(t.Context())
		if err == nil || !strings.Contains(err.Error(), c.complaint) {
			t.Errorf("%s: got %v, %v; want an error with %q", name, got, err, c.complaint)
		}
	}
}

func TestRetryAfterBeyondPatience(t *testing.T) {
	asked := 0
	url := answering(t, func(w http.ResponseWriter, _ *http.Request) {
		asked++
		w.Header().Set("Retry-After", "86400")
		w.WriteHeader(http.StatusTooManyRequests)
	})
	_, err := dial(t, url, "t").Whitelabels(t.Context())
	if err == nil || !strings.Contains(err.Error(), "24h0m0s") || asked != 1 {
		t.Errorf("asked %d times, got %v", asked, err)
	}
}
