package locuskit

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/cenkalti/backoff/v5"
)

// postponed is a refusal that says when to ask again.
type postponed struct {
	*refusal
	wait time.Duration
}

func (p *postponed) Unwrap() error { return p.refusal }

// pauses are the waits between the attempts of one call: they grow, and are never shorter than the service asks. The
// context bounds their time.
type pauses struct {
	*backoff.ExponentialBackOff
	least time.Duration // that the last answer asks for
}

func (c *Client) newPauses() *pauses {
	b := backoff.NewExponentialBackOff()
	b.InitialInterval, b.MaxInterval = c.firstPause, c.longestPause
	return &pauses{b, 0}
}

// NextBackOff implements [backoff.BackOff].
func (p *pauses) NextBackOff() time.Duration {
	pause := max(p.ExponentialBackOff.NextBackOff(), p.least)
	p.least = 0
	return pause
}

// verdict turns the outcome of an attempt into backoff's terms: nil, try
// again, or give up.
func (c *Client) verdict(ctx context.Context, f *Error, p *pauses) error {
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
		p.least = later.wait
	}
	return f.Err
}

// repeatable reports whether the same request can succeed when sent again.
func repeatable(status int, err error) bool {
	var large *tooLarge
	var bad *badAnswer
	switch {
	case errors.As(err, &large):
		return false
	case errors.As(err, &bad):
		return bad.transient
	case status == http.StatusTooManyRequests, status == http.StatusRequestTimeout, status == http.StatusTooEarly, status >= 500:
		return true
	case status != 0 && status != http.StatusOK:
		return false
	}
	u := unreachable(err)
	return u == nil || u.passes // no answer, or one that broke off
}

// retryAfter reads the header of that name, seconds or a date, which is compared with the service's own clock if it
// tells the time. A number or date that says "now" is no wait.
func retryAfter(resp *http.Response, now time.Time) (time.Duration, bool) {
	const longest = time.Duration(1<<63 - 1)
	value := resp.Header.Get("Retry-After")
	if date, err := http.ParseTime(value); err == nil {
		if theirs, err := http.ParseTime(resp.Header.Get("Date")); err == nil {
			now = theirs
		}
		return max(date.Sub(now), 0), true
	}
	for _, c := range value {
		if c != '.' && (c < '0' || c > '9') {
			return 0, false
		}
	}
	seconds, err := strconv.ParseFloat(value, 64)
	switch {
	case errors.Is(err, strconv.ErrSyntax):
		return 0, false
	case seconds >= longest.Seconds(): // out of range, too
		return longest, true
	}
	return time.Duration(seconds * float64(time.Second)), true
}
