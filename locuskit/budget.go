package locuskit

import "fmt"

// spareRetries lets a short run repeat a few requests whatever its share.
const spareRetries = 10

// WithRetryBudget bounds the repetitions of all requests of the client to a share of the first
// attempts, plus ten: 0.2 lets every fifth request be repeated once. A service that is
// down is then not asked five times as often as when it is well. The default is no bound.
func WithRetryBudget(share float64) Option {
	return func(s *settings) { s.retryShare, s.retryBounded = share, true }
}

// spend takes one repetition from the budget, or says that it is used up.
func (c *Client) spend() error {
	if !c.retryBounded {
		return nil
	}
	repeated, first := c.sent.repetitions()
	if float64(repeated) < spareRetries+c.retryShare*float64(first) {
		return nil
	}
	return fmt.Errorf("retry budget is used up: %d repetitions of %d requests (locuskit.WithRetryBudget)", repeated, first)
}
