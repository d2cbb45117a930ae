package locuskit

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/cenkalti/backoff/v5"
)

// get asks for path until it has an answer, decodes that into out, or gives up.
// what names the request in an error.
func (c *Client) get(ctx context.Context, what, path string, query url.Values, out any) error {
	address := c.base.JoinPath(path)
	address.RawQuery = query.Encode()
	failure := &Error{What: what, URL: address.String()}

	pauses := backoff.NewExponentialBackOff()
	pauses.InitialInterval, pauses.MaxInterval = c.firstPause, c.longestPause
	_, err := backoff.Retry(ctx, func() (struct{}, error) {
		failure.Attempts++
		if err := c.admitted(ctx); err != nil {
			failure.Err = err
			return struct{}{}, backoff.Permanent(err)
		}
		s := Sent{What: what, Attempt: failure.Attempts, Start: time.Now()} // sent later if a gate is closed
		s.Status, s.Bytes, s.Err = gated(ctx, func() (int, int, error) {
			s.Start = time.Now()
			return c.attempt(ctx, address.String(), out)
		})
		s.Took = time.Since(s.Start)
		c.sent.record(s)
		failure.Status, failure.Err = s.Status, s.Err
		return struct{}{}, c.verdict(ctx, failure)
	},
		backoff.WithBackOff(pauses),
		backoff.WithMaxTries(uint(c.attempts)),
		backoff.WithMaxElapsedTime(0), // the context bounds the time
		backoff.WithNotify(func(_ error, pause time.Duration) {
			c.log.WarnContext(ctx, "asking again", "what", what, "url", failure.URL,
				"attempt", failure.Attempts, "error", failure.Err, "pause", pause)
		}),
	)
	if err == nil {
		return nil
	}
	if stopped := context.Cause(ctx); stopped != nil && !errors.Is(failure.Err, stopped) {
		failure.Err = fmt.Errorf("%w (before that: %w)", stopped, failure.Err)
	}
	return failure
}

// attempt asks once.
func (c *Client) attempt(ctx context.Context, address string, out any) (status, size int, err error) {
	ctx, cancel := context.WithTimeout(ctx, c.requestTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return 0, 0, err
	}
	req.Header.Set(tokenHeader, c.token())
	req.Header.Set("Accept", "application/json")
	req.Header.Set("Accept-Encoding", "gzip")
	resp, err := c.http.Do(req)
	if err != nil {
		var wrapped *url.Error // repeats method and address, which Error has
		if errors.As(err, &wrapped) {
			err = wrapped.Err
		}
		return 0, 0, err
	}
	defer resp.Body.Close()

	buf := bodies.Get().(*bytes.Buffer)
	defer func() { buf.Reset(); bodies.Put(buf) }()
	err = readBody(buf, resp, c.mostBytes)
	if resp.StatusCode != http.StatusOK {
		refused := &refusal{c.redacted(explanation(buf.Bytes()))}
		if wait, asked := retryAfter(resp, time.Now()); asked {
			return resp.StatusCode, buf.Len(), &postponed{refused, wait}
		}
		return resp.StatusCode, buf.Len(), refused
	}
	if err != nil {
		return resp.StatusCode, buf.Len(), err
	}
	return resp.StatusCode, buf.Len(), decode(buf.Bytes(), out)
}
