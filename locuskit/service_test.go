package locuskit_test

import (
	"net/http"
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
