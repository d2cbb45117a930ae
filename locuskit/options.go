package locuskit

import (
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"time"

	"go.opentelemetry.io/otel/trace"
	"golang.org/x/net/http/httpguts"
	"golang.org/x/time/rate"

	"locuslab/locuskit/progress"
)

// Option changes how a client works.
type Option func(*settings)

const (
	firstPause = 200 * time.Millisecond
	mostBytes  = 256 << 20
)

// settings is what options set; the zero value is not useful.
type settings struct {
	url      string
	secret   string // the token; empty once the client is made
	http     *http.Client
	log      *slog.Logger
	tracer   trace.Tracer         // nil records nothing
	progress func() progress.Func // makes the reporter of one fetch
	header   http.Header          // sent along with every request
	h2c      bool                 // HTTP/2 to a service without TLS
	keep     int                  // requests that the timeline holds

	attempts       int           // tries of one request, the first included
	firstPause     time.Duration // before the second try; grows from there
	longestPause   time.Duration // neither backoff nor Retry-After waits longer
	requestTimeout time.Duration // of one try, its body included
	callTimeout    time.Duration // of all tries of a request; 0 is no bound
	hedgeAfter     time.Duration // before a request is sent a second time; 0 is never
	mostBytes      int64         // of one answer, decompressed
	retryShare     float64       // repetitions for each first attempt
	retryBounded   bool          // by retryShare
	bucket         *rate.Limiter // of requests; nil is no bound
}

func defaultSettings() settings {
	return settings{
		secret:         os.Getenv("API_TOKEN"),
		log:            slog.New(slog.DiscardHandler),
		progress:       progress.Bar,
		keep:           mostSent,
		attempts:       8,
		firstPause:     firstPause,
		longestPause:   30 * time.Second,
		requestTimeout: time.Minute,
		mostBytes:      mostBytes,
	}
}

// check finds what no request can be sent with. The value of a header is in no error: it may be a password.
func (s *settings) check() error {
	for name, values := range s.header {
		if !httpguts.ValidHeaderFieldName(name) {
			return fmt.Errorf("locuskit: header %q: the name holds what no HTTP header can: check locuskit.WithHeader", name)
		}
		for _, v := range values {
			if !httpguts.ValidHeaderFieldValue(v) {
				return fmt.Errorf("locuskit: header %s: its value holds a line break or other character that no HTTP header can: check locuskit.WithHeader", name)
			}
		}
	}
	return nil
}

// WithToken sets the token, in place of the environment variable API_TOKEN.
func WithToken(token string) Option { return func(s *settings) { s.secret = token } }

// WithURL sets the service's address, in place of LOCUS_URL.
func WithURL(url string) Option { return func(s *settings) { s.url = url } }

// WithHTTPClient sends requests through h, whose transport, cookies and
// timeout stay in force, the timeout for each answer on the way where there are redirects. Its redirect
// policy is asked after the client's own, which keeps the token from other hosts.
func WithHTTPClient(h *http.Client) Option { return func(s *settings) { s.http = h } }

// WithLogger logs each repeated request as a warning, and every request at level debug; nil, the default, logs nothing.
func WithLogger(l *slog.Logger) Option {
	return func(s *settings) {
		if s.log = l; l == nil {
			s.log = slog.New(slog.DiscardHandler)
		}
	}
}

// WithAttempts sets how often a request is tried before it fails, 1 meaning
// once; the default is 8: of a service that fails a fifth of all requests at random, ten
// thousand can be had.
func WithAttempts(n int) Option { return func(s *settings) { s.attempts = max(n, 1) } }

// WithBackoff sets the pause before the first repetition, which grows by half
// each time and is varied at random by half, and the longest pause. A service that asks
// by Retry-After for more than the longest pause makes the call fail, with its wish in the error.
// The defaults are 200 ms and 30 s. There is always a pause: a first of 0 or less is the default, and the
// longest is at least the first.
func WithBackoff(first, longest time.Duration) Option {
	return func(s *settings) {
		if first <= 0 {
			first = firstPause
		}
		s.firstPause, s.longestPause = first, max(first, longest)
	}
}

// WithRequestTimeout bounds one try of a request, body included; the default
// is a minute, and 0 or less is no bound. See [WithCallTimeout] for all tries together; a bound on a whole fetch is the
// context's deadline.
func WithRequestTimeout(d time.Duration) Option {
	return func(s *settings) { s.requestTimeout = d }
}

// WithCallTimeout bounds all tries of one request together, the pauses between them
// included; the default is no bound.
func WithCallTimeout(d time.Duration) Option { return func(s *settings) { s.callTimeout = d } }

// WithHeader sends a header along with every request, such as
// "X-Locus-Fault", by which the embedded service can be made to fail. The
// token's header cannot be set so: see [WithToken].
func WithHeader(name, value string) Option {
	return func(s *settings) {
		if s.header == nil {
			s.header = http.Header{}
		}
		s.header.Add(name, value)
	}
}

// WithHTTP2 speaks HTTP/2 to a service whose address is http://, without
// asking whether it can; the embedded one can. All workers then share a few connections. With https://
// HTTP/2 is agreed on without this option. It has no effect beside [WithHTTPClient].
func WithHTTP2() Option { return func(s *settings) { s.h2c = true } }

// WithMaxBytes bounds the size of one answer, after decompression, and so of a line of a [Checkpoint]; the default is
// 256 MiB, as is 0 or less, and math.MaxInt64 is no bound.
func WithMaxBytes(n int64) Option {
	return func(s *settings) {
		if s.mostBytes = n; n <= 0 {
			s.mostBytes = mostBytes
		}
	}
}

// WithProgress reports the progress of each fetch over many items to f in
// place of the bar; nil reports nothing.
func WithProgress(f progress.Func) Option {
	return func(s *settings) { s.progress = func() progress.Func { return f } }
}
