// Package progress tells how far something is that takes long: a [Tracker] counts and reports, at most five times a
// second and only what takes longer than a second, and [Bar] shows the reports in a notebook or a terminal. It knows
// nothing of what is counted.
package progress

import (
	"fmt"
	"time"
)

// Report says how far the work on many items is.
type Report struct {
	What    string // what the items are, such as "connections"
	Done    int    // items that have an outcome
	Total   int
	Failed  int           // of Done
	Elapsed time.Duration // since the beginning
	Over    bool          // true in the last report
}

// Rate is items per second so far.
func (r Report) Rate() float64 {
	if r.Elapsed <= 0 {
		return 0
	}
	return float64(r.Done) / r.Elapsed.Seconds()
}

// Left estimates the time to the end from the rate so far.
func (r Report) Left() time.Duration {
	if r.Done == 0 {
		return 0
	}
	return time.Duration(float64(r.Elapsed) / float64(r.Done) * float64(r.Total-r.Done))
}

// String is such as "connections 57/120 · 31.6/s · 2 s left".
func (r Report) String() string {
	text := fmt.Sprintf("%s %d/%d · %.1f/s", r.What, r.Done, r.Total, r.Rate())
	switch {
	case r.Over:
		text += fmt.Sprintf(" · %.1f s", r.Elapsed.Seconds())
	case r.Done > 0:
		text += fmt.Sprintf(" · %.0f s left", r.Left().Seconds())
	}
	if r.Failed > 0 {
		text += fmt.Sprintf(" · %d failed", r.Failed)
	}
	return text
}

// Func receives reports, from one goroutine at a time. It should
// return quickly: the work waits for it.
type Func func(Report)

// Tracker counts items that are done and reports them, at most every 200 milliseconds. What
// ends within a second is not reported: a bar that flashes by
// tells nothing and stays in the notebook for ever. One goroutine at a time uses it.
type Tracker struct {
	Report
	start    time.Time
	due      time.Time
	report   Func
	reported bool
}

const (
	firstReport = time.Second
	reportEvery = 200 * time.Millisecond
)

// NewTracker returns a tracker that reports to f; nil reports nothing.
func NewTracker(what string, total int, f Func) *Tracker {
	now := time.Now()
	return &Tracker{Report: Report{What: what, Total: total}, start: now, due: now.Add(firstReport), report: f}
}

// Add counts items that are done, and how many of them failed.
func (t *Tracker) Add(done, failed int) {
	t.Done += done
	t.Failed += failed
	if now := time.Now(); t.report != nil && !now.Before(t.due) {
		t.due = now.Add(reportEvery)
		t.send(now)
	}
}

// Close sends the last report, if there was an earlier one.
func (t *Tracker) Close() {
	if t.reported {
		t.Over = true
		t.send(time.Now())
	}
}

func (t *Tracker) send(now time.Time) {
	t.Elapsed = now.Sub(t.start)
	t.reported = true
	t.report(t.Report)
}
