package locuskit_test

import (
	"encoding/json"
	"net/http"
	"os"
	"strconv"
	"testing"
	"time"

	"locuslab/locuskit"
	"locuslab/locuskit/locustest"
)

// serve starts a service that answers at once, and a client for it that does
// not dwell on retries.
func serve(t testing.TB, service []locustest.Option, client ...locuskit.Option) *locuskit.Client {
	t.Helper()
	s := locustest.New(append([]locustest.Option{locustest.Speed(10_000)}, service...)...)
	t.Cleanup(s.Close)
	return dial(t, s.URL, s.Token, client...)
}

func dial(t testing.TB, url, token string, opts ...locuskit.Option) *locuskit.Client {
	t.Helper()
	opts = append([]locuskit.Option{
		locuskit.WithURL(url), locuskit.WithToken(token),
		locuskit.WithBackoff(time.Microsecond, time.Second),
	}, opts...)
	c, err := locuskit.New(opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// connections is an answer with connection 1 of the whitelabel that is asked for, its fields changed by with; a
// change to nil leaves the field out.
func connections(w http.ResponseWriter, r *http.Request, with map[string]any) {
	id, _ := strconv.Atoi(r.URL.Query().Get("whitelabel"))
	one := map[string]any{"id": 1, "set_id": 1, "set_name": "a", "columns": map[string]any{}, "whitelabel": id, "customer": 1, "type": "b", "name": "c",
		"created": "2021-01-20T23:30:12.363Z", "updated": "2021-01-20T23:30:32.727Z", "last_sync": "2021-01-20T23:30:32.731Z",
		"is_syncing": false, "records": 5}
	for name, value := range with {
		if one[name] = value; value == nil {
			delete(one, name)
		}
	}
	_ = json.NewEncoder(w).Encode([]any{one})
}

func whitelabelsOf(t testing.TB, c *locuskit.Client) locuskit.Whitelabels {
	t.Helper()
	w, err := c.Whitelabels(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// failing plans a fault for the first n requests of one whitelabel.
func failing(id string, f locustest.Fault, n int) locustest.Option {
	return locustest.Faults(func(r *http.Request, count int) locustest.Fault {
		if r.URL.Query().Get("whitelabel") == id && count <= n {
			return f
		}
		return locustest.None
	})
}

func read(t testing.TB, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// assertClosed waits until no more than n descriptors are open: net/http closes the connections of cancelled requests
// a little later, and tells nobody.
func assertClosed(t testing.TB, n int) {
	t.Helper()
	open := descriptors(t)
	for patience := time.Now().Add(10 * time.Second); open > n && time.Now().Before(patience); open = descriptors(t) {
		time.Sleep(time.Millisecond)
	}
	if open > n {
		t.Errorf("%d descriptors are open, want at most %d", open, n)
	}
}

// descriptors counts the open files of this process, sockets among them.
func descriptors(t testing.TB) int {
	t.Helper()
	list, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Skip("descriptors cannot be counted here: ", err)
	}
	return len(list)
}

// atOnce returns a service without latency.
func atOnce(t testing.TB) locustest.Option {
	t.Helper()
	o, err := locustest.ParseLatency("none")
	if err != nil {
		t.Fatal(err)
	}
	return o
}
