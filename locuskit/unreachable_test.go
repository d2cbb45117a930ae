package locuskit_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"locuslab/locuskit"
)

// certified returns a service with a certificate for a host, valid until then, and the pool that trusts it.
func certified(t *testing.T, host string, until time.Time, config *tls.Config) (url string, trusted *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	about := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: until.Add(-time.Hour), NotAfter: until, DNSNames: []string{host},
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature}
	der, err := x509.CreateCertificate(rand.Reader, about, about, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	trusted = x509.NewCertPool()
	trusted.AddCert(leaf)
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "[]") }))
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	config.Certificates = []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}
	s.TLS = config
	s.StartTLS()
	t.Cleanup(s.Close)
	return "https://localhost:" + s.Listener.Addr().String()[strings.LastIndex(s.Listener.Addr().String(), ":")+1:], trusted
}

func assertAskedOnce(t *testing.T, name, url, complaint string, opts ...locuskit.Option) {
	t.Helper()
	// A second attempt would come too late.
	c := dial(t, url, secret, append(opts, locuskit.WithBackoff(time.Hour, time.Hour), locuskit.WithCallTimeout(10*time.Second))...)
	_, err := c.Whitelabels(t.Context())
	var e *locuskit.Error
	if !errors.As(err, &e) || e.Attempts != 1 || !strings.Contains(err.Error(), complaint) || strings.Contains(err.Error(), secret) {
		t.Errorf("%s: got %v, want one attempt and %q", name, err, complaint)
	}
}

// TestWhatCannotPassIsAskedOnce has a service that cannot be reached, and will not be the next time.
func TestWhatCannotPassIsAskedOnce(t *testing.T) {
	through := func(pool *x509.CertPool) locuskit.Option {
		transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}
		t.Cleanup(transport.CloseIdleConnections)
		return locuskit.WithHTTPClient(&http.Client{Transport: transport})
	}
	later := time.Now().Add(time.Hour)
	url, pool := certified(t, "localhost", time.Now().Add(-time.Hour), &tls.Config{})
	assertAskedOnce(t, "expired", url, "check the clock", through(pool))
	url, pool = certified(t, "api.locus.place", later, &tls.Config{})
	assertAskedOnce(t, "another host's", url, "check the host in LOCUS_URL", through(pool))
	url, pool = certified(t, "localhost", later, &tls.Config{})
	assertAskedOnce(t, "unknown authority", url, "SSL_CERT_FILE")
	if _, err := dial(t, url, secret, through(pool)).Whitelabels(t.Context()); err != nil {
		t.Errorf("a certificate that is good: %v", err)
	}
	assertAskedOnce(t, "no TLS wanted", "http"+strings.TrimPrefix(url, "https"), "HTTP request to an HTTPS server")
	url, pool = certified(t, "localhost", later, &tls.Config{ClientAuth: tls.RequireAnyClientCert})
	assertAskedOnce(t, "asks for a certificate", url, "refuses the TLS connection", through(pool))
	url, pool = certified(t, "localhost", later, &tls.Config{MaxVersion: tls.VersionTLS11})
	assertAskedOnce(t, "old TLS", url, "TLS", through(pool))
	plain := answering(t, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "[]") })
	assertAskedOnce(t, "no TLS", "https"+strings.TrimPrefix(plain, "http"), "write http:// in LOCUS_URL")
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	assertAskedOnce(t, "nobody listens", "http://"+l.Addr().String(), "go run ./locuskit/locus service")
}

func TestRedirectsThatLeadNowhere(t *testing.T) {
	for name, c := range map[string]struct{ to, complaint string }{
		"loop":       {"/prod/whitelabels", "stopped after 5 redirects"},
		"no address": {"", "without a Location"},
		"scheme":     {"ftp://localhost/x", "no address of the form"},
		"port":       {"http://localhost:99999/", "port 99999 is not from 1 to 65535"},
		"port 0":     {"http://localhost:0/", "port 0 is not"},
		"not a URL":  {"http://[::1", "redirect to"},
		"with token": {"ftp://x/" + secret, "[token]"},
	} {
		url := answering(t, func(w http.ResponseWriter, _ *http.Request) {
			if c.to != "" {
				w.Header().Set("Location", c.to)
			}
			w.WriteHeader(http.StatusTemporaryRedirect)
		})
		for kind, h := range map[string]*http.Client{"own": nil, "given": {}} {
			assertAskedOnce(t, name+", "+kind, url+"/prod", c.complaint, locuskit.WithHTTPClient(h))
			assertAskedOnce(t, name+", "+kind, url+"/prod", "check LOCUS_URL", locuskit.WithHTTPClient(h))
		}
	}
	http.DefaultClient.CloseIdleConnections()
}

func TestRedirectIsFollowed(t *testing.T) {
	var sent []http.Header
	url := answering(t, func(w http.ResponseWriter, r *http.Request) {
		sent = append(sent, r.Header)
		if r.URL.Path == "/whitelabels" {
			http.Redirect(w, r, "/v2/whitelabels?page=1", http.StatusMovedPermanently)
			return
		}
		io.WriteString(w, `[{"whitelabelid":1,"company":"Atom"}]`)
	})
	asked := 0
	h := &http.Client{CheckRedirect: func(req *http.Request, via []*http.Request) error {
		if asked++; len(via) != 1 || req.Response == nil || req.URL.Path != "/v2/whitelabels" {
			t.Errorf("asked about %v after %d requests", req.URL, len(via))
		}
		return nil
	}}
	list, err := dial(t, url, secret, locuskit.WithHTTPClient(h), locuskit.WithHeader("X-Trace", "7")).Whitelabels(t.Context())
	if err != nil || len(list) != 1 || asked != 1 || len(sent) != 2 {
		t.Fatalf("%v, error %v, asked %d times, %d requests", list, err, asked, len(sent))
	}
	if sent[1].Get("eq-api-jwt") != secret || sent[1].Get("X-Trace") != "7" {
		t.Errorf("the second request lacks the token or a header: %v", sent[1])
	}
	h.CheckRedirect = func(*http.Request, []*http.Request) error { return errors.New("not here") }
	assertAskedOnce(t, "own policy", url, "refused by the http.Client", locuskit.WithHTTPClient(h))
	http.DefaultClient.CloseIdleConnections()
}

// TestRetryAfterIsNeverATightLoop has a service that refuses and says to come back at once, or at a time that no
// one can wait for.
func TestRetryAfterIsNeverATightLoop(t *testing.T) {
	const attempts, first = 4, 20 * time.Millisecond
	for value, least := range map[string]time.Duration{
		"0": 0, "-5": 0, "0.0": 0, "0.1": 100 * time.Millisecond, "Wed, 21 Oct 2015 07:28:00 GMT": 0, "soon": 0, "": 0, "1e9": 0,
	} {
		var asked []time.Time
		url := answering(t, func(w http.ResponseWriter, _ *http.Request) {
			asked = append(asked, time.Now())
			w.Header().Set("Retry-After", value)
			w.WriteHeader(http.StatusTooManyRequests)
		})
		_, err := dial(t, url, "t", locuskit.WithAttempts(attempts), locuskit.WithBackoff(first, time.Second)).Whitelabels(t.Context())
		if err == nil || len(asked) != attempts {
			t.Errorf("%q: asked %d times, error %v", value, len(asked), err)
			continue
		}
		for i := 1; i < attempts; i++ {
			if pause := asked[i].Sub(asked[i-1]); pause < max(first/2, least) {
				t.Errorf("%q: asked again after %v", value, pause)
			}
		}
	}
	for _, value := range []string{"99999999999999999999", "86400.5", "9223372037", "Fri, 31 Dec 9999 23:59:59 GMT"} {
		url := answering(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", value)
			w.WriteHeader(http.StatusServiceUnavailable)
		})
		assertAskedOnce(t, value, url, "it asks to wait", locuskit.WithBackoff(time.Millisecond, time.Second))
	}
}
