package locuskit_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"locuslab/locuskit"
	"locuslab/locuskit/locustest"
)

const secret = "eyJhbGciOi.a-token/with+signs.nobody-may-see"

func TestTokenIsShownNowhere(t *testing.T) {
	var log bytes.Buffer
	status := http.StatusServiceUnavailable
	url := answering(t, func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(status)
		fmt.Fprintf(w, `{"message":"token %s is not welcome"}`, r.Header.Get("eq-api-jwt"))
	})
	c := dial(t, url, secret, locuskit.WithLogger(slog.New(slog.NewJSONHandler(&log, nil))))
	var shown []string
	for _, status = range []int{503, 401, 400} {
		_, err := c.Whitelabels(t.Context())
		if err == nil {
			t.Fatal("no error")
		}
		shown = append(shown, err.Error(), fmt.Sprintf("%+v %#v", err, err))
	}
	if !strings.Contains(log.String(), "asking again") {
		t.Error("nothing was logged")
	}
	slog.New(slog.NewJSONHandler(&log, nil)).Info("client", "it", c, "copy", *c)
	shown = append(shown, log.String(), fmt.Sprint(c), fmt.Sprintf("%v %+v %#v %s %q", c, c, c, c, c),
		fmt.Sprintf("%+v %#v", *c, *c), fmt.Sprintf("%+v", struct{ C *locuskit.Client }{c}))
	for _, text := range shown {
		if strings.Contains(text, secret) {
			t.Errorf("the token is in %s", text)
		}
	}
}

// TestTokenIsShownNowhereHoweverItIsWritten has a service repeat the token in each place that an error or a log
// can quote, as others write it.
func TestTokenIsShownNowhereHoweverItIsWritten(t *testing.T) {
	slashes := strings.NewReplacer("/", `\/`)
	writings := map[string]string{
		"as it is": secret, "slashes": slashes.Replace(secret),
		"one escape": strings.Replace(secret, "-", `\u002d`, 1), "upper case": strings.ReplaceAll(secret, "/", `\u002F`),
		"all escaped": escaped(secret), "percent": url.QueryEscape(secret), "percent twice": url.QueryEscape(url.QueryEscape(secret)),
		"HTML": strings.NewReplacer("+", "&#43;", "/", "&#x2F;").Replace(secret), "base64": base64.StdEncoding.EncodeToString([]byte("user:" + secret)),
	}
	for name, writing := range writings {
		for place, answer := range map[string]func(http.ResponseWriter){
			"message":     func(w http.ResponseWriter) { w.WriteHeader(401); fmt.Fprintf(w, `{"message":"bad token %s"}`, writing) },
			"error":       func(w http.ResponseWriter) { w.WriteHeader(503); fmt.Fprintf(w, `{"error":"bad token %s"}`, writing) },
			"quoted JSON": func(w http.ResponseWriter) { w.WriteHeader(400); fmt.Fprintf(w, `{"detail":"bad token %s"}`, writing) },
			"page":        func(w http.ResponseWriter) { w.WriteHeader(502); fmt.Fprintf(w, `<p>%s</p>`, writing) },
			"long":        func(w http.ResponseWriter) { w.WriteHeader(400); fmt.Fprintf(w, `{"message":"%190s%s"}`, "", writing) },
			"time": func(w http.ResponseWriter) {
				fmt.Fprintf(w, `[{"date_range_type":"a","date_range":{"date_type":1,"start_date":"%s","end_date":null}}]`, writing)
			},
			"company":  func(w http.ResponseWriter) { fmt.Fprintf(w, `[{"whitelabelid":1,"company":"%s"}]`, writing) },
			"location": func(w http.ResponseWriter) { w.Header().Set("Location", "ftp://x/"+writing); w.WriteHeader(307) },
			"encoding": func(w http.ResponseWriter) { w.Header().Set("Content-Encoding", writing); w.Write([]byte("[]")) },
		} {
			var log bytes.Buffer
			address := answering(t, func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/connections" {
					w.WriteHeader(http.StatusTeapot) // the error names the company
					return
				}
				answer(w)
			})
			c := dial(t, address, secret, locuskit.WithAttempts(2),
				locuskit.WithLogger(slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))))
			whitelabels, err := c.Whitelabels(t.Context())
			if err == nil {
				_, err = c.Connections(t.Context(), whitelabels)
			} else if place == "time" {
				_, err = c.AOIFrequencies(t.Context(), 1)
			}
			if err == nil {
				t.Errorf("%s, %s: no error", place, name)
				continue
			}
			shown := fmt.Sprintf("%v %+v %#v %v %s", err, err, err, c.Timeline(), log.String())
			for ; err != nil; err = errors.Unwrap(err) {
				shown += fmt.Sprintf("%+v %#v\n", err, err)
			}
			for _, part := range []string{secret, secret[:10], writing, secret[len(secret)-10:], strings.Trim(strconv.Quote(writing), `"`), base64.RawStdEncoding.EncodeToString([]byte("user:" + secret))[:20]} {
				if strings.Contains(shown, part) {
					t.Errorf("%s, %s: %q of the token is in %s", place, name, part, shown)
				}
			}
		}
	}
}

func escaped(s string) (text string) {
	for _, c := range s {
		text += fmt.Sprintf(`\u%04x`, c)
	}
	return text
}

// TestTokenIsInNothingThatIsKept looks for the token in all that a run can leave behind, from a service that repeats it
// wherever it can.
func TestTokenIsInNothingThatIsKept(t *testing.T) {
	dir := t.TempDir()
	upstream := answering(t, func(w http.ResponseWriter, r *http.Request) {
		token := r.Header.Get("eq-api-jwt")
		if token != secret {
			t.Errorf("%s came with the token %q", r.URL, token)
		}
		switch id := r.URL.Query().Get("whitelabel"); id {
		case "1":
			connections(w, r, map[string]any{"name": token, "set_name": "https://x/?t=" + url.QueryEscape(token)})
		case "2":
			connections(w, r, map[string]any{"created": token}) // is quoted by the error of parsing a time
		case "3":
			fmt.Fprintf(w, `{"token":%q}`, token)
		case "4":
			fmt.Fprint(w, strings.Repeat("x", 190)+token) // is cut in the middle by whoever shortens it
		default:
			w.WriteHeader(http.StatusTeapot)
			fmt.Fprint(w, strings.Repeat("x", 190)+token)
		}
	})
	recorder := locustest.New(locustest.Record(filepath.Join(dir, "recording"), upstream, secret), locustest.Token("the-recorder's-own"))
	defer recorder.Close()

	var log, shown bytes.Buffer
	spans := tracetest.NewSpanRecorder()
	for _, at := range []struct{ url, token string }{{upstream, secret}, {recorder.URL, recorder.Token}} {
		c := dial(t, at.url, at.token, locuskit.WithAttempts(2),
			locuskit.WithLogger(slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))),
			locuskit.WithTracerProvider(trace.NewTracerProvider(trace.WithSpanProcessor(spans))))
		for id := 2; id <= 6; id++ {
			conns, err := c.ConnectionsParallel(t.Context(), []locuskit.Whitelabel{{ID: id}}, locuskit.Partial(),
				locuskit.Checkpoint(filepath.Join(dir, fmt.Sprint(id, ".ckpt"))))
			if err == nil {
				t.Errorf("whitelabel %d: no error", id)
			}
			fmt.Fprintf(&shown, "%v %+v %#v %v\n", err, err, err, conns)
			for ; err != nil; err = errors.Unwrap(err) {
				fmt.Fprintf(&shown, "%+v %#v\n", err, err)
			}
		}
		fmt.Fprintf(&shown, "%+v %#v %v", c.Timeline(), c.Timeline(), c.Stats())
	}
	c := dial(t, recorder.URL, recorder.Token)
	if _, err := c.Connections(t.Context(), []locuskit.Whitelabel{{ID: 1}}); err != nil {
		t.Fatal(err)
	}
	for _, s := range spans.Ended() {
		fmt.Fprintf(&shown, "%v %v %v %v\n", s.Name(), s.Attributes(), s.Status(), s.Events())
	}
	shown.Write(log.Bytes())
	kept := 0
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			kept++
			shown.WriteString(path + read(t, path))
		}
		return err
	})
	if err != nil || kept < 4 {
		t.Fatalf("%d files, error %v", kept, err)
	}
	for _, part := range []string{secret, secret[:10], url.QueryEscape(secret)} {
		if at := strings.Index(shown.String(), part); at >= 0 {
			t.Errorf("%q of the token is in …%.300s…", part, shown.String()[max(0, at-200):])
		}
	}
}

// TestPanicsDoNotShowTheToken crashes in the middle of a request, in a process of its own.
func TestPanicsDoNotShowTheToken(t *testing.T) {
	if os.Getenv("LOCUSKIT_CRASH") != "" {
		c := dial(t, "http://127.0.0.1:1", secret, locuskit.WithHTTPClient(&http.Client{Transport: crashing{}}))
		_, _ = c.ConnectionsParallel(t.Context(), []locuskit.Whitelabel{{ID: 1}})
		return
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestPanicsDoNotShowTheToken$")
	cmd.Env = append(os.Environ(), "LOCUSKIT_CRASH=1", "GOTRACEBACK=all")
	out, err := cmd.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "panic: crashed") || !strings.Contains(string(out), "locuskit.attemptOnce") {
		t.Errorf("no crash: %v\n%s", err, out)
	}
	if strings.Contains(string(out), secret) {
		t.Errorf("the token is in\n%s", out)
	}
}

// crashing is a transport with a mistake in it.
type crashing struct{}

func (crashing) RoundTrip(*http.Request) (*http.Response, error) { panic("crashed") }

func TestRedirectToAnotherHostDoesNotCarryTheToken(t *testing.T) {
	var there []string
	other := answering(t, func(w http.ResponseWriter, r *http.Request) {
		there = append(there, r.Header.Get("eq-api-jwt"))
		w.Write([]byte("[]"))
	})
	var here []string
	url := answering(t, func(w http.ResponseWriter, r *http.Request) {
		here = append(here, r.Header.Get("eq-api-jwt"))
		http.Redirect(w, r, other+"/elsewhere", http.StatusTemporaryRedirect)
	})
	for name, h := range map[string]*http.Client{"own client": nil, "given client": {}} {
		here, there = nil, nil
		if _, err := dial(t, url, secret, locuskit.WithHTTPClient(h)).Whitelabels(t.Context()); err != nil {
			t.Fatal(err)
		}
		if len(here) != 1 || here[0] != secret || len(there) != 1 || there[0] != "" {
			t.Errorf("%s: token sent here %q, there %q", name, here, there)
		}
	}
	http.DefaultClient.CloseIdleConnections()
}

func TestNewRefuses(t *testing.T) {
	t.Setenv("API_TOKEN", "")
	t.Setenv("LOCUS_URL", "")
	for name, c := range map[string]struct {
		opts      []locuskit.Option
		complaint string
	}{
		"no token":       {nil, "API_TOKEN"},
		"broken token":   {[]locuskit.Option{locuskit.WithToken(secret + "\n" + secret)}, "line break"},
		"no scheme":      {[]locuskit.Option{locuskit.WithToken(secret), locuskit.WithURL("api.locus.place")}, "LOCUS_URL"},
		"not HTTP":       {[]locuskit.Option{locuskit.WithToken(secret), locuskit.WithURL("ftp://a/b")}, "LOCUS_URL"},
		"password":       {[]locuskit.Option{locuskit.WithToken(secret), locuskit.WithURL("http://u:" + secret + "@a/")}, "password"},
		"not an address": {[]locuskit.Option{locuskit.WithToken(secret), locuskit.WithURL("http://[")}, "LOCUS_URL"},
	} {
		_, err := locuskit.New(c.opts...)
		if err == nil || !strings.Contains(err.Error(), c.complaint) || strings.Contains(err.Error(), secret) {
			t.Errorf("%s: got %v, want a word about %q", name, err, c.complaint)
		}
	}
}

func TestNewReadsTheEnvironment(t *testing.T) {
	var got string
	url := answering(t, func(w http.ResponseWriter, r *http.Request) {
		got = r.Header.Get("eq-api-jwt")
		w.Write([]byte("[]"))
	})
	t.Setenv("API_TOKEN", secret+"\n")
	t.Setenv("LOCUS_URL", url+"/prod/")
	c, err := locuskit.New()
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := c.Whitelabels(t.Context()); err != nil || got != secret {
		t.Errorf("sent %q, error %v", got, err)
	}
}
