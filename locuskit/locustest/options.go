package locustest

import (
	"errors"
	"fmt"
	"net/http"

	"golang.org/x/time/rate"
)

// DefaultSpeed is how much faster than the tutorial's service the embedded one
// answers unless [Speed] says otherwise.
const DefaultSpeed = 10

type config struct {
	speed       float64
	token       string
	whitelabels int
	plan        func(*http.Request, int) Fault
	delay       profile
	bucket      *rate.Limiter // nil: as many requests as come
	recorder    *recorder     // nil: the service's own data
	replayed    string        // folder of a recording; empty: the service's own data
}

// Option changes what the service does.
type Option func(*config)

// Speed divides every latency: 1 waits as long as the tutorial's service did,
// 10 is the default.
func Speed(x float64) Option { return func(c *config) { c.speed = x } }

// Token sets the token that requests must carry; the default is drawn at
// random for each server.
func Token(t string) Option { return func(c *config) { c.token = t } }

// Whitelabels sets how many whitelabels there are; the default is 120, for which
// the tutorial's figures come out.
func Whitelabels(n int) Option { return func(c *config) { c.whitelabels = n } }

// RateLimit refuses requests beyond perSecond on average, and burst at once, with 429
// and a Retry-After. The default refuses none.
func RateLimit(perSecond float64, burst int) Option {
	return func(c *config) { c.bucket = rate.NewLimiter(rate.Limit(perSecond), max(burst, 1)) }
}

func configure(opts []Option) (config, error) {
	c := config{speed: DefaultSpeed, whitelabels: lessonWhitelabels}
	for _, o := range opts {
		o(&c)
	}
	if !(c.speed > 0) {
		return c, fmt.Errorf("locustest: speed %v: must be greater than 0, 1 being the tutorial's", c.speed)
	}
	if c.whitelabels < 0 || c.whitelabels > 1_000_000 {
		return c, fmt.Errorf("locustest: %d whitelabels: must be 0 to 1000000", c.whitelabels)
	}
	if c.bucket != nil && !(c.bucket.Limit() > 0) {
		return c, fmt.Errorf("locustest: rate limit of %v requests a second: must be greater than 0", c.bucket.Limit())
	}
	if err := c.recorder.prepare(); err != nil {
		return c, err
	}
	if c.replayed != "" {
		if err := checkRecording(c.replayed); err != nil {
			return c, err
		}
		if c.recorder != nil {
			return c, errors.New("locustest: record and replay at the same time: choose one")
		}
	}
	if c.token == "" {
		c.token = randomToken()
	}
	return c, nil
}
