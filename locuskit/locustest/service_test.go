package locustest

import (
	"bytes"
	"encoding/json"
	"io"
	"math"
	"net/http"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// schedule is when a loop over the whitelabels ends if each of n workers takes
// the next one as soon as it is free.
func schedule(n int) time.Duration {
	free := make([]time.Duration, n)
	var end time.Duration
	for id := 1; id <= lessonWhitelabels; id++ {
		first := 0
		for i := range free {
			if free[i] < free[first] {
				first = i
			}
		}
		free[first] += latency(id)
		end = max(end, free[first])
	}
	return end
}

func TestLatenciesGiveTheTutorialsFigures(t *testing.T) {
	for _, c := range []struct {
		workers int
		seconds float64
	}{{1, 37.8}, {8, 5.92}} {
		if got := schedule(c.workers).Seconds(); math.Abs(got-c.seconds)/c.seconds > 0.01 {
			t.Errorf("%d workers: %.2f s, the tutorial has %.2f s", c.workers, got, c.seconds)
		}
	}
}

func get(t *testing.T, s *Server, path, token string) (int, []byte) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), "GET", s.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	if token != "" {
		req.Header.Set(tokenHeader, token)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	http.DefaultClient.CloseIdleConnections()
	return resp.StatusCode, body
}

func TestRefusals(t *testing.T) {
	s := New(Speed(1000))
	defer s.Close()
	for _, c := range []struct {
		name, path, token string
		status            int
		message           string
	}{
		{"no token", "/whitelabels", "", 401, "missing header eq-api-jwt"},
		{"wrong token", "/whitelabels", "guess", 401, "invalid token"},
		{"wrong token before path", "/nowhere", "guess", 401, "invalid token"},
		{"no such path", "/nowhere", s.Token, 404, "no such path: GET /nowhere"},
		{"no such whitelabel", "/connections?whitelabel=121", s.Token, 404, "no whitelabel 121"},
		{"zero", "/connections?whitelabel=0", s.Token, 404, "no whitelabel 0"},
		{"not a number", "/connections?whitelabel=x", s.Token, 400, `parameter whitelabel must be a number, not "x"`},
		{"no parameter", "/connections", s.Token, 400, `parameter whitelabel must be a number, not ""`},
	} {
		t.Run(c.name, func(t *testing.T) {
			status, body := get(t, s, c.path, c.token)
			var answer struct{ Error, Message string }
			if err := json.Unmarshal(body, &answer); err != nil {
				t.Fatalf("body %q: %v", body, err)
			}
			if status != c.status || answer.Message != c.message {
				t.Errorf("got %d %q, want %d %q", status, answer.Message, c.status, c.message)
			}
		})
	}
}

func TestFirstFiveConnections(t *testing.T) {
	s := New(Speed(1000))
	defer s.Close()
	_, body := get(t, s, "/connections?whitelabel=1", s.Token)
	var rows []map[string]any
	if err := json.Unmarshal(body, &rows); err != nil {
		t.Fatal(err)
	}
	for i, id := range []float64{1576, 1570, 1585, 1573, 1569} {
		if rows[i]["id"] != id || len(rows[i]) != 13 {
			t.Errorf("row %d: id %v with %d columns, want %v with 13", i, rows[i]["id"], len(rows[i]), id)
		}
	}
	if _, again := get(t, s, "/connections?whitelabel=1", s.Token); string(again) != string(body) {
		t.Error("the same request got another answer")
	}
}

func TestRateLimitAsksToWait(t *testing.T) {
	s := New(Speed(10_000), RateLimit(0.1, 2))
	defer s.Close()
	for i, want := range []int{200, 200, 429, 429} {
		req, err := http.NewRequestWithContext(t.Context(), "GET", s.URL+"/whitelabels", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set(tokenHeader, s.Token)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		http.DefaultClient.CloseIdleConnections()
		if after := resp.Header.Get("Retry-After"); resp.StatusCode != want || want == 429 && after != "10" {
			t.Errorf("request %d: %d, Retry-After %q; want %d", i+1, resp.StatusCode, after, want)
		}
	}
}

func TestCompression(t *testing.T) {
	body := bytes.Repeat([]byte("locus "), 1000)
	for accepted, want := range map[string]string{
		"": "", "identity": "", "gzip": "gzip", "gzip, deflate": "gzip", "gzip, zstd": "zstd", "zstd;q=0, gzip": "gzip", "gzip; q=0": "",
	} {
		encoding, packed := compress(body, accepted)
		if encoding != want || (want != "") != (len(packed) > 0 && len(packed) < len(body)) {
			t.Errorf("%q: %q of %d bytes, want %q", accepted, encoding, len(packed), want)
		}
	}
}

func TestIDsAreUnique(t *testing.T) {
	seen := map[int]bool{}
	for id := 1; id <= 1000; id++ {
		for _, c := range connections(id) {
			if seen[c.ID] {
				t.Fatalf("id %d occurs twice", c.ID)
			}
			seen[c.ID] = true
		}
	}
}

func TestStartRefusesWhatCannotWork(t *testing.T) {
	for name, c := range map[string]struct {
		addr string
		opts []Option
	}{
		"not loopback": {"0.0.0.0:0", nil},
		"no port":      {"127.0.0.1", nil},
		"speed 0":      {"127.0.0.1:0", []Option{Speed(0)}},
		"negative":     {"127.0.0.1:0", []Option{Whitelabels(-1)}},
	} {
		if err := ListenAndServe(t.Context(), c.addr, c.opts, nil); err == nil {
			t.Errorf("%s: started", name)
		}
	}
	s := New()
	defer s.Close()
	if err := ListenAndServe(t.Context(), s.URL[len("http://"):], nil, nil); err == nil {
		t.Error("two services on one port")
	}
}
