package locuskit_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"locuslab/locuskit"
	"locuslab/locuskit/locustest"
)

// causes are what an error says of a fault that stays, by HTTP/1.1 and by HTTP/2.
var causes = map[locustest.Fault]string{
	locustest.Overloaded:  `503 Service Unavailable: overloaded`,
	locustest.Internal:    `500 Internal Server Error: without explanation`,
	locustest.TooMany:     `429 Too Many Requests: too many requests, on request`,
	locustest.Reset:       `connection reset|broken pipe|EOF|stream error|INTERNAL_ERROR`,
	locustest.Truncated:   `answer broke off after \d+ bytes: (unexpected EOF|stream error)`,
	locustest.ShortLength: `answer is not JSON: .*(unexpected end|ends at byte)`,
	locustest.InvalidJSON: `answer is not JSON: invalid character '<'`,
	locustest.WrongTypes:  `answer is not as expected: .*cannot unmarshal`,
	locustest.Expired:     `401 Unauthorized: token expired .*check the token: .*API_TOKEN`,
}

// once are the faults that asking again does not mend.
var once = []locustest.Fault{locustest.WrongTypes, locustest.Expired}

// fetchers are all ways to fetch connections.
func fetchers(t *testing.T, c *locuskit.Client) map[string]func(context.Context, []locuskit.Whitelabel) (locuskit.Connections, error) {
	all := forms(c)
	all["iterator"] = gathered(c)
	path := filepath.Join(t.TempDir(), "resume.ckpt")
	all["resume"] = func(ctx context.Context, w []locuskit.Whitelabel) (locuskit.Connections, error) {
		return c.ConnectionsParallel(ctx, w, locuskit.Workers(2), locuskit.Checkpoint(path))
	}
	return all
}

// TestFaultMatrix has each fault befall one whitelabel, for a while or for good, in each form of
// the fetch: the data is complete and exact, or the error says what, how often and why.
func TestFaultMatrix(t *testing.T) {
	healthy := locustest.New(locustest.Speed(10_000))
	defer healthy.Close()
	sound := dial(t, healthy.URL, healthy.Token)
	whitelabels := whitelabelsOf(t, sound)[:20]
	want, err := sound.Connections(t.Context(), whitelabels)
	if err != nil {
		t.Fatal(err)
	}
	for _, protocol := range []string{"HTTP/1.1", "HTTP/2"} {
		for _, fault := range locustest.AllFaults() {
			for _, times := range []int{2, 1000} {
				t.Run(fmt.Sprintf("%s/%s/%d times", protocol, fault, times), func(t *testing.T) {
					opts := []locuskit.Option{locuskit.WithAttempts(3)}
					if protocol == "HTTP/2" {
						opts = append(opts, locuskit.WithHTTP2())
					}
					attempts := 3
					if slices.Contains(once, fault) {
						attempts = 1
					}
					mends := fault == locustest.SlowBody || times < attempts
					for name := range fetchers(t, sound) {
						c := serve(t, []locustest.Option{locustest.Speed(1000), atOnce(t), failing("5", fault, times)}, opts...)
						got, err := fetchers(t, c)[name](t.Context(), whitelabels)
						switch {
						case mends && (err != nil || !reflect.DeepEqual(got, want)):
							t.Errorf("%s: %d connections and error %v, want %d", name, len(got), err, len(want))
						case !mends:
							assertNamed(t, name, err, attempts, causes[fault])
							if got != nil {
								t.Errorf("%s: %d connections beside an error", name, len(got))
							}
						}
					}
				})
			}
		}
	}
}

// assertNamed asserts that an error names whitelabel 5, the attempts and the cause.
func assertNamed(t *testing.T, form string, err error, attempts int, cause string) {
	t.Helper()
	var e *locuskit.Error
	if !errors.As(err, &e) || e.Attempts != attempts || !strings.Contains(e.What, "whitelabel 5 (Hydropool)") {
		t.Errorf("%s: error %v, want one about whitelabel 5 after %d attempts", form, err, attempts)
		return
	}
	count := "(1 attempt)"
	if attempts > 1 {
		count = fmt.Sprintf("(tried %d times)", attempts)
	}
	if text := err.Error(); !strings.Contains(text, count) || !regexp.MustCompile(cause).MatchString(text) {
		t.Errorf("%s: error %q lacks %q or %q", form, text, count, cause)
	}
}

// TestResumeAfterEachFault has a fetch fail in the middle and then resumes it: the second run asks for what
// the first has not received, and both together have everything once.
func TestResumeAfterEachFault(t *testing.T) {
	for _, fault := range locustest.AllFaults() {
		if fault == locustest.SlowBody {
			continue // fails nothing
		}
		t.Run(string(fault), func(t *testing.T) {
			rules, err := locustest.ParseFaults("100%@whitelabel=30:" + string(fault))
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(t.TempDir(), "ckpt")
			broken := serve(t, []locustest.Option{atOnce(t), rules}, locuskit.WithAttempts(2))
			whitelabels := whitelabelsOf(t, broken)[:60]
			if got, err := broken.ConnectionsParallel(t.Context(), whitelabels, locuskit.Workers(4), locuskit.Checkpoint(path)); err == nil || got != nil {
				t.Fatalf("%d connections, error %v", len(got), err)
			}
			received := lines(t, path) - 1
			sound := serve(t, []locustest.Option{atOnce(t)})
			got, err := sound.Connections(t.Context(), whitelabels, locuskit.Checkpoint(path))
			if err != nil {
				t.Fatal(err)
			}
			if asked := sound.Stats().Requests; received == 0 || asked != len(whitelabels)-received {
				t.Errorf("first run kept %d, second asked for %d of %d", received, asked, len(whitelabels))
			}
			want, err := sound.Connections(t.Context(), whitelabels)
			if err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("%d connections, want %d; error %v", len(got), len(want), err)
			}
		})
	}
}

func lines(t *testing.T, path string) int {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Count(string(text), "\n")
}

// TestTokenExpiresInMidRun has every request from the fiftieth on refused, and then goes on with a new token.
func TestTokenExpiresInMidRun(t *testing.T) {
	rules, err := locustest.ParseFaults("50-:expired")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "ckpt")
	c := serve(t, []locustest.Option{rules})
	whitelabels := whitelabelsOf(t, c)
	_, err = c.ConnectionsParallel(t.Context(), whitelabels, locuskit.Checkpoint(path))
	var e *locuskit.Error
	if !errors.As(err, &e) || e.Status != http.StatusUnauthorized || !strings.Contains(err.Error(), "API_TOKEN") {
		t.Fatalf("got %v", err)
	}
	again := serve(t, nil)
	if got, err := again.ConnectionsParallel(t.Context(), whitelabels, locuskit.Checkpoint(path)); err != nil || len(got) != 2531 {
		t.Errorf("%d connections, error %v", len(got), err)
	}
	if n := again.Stats().Requests; n >= 120 || n < 120-48 {
		t.Errorf("asked for %d of 120 whitelabels, though 48 had been answered", n)
	}
}

func TestFaultByHeader(t *testing.T) {
	c := serve(t, nil, locuskit.WithHeader("X-Locus-Fault", "500"), locuskit.WithAttempts(2))
	if _, err := c.Whitelabels(t.Context()); err == nil || !strings.Contains(err.Error(), "500 Internal Server Error: without explanation (tried 2 times)") {
		t.Errorf("got %v", err)
	}
	c = serve(t, nil, locuskit.WithHeader("X-Locus-Fault", "gremlins"))
	if _, err := c.Whitelabels(t.Context()); err == nil || !strings.Contains(err.Error(), `no fault "gremlins"`) {
		t.Errorf("got %v", err)
	}
}

// gathered returns the iterator, its answers put in order again.
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

// TestRandomFaultsLoseNothing asks 10,000 times a service that fails a fifth of all requests at random.
func TestRandomFaultsLoseNothing(t *testing.T) {
	const n = 10_000
	latency := atOnce(t)
	c := serve(t, []locustest.Option{
		locustest.Whitelabels(n), latency,
		locustest.RandomFaults(0.2, 7, locustest.Overloaded, locustest.Internal, locustest.TooMany,
			locustest.Reset, locustest.Truncated, locustest.ShortLength, locustest.InvalidJSON),
	})
	whitelabels := whitelabelsOf(t, c)
	seen, ids, fetched := make(map[int]int, n), make(map[int]bool), make(map[int]locuskit.Connections)
	for got, err := range c.ConnectionsAsCompleted(t.Context(), whitelabels, locuskit.Workers(32)) {
		if err != nil {
			t.Fatal(err)
		}
		seen[got.Whitelabel.ID]++
		if got.Whitelabel.ID%50 == 1 {
			fetched[got.Whitelabel.ID] = slices.Concat(got.Connections) // nil if empty
		}
		for _, one := range got.Connections {
			if ids[one.ID] || one.Whitelabel != got.Whitelabel.ID {
				t.Fatalf("connection %d of whitelabel %d came with %v, or twice", one.ID, one.Whitelabel, got.Whitelabel)
			}
			ids[one.ID] = true
		}
	}
	for _, w := range whitelabels {
		if seen[w.ID] != 1 {
			t.Errorf("%v came %d times", w, seen[w.ID])
		}
	}
	if s := c.Stats(); s.Failed < n/10 {
		t.Errorf("too few faults to show anything: %v", s)
	}
	sound := serve(t, []locustest.Option{locustest.Whitelabels(n), latency})
	for i := 0; i < n; i += 50 { // the others are counted above, and a shorter list would be no JSON
		want, err := sound.Connections(t.Context(), whitelabels[i:i+1])
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(fetched[whitelabels[i].ID], want) {
			t.Errorf("%v: %d connections, want %d", whitelabels[i], len(fetched[whitelabels[i].ID]), len(want))
		}
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
	if err == nil || !strings.Contains(err.Error(), "go run ./locuskit/locus service") || !strings.Contains(err.Error(), address) {
		t.Errorf("got %v", err)
	}
}

// answering returns a service of one fixed answer, for what locustest would never send.
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

// TestWhichRefusalsAreRepeated has a service that refuses with one status.
func TestWhichRefusalsAreRepeated(t *testing.T) {
	for status, asks := range map[int]int{204: 1, 304: 1, 400: 1, 401: 1, 403: 1, 404: 1, 408: 3, 410: 1, 425: 3, 429: 3, 500: 3, 501: 3, 502: 3, 503: 3, 504: 3} {
		asked := 0
		url := answering(t, func(w http.ResponseWriter, _ *http.Request) {
			asked++
			w.WriteHeader(status)
		})
		_, err := dial(t, url, "t", locuskit.WithAttempts(3)).Whitelabels(t.Context())
		var e *locuskit.Error
		if !errors.As(err, &e) || e.Status != status || e.Attempts != asks || asked != asks {
			t.Errorf("%d: asked %d times, want %d; error %v", status, asked, asks, err)
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
