package locustest

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"time"
)

// The tutorial waited 37.8 s for its sequential loop and 5.92 s with eight
// threads, 6.4 times less rather than 8. A fair split of 37.8 s over eight
// workers is 4.7 s, so something kept one of them busy 1.2 s longer. Here that
// is one slow whitelabel near the end of the list: everything else is done by
// then, and all wait for it. The others are drawn from a lognormal
// distribution, as the latencies of web services usually are, and scaled so
// that the sums come out; a test computes both loops from the draw.
//
// The sums stay 0.1 s and 0.02 s below the tutorial's because a request over
// loopback costs about a millisecond besides the wait.
const (
	sequentialTotal = 37_700 * time.Millisecond
	stragglerID     = lessonWhitelabels - 1
	straggler       = 1_480 * time.Millisecond
	latencySpread   = 0.35 // standard deviation of the logarithm
	listLatency     = 200 * time.Millisecond
)

var lessonLatency = drawLatencies()

// drawLatencies returns the wait of each whitelabel of the lesson at speed 1,
// by id-1. The seed is fixed, so that every run measures the same schedule.
func drawLatencies() []time.Duration {
	r := rand.New(rand.NewPCG(378, 592))
	weights := make([]float64, lessonWhitelabels)
	var sum float64
	for i := range weights {
		weights[i] = math.Exp(latencySpread * r.NormFloat64())
		if i+1 != stragglerID {
			sum += weights[i]
		}
	}
	scale := float64(sequentialTotal-straggler) / sum
	waits := make([]time.Duration, lessonWhitelabels)
	for i := range waits {
		waits[i] = time.Duration(weights[i] * scale)
	}
	waits[stragglerID-1] = straggler
	return waits
}

// latency returns the wait of a request for one whitelabel's connections at speed 1.
// Ids beyond the lesson's are spread evenly around the same mean.
func latency(id int) time.Duration {
	if id <= len(lessonLatency) {
		return lessonLatency[id-1]
	}
	mean := sequentialTotal / lessonWhitelabels
	return mean/2 + time.Duration(mix(uint64(id))%uint64(mean))
}

// mix turns an id into a number that looks random and is always the same
// (the finaliser of splitmix64).
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// profile is how long a request waits at speed 1, by its address; tutorial is what the
// tutorial's service would take.
type profile func(address string, tutorial time.Duration) time.Duration

// ParseLatency reads a latency profile as a command's flag takes it, all at speed 1:
//
//	tutorial   the tutorial's own latencies, the default
//	none       answers at once
//	heavy      the tutorial's, but one request in fifty takes ten times as long
//	300ms      every request
//	100ms-1s   evenly spread, always the same for the same address
func ParseLatency(text string) (Option, error) {
	bad := fmt.Errorf("locustest: latency %q: write tutorial, none, heavy, a time such as 300ms, or a range such as 100ms-1s", text)
	set := func(p profile) (Option, error) { return func(c *config) { c.delay = p }, nil }
	switch text {
	case "tutorial":
		return set(nil)
	case "none":
		return set(func(string, time.Duration) time.Duration { return 0 })
	case "heavy":
		return set(func(address string, tutorial time.Duration) time.Duration {
			if mix(hash(address))%50 == 0 {
				return 10 * tutorial
			}
			return tutorial
		})
	}
	low, high, isRange := strings.Cut(text, "-")
	from, err := time.ParseDuration(low)
	if err != nil || from < 0 {
		return nil, bad
	}
	to := from
	if isRange {
		if to, err = time.ParseDuration(high); err != nil || to < from {
			return nil, bad
		}
	}
	return set(func(address string, _ time.Duration) time.Duration {
		return from + time.Duration(unit(mix(hash(address)))*float64(to-from))
	})
}
