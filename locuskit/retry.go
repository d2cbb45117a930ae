package locuskit

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"syscall"
	"time"

	"github.com/cenkalti/backoff/v5"
)

// postponed is a refusal that says when to ask again.
type postponed struct {
	*refusal
	wait time.Duration
}

func (p *postponed) Unwrap() error { return p.refusal }

// verdict turns the outcome of an attempt into backoff's terms: nil, try
// again, try again after a given pause, or give up.
func (c *Client) verdict(ctx context.Context, f *Error) error {
	if f.Err == nil {
		return nil
	}
	if ctx.Err() != nil || !repeatable(f.Status, f.Err) {
		return backoff.Permanent(f.Err)
	}
	if err := c.spend(); err != nil {
		f.Err = fmt.Errorf("%w; %w", f.Err, err)
		return backoff.Permanent(f.Err)
	}
	var later *postponed
	if errors.As(f.Err, &later) {
		if later.wait > c.longestPause {
			f.Err = fmt.Errorf("%w; it asks to wait %v, and the longest pause is %v (locuskit.WithBackoff)", f.Err, later.wait, c.longestPause)
			return backoff.Permanent(f.Err)
		}
		return &backoff.RetryAfterError{Duration: later.wait}
	}
	return f.Err
}

// repeatable reports whether the same request can succeed when sent again.
func repeatable(status int, err error) bool {
	var large *tooLarge
	var bad *badAnswer
	var op *net.OpError
	var dns *net.DNSError
	switch {
	case errors.As(err, &large):
		return false
	case errors.As(err, &bad):
		return bad.transient
	case status == http.StatusTooManyRequests, status == http.StatusRequestTimeout, status == http.StatusTooEarly, status >= 500:
		return true
	case status != 0 && status != http.StatusOK:
		return false
	case errors.As(err, &dns) && dns.IsNotFound:
		return false // more likely a slip of the pen than a name that will appear
	case errors.Is(err, syscall.ECONNREFUSED) && errors.As(err, &op) && loopback(op.Addr):
		return false // no load balancer there: the service is simply not running
	}
	return true // no answer, or one that broke off
}

func loopback(a net.Addr) bool {
	tcp, ok := a.(*net.TCPAddr)
	return ok && tcp.IP.IsLoopback()
}

// retryAfter reads the header of that name: seconds or a date.
func retryAfter(resp *http.Response, now time.Time) (time.Duration, bool) {
	value := resp.Header.Get("Retry-After")
	if seconds, err := strconv.ParseUint(value, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second, true
	}
	if date, err := http.ParseTime(value); err == nil {
		return max(date.Sub(now), 0), true
	}
	return 0, false
}
