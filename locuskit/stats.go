package locuskit

import (
	"fmt"
	"slices"
	"sync"
	"time"
)

// Sent is one request as it went over the wire, a repetition counting as another.
type Sent struct {
	What    string    // such as "connections of whitelabel 7 (CHR)"
	Attempt int       // 1 is the first
	Start   time.Time // when it was sent
	Took    time.Duration
	Status  int // of the answer, or 0
	Bytes   int // of the answer, decompressed
	Err     error
}

// mostSent bounds the timeline's memory, to about 10 MB; older requests are forgotten.
const mostSent = 1 << 16

// timeline is a ring of the latest requests.
type timeline struct {
	mu     sync.Mutex
	ring   []Sent
	total  int // ever recorded
	failed int
	again  int // of total, repetitions
	bytes  int64
}

func (t *timeline) record(s Sent) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.ring) < mostSent {
		t.ring = append(t.ring, s)
	} else {
		t.ring[t.total%mostSent] = s
	}
	t.total++
	t.bytes += int64(s.Bytes)
	if s.Err != nil {
		t.failed++
	}
	if s.Attempt > 1 {
		t.again++
	}
}

func (t *timeline) repetitions() (again, first int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.again, t.total - t.again
}

// Timeline is the latest requests of this client, at most 65,536, in order of
// their start: what a chart of a fetch is drawn from.
func (c *Client) Timeline() []Sent {
	c.sent.mu.Lock()
	list := slices.Clone(c.sent.ring)
	c.sent.mu.Unlock()
	slices.SortStableFunc(list, func(a, b Sent) int { return a.Start.Compare(b.Start) })
	return list
}

// Stats sums up the requests of a client since it was made. The percentiles are
// of the latencies, body included, of the requests in its [Client.Timeline].
type Stats struct {
	Requests, Failed        int
	Bytes                   int64
	P50, P90, P99, Shortest time.Duration
	Longest                 time.Duration
}

// Stats sums up the requests so far.
func (c *Client) Stats() Stats {
	c.sent.mu.Lock()
	s := Stats{Requests: c.sent.total, Failed: c.sent.failed, Bytes: c.sent.bytes}
	took := make([]time.Duration, len(c.sent.ring))
	for i, r := range c.sent.ring {
		took[i] = r.Took
	}
	c.sent.mu.Unlock()
	if len(took) == 0 {
		return s
	}
	slices.Sort(took)
	at := func(q float64) time.Duration { return took[int(q*float64(len(took)-1))] }
	s.P50, s.P90, s.P99, s.Shortest, s.Longest = at(0.5), at(0.9), at(0.99), took[0], took[len(took)-1]
	return s
}

func (s Stats) String() string {
	ms := func(d time.Duration) time.Duration { return d.Round(100 * time.Microsecond) }
	return fmt.Sprintf("%d requests, %d failed, %d bytes; latency %v shortest, %v median, %v 90 %%, %v 99 %%, %v longest",
		s.Requests, s.Failed, s.Bytes, ms(s.Shortest), ms(s.P50), ms(s.P90), ms(s.P99), ms(s.Longest))
}
