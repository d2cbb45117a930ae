package locuskit

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"locuslab/locuskit/internal/redact"
)

const (
	// DefaultURL is the real service.
	DefaultURL = "https://api.locus.place/prod"

	tokenHeader = "eq-api-jwt"

	// mostWorkers is the most goroutines that one fetch runs. It is also the
	// size of the pool of idle connections: with fewer, a worker whose
	// connection was thrown away pays for a new one on each request.
	mostWorkers = 1024
)

// Client talks to one LOCUS service with one token. It is safe for use by many
// goroutines, and keeps its connections open between calls: make one and share it.
type Client struct {
	settings
	base *url.URL
	// token is behind a function so that nothing that prints a Client by
	// reflection, a debugger's %#v or a notebook's display, can reach it.
	token func() string
	// redacted removes the token from a text that came from elsewhere, such as an error message in which the
	// service repeats it. It is a function for the same reason.
	redacted   func(string) string
	redirected func(req *http.Request, via []*http.Request) error // of the client that was given, or nil
	sent       *timeline
}

// New returns a client for the service at LOCUS_URL, or the real one, with the
// token in API_TOKEN. Options change both. It sends nothing.
func New(opts ...Option) (*Client, error) {
	s := defaultSettings()
	for _, o := range opts {
		if o != nil {
			o(&s)
		}
	}
	if err := s.check(); err != nil {
		return nil, err
	}
	base, err := parseBase(s.url)
	if err != nil {
		return nil, err
	}
	token := strings.TrimSpace(s.secret)
	if token == "" {
		return nil, errors.New("locuskit: no token: set the environment variable API_TOKEN (in a notebook: %env API_TOKEN=…) or pass locuskit.WithToken")
	}
	if strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return nil, fmt.Errorf("locuskit: the token (%d characters) holds a space, line break or other character that an HTTP header cannot carry: copy it again", len(token))
	}
	s.secret = ""
	c := &Client{settings: s, base: base, token: func() string { return token }, redacted: redact.New(token).Text, sent: &timeline{most: s.keep}}
	h := http.Client{Transport: newTransport(s.h2c && base.Scheme == "http")}
	if s.http != nil {
		h = *s.http
		c.redirected = h.CheckRedirect
	}
	h.Transport = staying(h.Transport)
	c.http = &h
	return c, nil
}

func parseBase(raw string) (*url.URL, error) {
	if raw == "" {
		raw = os.Getenv("LOCUS_URL")
	}
	if raw == "" {
		raw = DefaultURL
	}
	if strings.Contains(raw, "@") {
		// Before it is parsed: the error would quote it.
		return nil, errors.New("locuskit: address of the service holds a user name or password: the service takes only a token; check LOCUS_URL")
	}
	base, err := url.Parse(raw)
	switch {
	case err != nil:
		return nil, fmt.Errorf("locuskit: address of the service: %w; check LOCUS_URL", err)
	case base.Scheme != "http" && base.Scheme != "https" || base.Hostname() == "" || base.RawQuery != "" || base.Fragment != "":
		return nil, fmt.Errorf("locuskit: address of the service %q: must look like %s; check LOCUS_URL", raw, DefaultURL)
	}
	if err := reachable(base); err != nil {
		return nil, fmt.Errorf("locuskit: address of the service %q: %w; check LOCUS_URL", raw, err)
	}
	return base, nil
}

// newTransport is http.DefaultTransport's settings with a pool for mostWorkers.
func newTransport(h2c bool) *http.Transport {
	var protocols http.Protocols
	protocols.SetHTTP1(!h2c)
	protocols.SetHTTP2(true)
	protocols.SetUnencryptedHTTP2(h2c)
	return &http.Transport{
		Protocols:             &protocols,
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		MaxIdleConnsPerHost:   mostWorkers,
		IdleConnTimeout:       30 * time.Second,
		TLSHandshakeTimeout:   10 * time.Second,
		ExpectContinueTimeout: time.Second,
		DisableCompression:    true, // asked for and undone in compression.go, within a bound
	}
}

// made returns an error for a client that New did not make, as when its error was not looked at.
func (c *Client) made(what string) error {
	if c == nil || c.base == nil {
		return fmt.Errorf("locuskit: %s: the client was not made by locuskit.New", what)
	}
	return nil
}

// Close closes the idle connections. Fetches that are under way go on; a
// client that was closed can still be used.
func (c *Client) Close() {
	if c.made("") == nil {
		c.http.CloseIdleConnections()
	}
}

// String names the service, not the token.
func (c *Client) String() string {
	if c.made("") != nil {
		return "locuskit.Client(not made by locuskit.New)"
	}
	return "locuskit.Client(" + c.base.String() + ")"
}

// GoString keeps %#v as short as String.
func (c *Client) GoString() string { return c.String() }

// clean removes the token from an error that quotes an answer. The cause goes with it, since it
// could be printed.
func (c *Client) clean(err error) error {
	redacted := c.redacted(err.Error())
	if redacted == err.Error() {
		return err
	}
	text := errors.New(redacted)
	var bad *badAnswer
	if errors.As(err, &bad) {
		return &badAnswer{text, bad.transient}
	}
	return text
}
