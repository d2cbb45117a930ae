package locustest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"
)

// Server is a running service. Its zero value is not usable; see [New].
type Server struct {
	URL   string // such as http://127.0.0.1:40123
	Token string // what the header eq-api-jwt must hold

	http  *http.Server
	done  chan struct{}
	ended func() // lets go of what the service held
}

// New starts a service on a free port of loopback. Like
// httptest.NewServer it panics when it cannot: a test has no use for going on.
// The caller must Close it.
func New(opts ...Option) *Server {
	s, err := start(context.Background(), "127.0.0.1:0", opts)
	if err != nil {
		panic(err)
	}
	return s
}

// Close ends the service, with its connections, and returns when it is gone.
func (s *Server) Close() {
	_ = s.http.Close()
	<-s.done
	s.ended()
}

// ListenAndServe runs a service on addr, a loopback address such as
// 127.0.0.1:8080 or, for a free port, 127.0.0.1:0, until ctx is
// done. ready is called once it answers, with its address and token. It returns
// nil when ctx ended it.
func ListenAndServe(ctx context.Context, addr string, opts []Option, ready func(url, token string)) error {
	s, err := start(ctx, addr, opts)
	if err != nil {
		return err
	}
	if ready != nil {
		ready(s.URL, s.Token)
	}
	<-ctx.Done()
	s.Close()
	return nil
}

// protocols are HTTP/1.1 and, for clients that begin with it, HTTP/2 without TLS.
func protocols() *http.Protocols {
	var p http.Protocols
	p.SetHTTP1(true)
	p.SetUnencryptedHTTP2(true)
	return &p
}

func start(ctx context.Context, addr string, opts []Option) (*Server, error) {
	c, err := configure(opts)
	if err != nil {
		return nil, err
	}
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, fmt.Errorf("locustest: address %q: %w; write it as 127.0.0.1:8080", addr, err)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, fmt.Errorf("locustest: address %q is not loopback: the service is for this machine only; use 127.0.0.1:PORT", addr)
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("locustest: listen on %s: %w; another program may have the port: choose another, or 0 for any", addr, err)
	}
	s := &Server{
		URL:   "http://" + listener.Addr().String(),
		Token: c.token,
		http:  &http.Server{Handler: newService(c), ReadHeaderTimeout: 10 * time.Second, Protocols: protocols()},
		done:  make(chan struct{}),
		ended: c.recorder.close,
	}
	go func() {
		defer close(s.done)
		if err := s.http.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			panic(fmt.Errorf("locustest: serve: %w", err)) // the listener broke under a running test
		}
	}()
	return s, nil
}
