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
	Worker  int       // of its fetch, from 0: a chart's lane
	Hedge   bool      // the second of two at a time, see [WithHedge]
	Start   time.Time // when it was sent
	Took    time.Duration
	Status  int // of the answer, or 0
	Bytes   int // of the answer, decompressed
	Err     error
}

// End is when the answer was read, or given up.
func (s Sent) End() time.Time { return s.Start.Add(s.Took) }

// Outrun reports whether the request was cancelled since its twin was answered
// first, see [WithHedge]. It does not count as failed.
func (s Sent) Outrun() bool { return s.Err == errOutrun }

// WithTimeline sets how many of the latest requests [Client.Timeline] and the percentiles of
// [Client.Stats] know of; the default is 65,536, some 12 MB when full.
func WithTimeline(n int) Option { return func(s *settings) { s.keep = max(n, 0) } }

// mostSent bounds the timeline's memory unless WithTimeline does; older requests are forgotten.
const mostSent = 1 << 16

// timeline is a ring of the latest requests.
type timeline struct {
	most   int // length of ring
	mu     sync.Mutex
	ring   []Sent
	total  int // ever recorded
	failed int
	again  int // of total, repetitions
	hedged int // of again, sent beside the first
	bytes  int64
}

func (t *timeline) record(s Sent) {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case len(t.ring) < t.most:
		t.ring = append(t.ring, s)
	case t.most > 0:
		t.ring[t.total%t.most] = s
	}
	t.total++
	t.bytes += int64(s.Bytes)
	if s.Err != nil && !s.Outrun() {
		t.failed++
	}
	if s.Hedge {
		t.hedged++
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

// Timeline returns the latest requests of this client, at most 65,536 unless [WithTimeline] says
// otherwise, in order of their start: what a chart with a lane for each worker is drawn from.
func (c *Client) Timeline() []Sent {
	if c.made("") != nil {
		return nil
	}
	c.sent.mu.Lock()
	list := slices.Clone(c.sent.ring)
	c.sent.mu.Unlock()
	slices.SortStableFunc(list, func(a, b Sent) int { return a.Start.Compare(b.Start) })
	return list
}

// Stats sums up the requests of a client since it was made. The percentiles are
// of the latencies, body included, of the requests in its [Client.Timeline].
type Stats struct {
	Requests int   // sent, repetitions included
	Failed   int   // of Requests: no answer, or not a good one
	Repeated int   // of Requests: not the first for their question
	Hedged   int   // of Repeated: sent beside the first, see [WithHedge]
	Bytes    int64 // of answers, decompressed

	Shortest, P50, P90, P95, P99, Longest time.Duration
}

// Stats sums up the requests so far.
func (c *Client) Stats() Stats {
	if c.made("") != nil {
		return Stats{}
	}
	c.sent.mu.Lock()
	s := Stats{Requests: c.sent.total, Failed: c.sent.failed, Repeated: c.sent.again, Hedged: c.sent.hedged, Bytes: c.sent.bytes}
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
	s.Shortest, s.P50, s.P90, s.P95, s.P99, s.Longest = took[0], at(0.5), at(0.9), at(0.95), at(0.99), took[len(took)-1]
	return s
}

func (s Stats) String() string {
	ms := func(d time.Duration) time.Duration { return d.Round(100 * time.Microsecond) }
	return fmt.Sprintf("%d requests, %d failed, %d repeated, %d bytes; latency %v shortest, %v median, %v 90 %%, %v 99 %%, %v longest",
		s.Requests, s.Failed, s.Repeated, s.Bytes, ms(s.Shortest), ms(s.P50), ms(s.P90), ms(s.P99), ms(s.Longest))
}
