package locustest

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"locuslab/locuskit/internal/redact"
	"locuslab/locuskit/internal/wholefile"
)

// RealURL is the real service, which there is to record.
const RealURL = "https://api.locus.place/prod"

// Record makes the service pass requests on to another one, upstream, with that one's
// token, and keep the answers in a folder, so that [Replay] can give them without it. Clients carry the
// token of this service, as always, and never learn the other.
//
// Only good answers are kept, one of each address, the newest. The
// token is in none: where an answer repeats it, "[token]" is kept in its place.
func Record(dir, upstream, token string) Option {
	return func(c *config) { c.recorder = &recorder{dir: dir, upstream: upstream, token: strings.TrimSpace(token)} }
}

// recorder passes requests on and keeps the answers.
type recorder struct {
	dir, upstream, token string

	base   *url.URL
	strip  func(string) string // takes the token out, however it is written
	client *http.Client
}

const mostRecorded = 256 << 20 // bytes of one answer

// prepare checks what can be checked before the first request.
func (rec *recorder) prepare() (err error) {
	if rec == nil {
		return nil
	}
	rec.base, err = url.Parse(rec.upstream)
	switch {
	case err != nil:
		return fmt.Errorf("locustest: record: %w", err)
	case rec.base.Scheme != "http" && rec.base.Scheme != "https" || rec.base.Host == "" || rec.base.User != nil:
		return fmt.Errorf("locustest: record: %q is no address of a service: write it as %s", rec.upstream, RealURL)
	case rec.token == "":
		return errors.New("locustest: record: the service to record wants a token: set API_TOKEN")
	}
	if err := os.MkdirAll(rec.dir, 0o700); err != nil {
		return fmt.Errorf("locustest: record: %w", err)
	}
	rec.strip = redact.New(rec.token).Text
	rec.client = &http.Client{
		Transport: &http.Transport{Proxy: http.ProxyFromEnvironment, ForceAttemptHTTP2: true, MaxIdleConnsPerHost: 256},
		CheckRedirect: func(r *http.Request, via []*http.Request) error {
			if r.URL.Host != rec.base.Host || r.URL.Scheme != rec.base.Scheme {
				r.Header.Del(tokenHeader) // it is for that service only
			}
			if len(via) >= 5 {
				return fmt.Errorf("stopped after %d redirects", len(via))
			}
			return nil
		},
	}
	return nil
}

func (rec *recorder) close() {
	if rec != nil {
		rec.client.CloseIdleConnections()
	}
}

// record answers with what the other service says.
func (s *service) record(rec *recorder) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet {
			fail(w, http.StatusMethodNotAllowed, "only GET is recorded")
			return
		}
		began := time.Now()
		status, header, body, err := rec.ask(r)
		if err != nil {
			fail(w, http.StatusBadGateway, rec.strip("the service that is recorded did not answer: "+err.Error()))
			return
		}
		body = []byte(rec.strip(string(body)))
		if status != http.StatusOK {
			for _, name := range []string{"Content-Type", "Retry-After"} {
				if v := header.Get(name); v != "" {
					w.Header().Set(name, rec.strip(v))
				}
			}
			w.WriteHeader(status)
			_, _ = w.Write(body)
			return
		}
		kept := recorded{
			Request:     rec.strip(addressOf(r)),
			ContentType: rec.strip(header.Get("Content-Type")),
			Took:        time.Since(began).Round(time.Microsecond).String(),
		}
		if err := kept.save(rec.dir, body); err != nil {
			fail(w, http.StatusInternalServerError, "cannot keep the answer: "+err.Error())
			return
		}
		s.send(w, r, kept.ContentType, body)
	})
}

func (rec *recorder) ask(r *http.Request) (status int, header http.Header, body []byte, err error) {
	at := rec.base.JoinPath(r.URL.EscapedPath())
	at.RawQuery = r.URL.RawQuery
	req, err := http.NewRequestWithContext(r.Context(), http.MethodGet, at.String(), nil)
	if err != nil {
		return 0, nil, nil, err
	}
	req.Header.Set(tokenHeader, rec.token)
	req.Header.Set("Accept", "application/json")
	resp, err := rec.client.Do(req)
	if err != nil {
		return 0, nil, nil, err
	}
	defer resp.Body.Close()
	body, err = io.ReadAll(io.LimitReader(resp.Body, mostRecorded+1))
	if err == nil && len(body) > mostRecorded {
		err = fmt.Errorf("its answer is larger than %d bytes", mostRecorded)
	}
	return resp.StatusCode, resp.Header, body, err
}

// recorded is what is kept of an answer beside its body, which has a file of its own.
type recorded struct {
	Request     string `json:"request"`      // path and query
	ContentType string `json:"content_type"` // of the body
	Took        string `json:"took"`         // until the whole answer was there
}

// addressOf returns a request's path and query, the parameters in an order of their own.
func addressOf(r *http.Request) string {
	at := r.URL.EscapedPath()
	if q := r.URL.Query().Encode(); q != "" {
		at += "?" + q
	}
	return at
}

// fileOf returns the name of an answer's files, without their endings.
func fileOf(dir, address string) string {
	path, _, _ := strings.Cut(address, "?")
	name := strings.Map(func(c rune) rune {
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' {
			return c
		}
		return '_'
	}, strings.Trim(path, "/"))
	sum := sha256.Sum256([]byte(address))
	return filepath.Join(dir, fmt.Sprintf("%.60s-%x", name, sum[:8]))
}

// save keeps an answer; the file that makes it count comes last.
func (a recorded) save(dir string, body []byte) error {
	about, err := json.MarshalIndent(a, "", "  ")
	if err != nil {
		return err
	}
	file := fileOf(dir, a.Request)
	return errors.Join(wholefile.Write(file+".body", content(body)), wholefile.Write(file+".json", content(append(about, '\n'))))
}

func content(text []byte) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := w.Write(text)
		return err
	}
}
