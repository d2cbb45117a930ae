package locuskit

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/cenkalti/backoff/v5"
)

// call is one question to the service, asked until it is answered or given up.
type call[T any] struct {
	client *Client
	question[T]
	address *url.URL
	shown   string // address as errors and logs have it
	tries   int    // requests sent so far
}

// get asks until it has an answer of the right shape, or gives up.
func get[T any](ctx context.Context, c *Client, q question[T]) (T, error) {
	a, err := ask(ctx, c, q)
	return a.value, err
}

// ask is [get] with the answer's text, if the question wants it.
func ask[T any](ctx context.Context, c *Client, q question[T]) (got answer[T], err error) {
	if err := c.made(q.what); err != nil {
		return got, err
	}
	asked := &call[T]{client: c, question: q, address: c.base.JoinPath(q.path)}
	asked.address.RawQuery = q.query.Encode()
	// Names that the service gave are part of both.
	asked.what, asked.shown = c.redacted(q.what), c.redacted(asked.address.String())
	if c.callTimeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, c.callTimeout, &callTimeout{c.callTimeout})
		defer cancel()
	}
	failure := &Error{What: asked.what, URL: asked.shown}
	pauses := c.newPauses()
	_, err = backoff.Retry(ctx, func() (struct{}, error) {
		var s Sent
		got, s = try(ctx, asked)
		if ctx.Err() != nil && s.Status == 0 && failure.Err != nil {
			// What went wrong before is why the time was not enough.
			s.Status, s.Err = failure.Status, fmt.Errorf("%w (before that: %w)", s.Err, failure.Err)
		}
		failure.Attempts, failure.Status, failure.Err = asked.tries, s.Status, s.Err
		return struct{}{}, c.verdict(ctx, failure, pauses)
	},
		backoff.WithBackOff(pauses),
		backoff.WithMaxTries(uint(c.attempts)),
		backoff.WithMaxElapsedTime(0), // the context bounds the time
		backoff.WithNotify(func(_ error, pause time.Duration) {
			c.log.WarnContext(ctx, "asking again", "what", failure.What, "url", failure.URL,
				"attempt", failure.Attempts, "error", failure.Err, "pause", pause)
		}),
	)
	if err == nil {
		return got, nil
	}
	if stopped := context.Cause(ctx); stopped != nil && !errors.Is(failure.Err, stopped) {
		failure.Err = fmt.Errorf("%w (before that: %w)", stopped, failure.Err)
	}
	return answer[T]{}, failure
}

// callTimeout is the cause of a call that took longer than [WithCallTimeout] allows.
type callTimeout struct{ limit time.Duration }

func (e *callTimeout) Error() string {
	return fmt.Sprintf("no answer within %v, all tries together (locuskit.WithCallTimeout)", e.limit)
}
func (e *callTimeout) Is(target error) bool { return target == context.DeadlineExceeded }

// send asks once: it waits for the rate limit and the limiter, then for the answer. onWire, if
// not nil, is called when the request leaves.
func send[T any](ctx context.Context, asked *call[T], attempt int, hedge bool, onWire func()) (got answer[T], s Sent) {
	c := asked.client
	s = Sent{What: asked.what, Attempt: attempt, Worker: workerOf(ctx), Hedge: hedge, Start: time.Now()}
	if s.Err = c.admitted(ctx); s.Err != nil {
		return got, s
	}
	if err := limited(ctx, func() (int, time.Duration) {
		if onWire != nil {
			onWire()
		}
		s.Start = time.Now()
		ctx, span := c.startAttempt(ctx, asked.shown, s)
		got, s.Status, s.Bytes, s.Err = attemptOnce(ctx, asked)
		s.Took = time.Since(s.Start)
		if errors.Is(context.Cause(ctx), errOutrun) {
			s.Err = errOutrun
		}
		endAttempt(span, s)
		return s.Status, s.Took
	}); err != nil {
		s.Err = err
		return got, s
	}
	c.sent.record(s)
	c.log.DebugContext(ctx, "asked", "what", s.What, "url", asked.shown, "attempt", s.Attempt,
		"status", s.Status, "bytes", s.Bytes, "took", s.Took, "error", s.Err)
	return got, s
}

// attemptOnce sends one request and decodes its answer.
func attemptOnce[T any](ctx context.Context, asked *call[T]) (got answer[T], status, size int, err error) {
	c := asked.client
	if c.requestTimeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, c.requestTimeout)
		defer cancel()
	}
	resp, err := c.follow(ctx, asked.address)
	if err != nil {
		if resp != nil {
			status = resp.StatusCode
		}
		return got, status, 0, c.clean(err)
	}
	defer resp.Body.Close()

	if resp.StatusCode != http.StatusOK {
		message, size := c.explanation(resp)
		refused := &refusal{message}
		if wait, said := retryAfter(resp, time.Now()); said {
			return got, resp.StatusCode, size, &postponed{refused, wait}
		}
		return got, resp.StatusCode, size, refused
	}
	size, err = readAnswer(asked.question, resp, c.mostBytes, &got)
	if err != nil {
		if at := resp.Request.URL; at.Host != c.base.Host {
			err = fmt.Errorf("redirected to %s: %w", at, err)
		}
		return answer[T]{}, resp.StatusCode, size, c.clean(err)
	}
	return got, resp.StatusCode, size, nil
}
