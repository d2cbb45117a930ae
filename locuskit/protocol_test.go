package locuskit_test

import (
	"bytes"
	"compress/gzip"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"locuslab/locuskit"
)

// speaking returns a server of both protocols without TLS.
func speaking(t *testing.T, h http.HandlerFunc) string {
	s := httptest.NewUnstartedServer(h)
	s.Config.Protocols = new(http.Protocols)
	s.Config.Protocols.SetHTTP1(true)
	s.Config.Protocols.SetUnencryptedHTTP2(true)
	s.Start()
	t.Cleanup(s.Close)
	return s.URL
}

func TestProtocolIsTheOneAskedFor(t *testing.T) {
	var protocol string
	url := speaking(t, func(w http.ResponseWriter, r *http.Request) {
		protocol = r.Proto
		w.Write([]byte("[]"))
	})
	for want, opts := range map[string][]locuskit.Option{"HTTP/1.1": nil, "HTTP/2.0": {locuskit.WithHTTP2()}} {
		if _, err := dial(t, url, "t", opts...).Whitelabels(t.Context()); err != nil || protocol != want {
			t.Errorf("spoke %s, want %s; error %v", protocol, want, err)
		}
	}
}

func TestEncodings(t *testing.T) {
	const answer = `[{"whitelabelid":1,"company":"Atom"}]`
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	z.Write([]byte(answer))
	z.Close()
	e, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	bodies := map[string][]byte{"gzip": zipped.Bytes(), "zstd": e.EncodeAll([]byte(answer), nil), "": []byte(answer), "br": []byte("?")}
	e.Close()
	for encoding, body := range bodies {
		for _, cut := range []bool{false, true} {
			if cut {
				body = body[:len(body)*2/3]
			}
			url := answering(t, func(w http.ResponseWriter, r *http.Request) {
				if encoding != "br" && encoding != "" && !strings.Contains(r.Header.Get("Accept-Encoding"), encoding) {
					t.Errorf("%s was not asked for: %q", encoding, r.Header.Get("Accept-Encoding"))
				}
				w.Header().Set("Content-Encoding", encoding)
				w.Write(body)
			})
			for range 3 { // the decompressors are used again
				list, err := dial(t, url, "t", locuskit.WithAttempts(2)).Whitelabels(t.Context())
				switch good := !cut && encoding != "br"; {
				case good && (err != nil || !slices.Equal(list, locuskit.Whitelabels{{ID: 1, Company: "Atom"}})):
					t.Errorf("%q: %v, error %v", encoding, list, err)
				case !good && (err == nil || list != nil):
					t.Errorf("%q, cut: %v, error %v", encoding, list, err)
				}
			}
		}
	}
}

// TestBombIsNotUnpacked sends a gigabyte of spaces in a few kilobytes.
func TestBombIsNotUnpacked(t *testing.T) {
	e, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	bomb := e.EncodeAll(bytes.Repeat([]byte(" "), 64<<20), nil)
	for range 4 {
		bomb = append(bomb, bomb...) // frames one after another
	}
	url := answering(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "zstd")
		w.Write(bomb)
	})
	c := dial(t, url, "t", locuskit.WithMaxBytes(1<<20))
	_, err = c.Whitelabels(t.Context())
	if err == nil || !strings.Contains(err.Error(), "larger than 1048576 bytes") || c.Stats().Bytes > 1<<20+512 {
		t.Errorf("read %d bytes, error %v", c.Stats().Bytes, err)
	}
}

func TestRetryAfterIsWaitedFor(t *testing.T) {
	var asked []time.Time
	url := answering(t, func(w http.ResponseWriter, _ *http.Request) {
		if asked = append(asked, time.Now()); len(asked) == 1 {
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		w.Write([]byte("[]"))
	})
	if _, err := dial(t, url, "t").Whitelabels(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(asked) != 2 || asked[1].Sub(asked[0]) < time.Second {
		t.Errorf("asked at %v", asked)
	}
}

// overTLS says in the environment of this program, started anew, where a server of HTTP/2 over TLS is.
const overTLS = "LOCUSKIT_TEST_TLS_URL"

// TestHTTP2OverTLS has the client as it is, with the system's certificates and no client of the test's own, agree on HTTP/2 with a
// server that encrypts, as the real service does: answers in parallel over one connection, and failures told as elsewhere. The
// system's certificates are read once a process, so that a process of its own knows the server's.
func TestHTTP2OverTLS(t *testing.T) {
	if url := os.Getenv(overTLS); url != "" {
		fetchOverTLS(t, url)
		return
	}
	var mu sync.Mutex
	protocols, connections := map[string]int{}, map[string]bool{}
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		protocols[r.Proto]++
		connections[r.RemoteAddr] = true
		mu.Unlock()
		switch {
		case r.Header.Get("eq-api-jwt") != "secret-of-the-test":
			w.WriteHeader(http.StatusUnauthorized)
		case r.URL.Path == "/whitelabels":
			w.Write([]byte(`[{"whitelabelid":1,"company":"Atom"},{"whitelabelid":2,"company":"AdLoop"},{"whitelabelid":3,"company":"gone"}]`))
		case r.URL.Query().Get("whitelabel") == "3":
			panic(http.ErrAbortHandler) // the stream is reset, the connection goes on
		default:
			w.Write([]byte("[]"))
		}
	}))
	s.EnableHTTP2 = true
	s.StartTLS()
	defer s.Close()
	trusted := filepath.Join(t.TempDir(), "trusted.pem")
	if err := os.WriteFile(trusted, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	again := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestHTTP2OverTLS$", "-test.v")
	again.Env = append(os.Environ(), overTLS+"="+s.URL, "SSL_CERT_FILE="+trusted, "SSL_CERT_DIR="+t.TempDir())
	if out, err := again.CombinedOutput(); err != nil || !strings.Contains(string(out), "--- PASS: TestHTTP2OverTLS") {
		t.Fatalf("%v\n%s", err, out)
	}
	if len(protocols) != 1 || protocols["HTTP/2.0"] < 6 {
		t.Errorf("requests by protocol: %v, want HTTP/2.0 alone", protocols)
	}
	if len(connections) > 2 { // one of each client
		t.Errorf("%d connections, want one a client", len(connections))
	}
}

func fetchOverTLS(t *testing.T, url string) {
	c := dial(t, url, "secret-of-the-test", locuskit.WithAttempts(1))
	list, err := c.Whitelabels(t.Context())
	if err != nil || len(list) != 3 {
		t.Fatalf("%v, error %v", list, err)
	}
	if _, err := c.ConnectionsParallel(t.Context(), list[:2], locuskit.Workers(2)); err != nil {
		t.Error(err)
	}
	if _, err := c.ConnectionsParallel(t.Context(), list, locuskit.Workers(2)); err == nil || !strings.Contains(err.Error(), "gone") {
		t.Errorf("a stream that is reset: %v", err)
	}
	if _, err := dial(t, url, "another").Whitelabels(t.Context()); err == nil || strings.Contains(err.Error(), "another") {
		t.Errorf("a wrong token: %v", err)
	}
}
