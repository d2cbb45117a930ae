package locuskit

import (
	"context"
	"fmt"

	"golang.org/x/time/rate"
)

// WithRate bounds the requests that the client sends, repetitions included, to perSecond on
// average, and to burst at once (a token bucket). The default is no bound, as is what is not above 0.
func WithRate(perSecond float64, burst int) Option {
	return func(s *settings) {
		s.bucket = nil
		if perSecond > 0 {
			s.bucket = rate.NewLimiter(rate.Limit(perSecond), max(burst, 1))
		}
	}
}

// admitted waits for the rate limit's leave to send.
func (c *Client) admitted(ctx context.Context) error {
	if c.bucket == nil {
		return nil
	}
	if err := c.bucket.Wait(ctx); err != nil {
		return fmt.Errorf("wait for the rate limit of %v requests a second (locuskit.WithRate): %w", float64(c.bucket.Limit()), err)
	}
	return nil
}
