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

// call is one question to the service, asked until it is answered or given up.
type call struct {
	client  *Client
	what    string // names it in errors, such as "connections of whitelabel 7 (CHR)"
	address string
	tries   int // requests sent so far
}

// get asks for path until it has an answer of the right shape, or gives up.
func get[T any](ctx context.Context, c *Client, what, path string, query url.Values) (value T, err error) {
	address := c.base.JoinPath(path)
	address.RawQuery = query.Encode()
	asked := &call{client: c, what: what, address: address.String()}
	if c.callTimeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, c.callTimeout, &callTimeout{c.callTimeout})
		defer cancel()
	}
	failure := &Error{What: what, URL: asked.address}
	pauses := backoff.NewExponentialBackOff()
	pauses.InitialInterval, pauses.MaxInterval = c.firstPause, c.longestPause
	_, err = backoff.Retry(ctx, func() (struct{}, error) {
		var s Sent
		value, s = try[T](ctx, asked)
		if ctx.Err() != nil && s.Status == 0 && failure.Err != nil {
			// What went wrong before is why the time was not enough.
			s.Status, s.Err = failure.Status, fmt.Errorf("%w (before that: %w)", s.Err, failure.Err)
		}
		failure.Attempts, failure.Status, failure.Err = asked.tries, s.Status, s.Err
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
		return value, nil
	}
	if stopped := context.Cause(ctx); stopped != nil && !errors.Is(failure.Err, stopped) {
		failure.Err = fmt.Errorf("%w (before that: %w)", stopped, failure.Err)
	}
	var none T
	return none, failure
}

// callTimeout is the cause of a call that took longer than [WithCallTimeout] allows.
type callTimeout struct{ limit time.Duration }

func (e *callTimeout) Error() string {
	return fmt.Sprintf("no answer within %v, all tries together (locuskit.WithCallTimeout)", e.limit)
}
func (e *callTimeout) Is(target error) bool { return target == context.DeadlineExceeded }

// send asks once: it waits for the rate limit and the gate, then for the answer. onWire, if
// not nil, is called when the request leaves.
func send[T any](ctx context.Context, asked *call, attempt int, hedge bool, onWire func()) (value T, s Sent) {
	c := asked.client
	s = Sent{What: asked.what, Attempt: attempt, Worker: workerOf(ctx), Hedge: hedge, Start: time.Now()}
	if s.Err = c.admitted(ctx); s.Err != nil {
		return value, s
	}
	if err := gated(ctx, func() (int, time.Duration) {
		if onWire != nil {
			onWire()
		}
		s.Start = time.Now()
		ctx, span := c.startAttempt(ctx, asked, s)
		value, s.Status, s.Bytes, s.Err = attemptOnce[T](ctx, c, asked.address)
		s.Took = time.Since(s.Start)
		if errors.Is(context.Cause(ctx), errOutrun) {
			s.Err = errOutrun
		}
		endAttempt(span, s)
		return s.Status, s.Took
	}); err != nil {
		s.Err = err
		return value, s
	}
	c.sent.record(s)
	c.log.DebugContext(ctx, "asked", "what", s.What, "url", asked.address, "attempt", s.Attempt,
		"status", s.Status, "bytes", s.Bytes, "took", s.Took, "error", s.Err)
	return value, s
}

// attemptOnce sends one request and decodes its answer.
func attemptOnce[T any](ctx context.Context, c *Client, address string) (value T, status, size int, err error) {
	ctx, cancel := context.WithTimeout(ctx, c.requestTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return value, 0, 0, err
	}
	for name, values := range c.header {
		req.Header[name] = values
	}
	req.Header.Set(tokenHeader, c.token())
	req.Header.Set("Accept", "application/json")
	req.Header.Set("Accept-Encoding", acceptEncoding)
	c.propagate(ctx, req.Header)
	resp, err := c.http.Do(req)
	if err != nil {
		var wrapped *url.Error // repeats method and address, which Error has
		if errors.As(err, &wrapped) {
			err = wrapped.Err
		}
		return value, 0, 0, c.clean(err)
	}
	defer resp.Body.Close()

	buf := bodies.Get().(*bytes.Buffer)
	defer giveBack(buf)
	if resp.StatusCode != http.StatusOK {
		// What can be read of the explanation is better than nothing.
		_ = readBody(buf, resp, min(c.mostBytes, mostExplanation))
		refused := &refusal{explanation(c.redacted(buf.String()))}
		if wait, asked := retryAfter(resp, time.Now()); asked {
			return value, resp.StatusCode, buf.Len(), &postponed{refused, wait}
		}
		return value, resp.StatusCode, buf.Len(), refused
	}
	if own, ok := any(&value).(streamed); ok {
		size, err := decodeStream(resp, c.mostBytes, own)
		if err != nil {
			var none T
			return none, resp.StatusCode, size, c.clean(err)
		}
		return value, resp.StatusCode, size, nil
	}
	if err := readBody(buf, resp, c.mostBytes); err != nil {
		return value, resp.StatusCode, buf.Len(), c.clean(err)
	}
	if err := decode(buf.Bytes(), &value); err != nil {
		var none T
		return none, resp.StatusCode, buf.Len(), c.clean(err)
	}
	return value, resp.StatusCode, buf.Len(), nil
}
