package locustest

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const upstreamToken = "the-real-token-of-1-customer"

// recordedPaths are requests of all kinds, with parameters in any order.
var recordedPaths = []string{
	"/whitelabels", "/connections?whitelabel=1", "/connections?whitelabel=2", "/reports/2163/aoi-frequencies",
	"/geojson/postalcode?code=L0K1S0", "/enrichments/demographic/Household%20Income?codes=L0K1S0,L0S1N0",
}

func TestRecordingIsReplayed(t *testing.T) {
	real := New(Speed(10_000), Token(upstreamToken))
	defer real.Close()
	dir := filepath.Join(t.TempDir(), "copy")
	recorder := New(Speed(10_000), Record(dir, real.URL, upstreamToken))
	want := map[string][]byte{}
	for _, p := range recordedPaths {
		status, body := get(t, recorder, p, recorder.Token)
		if status != 200 {
			t.Fatalf("%s: %d %s", p, status, body)
		}
		if _, direct := get(t, real, p, upstreamToken); !bytes.Equal(body, direct) {
			t.Errorf("%s: another answer than the service's own", p)
		}
		want[p] = body
	}
	if status, _ := get(t, recorder, "/whitelabels", upstreamToken); status != http.StatusUnauthorized {
		t.Errorf("the other service's token gets %d here", status)
	}
	if status, body := get(t, recorder, "/connections?whitelabel=999", recorder.Token); status != 404 || !strings.Contains(string(body), "no whitelabel 999") {
		t.Errorf("a refusal is passed on as %d %s", status, body)
	}
	recorder.Close()
	real.Close()

	replay := New(Speed(10_000), Replay(dir))
	defer replay.Close()
	for p, body := range want {
		if status, got := get(t, replay, p, replay.Token); status != 200 || !bytes.Equal(got, body) {
			t.Errorf("%s: replayed as %d %.80s", p, status, got)
		}
	}
	if status, body := get(t, replay, "/connections?whitelabel=3", replay.Token); status != 404 || !strings.Contains(string(body), "not in the recording: GET /connections?whitelabel=3") {
		t.Errorf("what was not recorded: %d %s", status, body)
	}
	if status, _ := get(t, replay, "/connections?whitelabel=999", replay.Token); status != 404 {
		t.Errorf("a refusal was recorded: %d", status)
	}
}

func TestRecordingDoesNotKeepTheToken(t *testing.T) {
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get(tokenHeader) != "" {
			t.Error("the token went to another host")
		}
		w.Write([]byte(`"elsewhere"`))
	}))
	defer other.Close()
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/moved" {
			http.Redirect(w, r, other.URL, http.StatusFound)
			return
		}
		w.Header().Set("Content-Type", "text/plain; token="+upstreamToken)
		w.Header().Set("Set-Cookie", "session="+upstreamToken)
		w.Write([]byte("your token is " + r.Header.Get(tokenHeader)))
	}))
	defer upstream.Close()
	dir := t.TempDir()
	recorder := New(Record(dir, upstream.URL, upstreamToken))
	defer recorder.Close()
	if _, body := get(t, recorder, "/echo?again="+upstreamToken, recorder.Token); string(body) != "your token is [token]" {
		t.Errorf("answered %s", body)
	}
	if _, body := get(t, recorder, "/moved", recorder.Token); string(body) != `"elsewhere"` {
		t.Errorf("answered %s", body)
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 4 {
		t.Fatalf("%d files, error %v", len(files), err)
	}
	for _, f := range files {
		text, err := os.ReadFile(filepath.Join(dir, f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(f.Name()+string(text), upstreamToken) {
			t.Errorf("the token is in %s: %s", f.Name(), text)
		}
	}
}

func TestRecordingThatCannotWork(t *testing.T) {
	for name, o := range map[string]Option{
		"no token":     Record(t.TempDir(), "http://127.0.0.1:1", ""),
		"no address":   Record(t.TempDir(), "api.locus.place", "t"),
		"no folder":    Replay(filepath.Join(t.TempDir(), "none")),
		"empty folder": Replay(t.TempDir()),
	} {
		if err := ListenAndServe(t.Context(), "127.0.0.1:0", []Option{o}, nil); err == nil {
			t.Errorf("%s: started", name)
		}
	}
	s := New(Record(t.TempDir(), "http://127.0.0.1:1", upstreamToken))
	defer s.Close()
	if status, body := get(t, s, "/whitelabels", s.Token); status != http.StatusBadGateway || !strings.Contains(string(body), "did not answer") {
		t.Errorf("got %d %s", status, body)
	}
}
