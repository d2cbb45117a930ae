package locuskit

import (
	"fmt"
	"time"
)

// Progress is how far a fetch over many items is.
type Progress struct {
	What    string // what is fetched, such as "connections"
	Done    int    // items that have an outcome
	Total   int
	Failed  int           // of Done
	Elapsed time.Duration // since the fetch began
	Over    bool          // true in the last report
}

// Rate is items per second so far.
func (p Progress) Rate() float64 {
	if p.Elapsed <= 0 {
		return 0
	}
	return float64(p.Done) / p.Elapsed.Seconds()
}

// Left estimates the time to the end from the rate so far.
func (p Progress) Left() time.Duration {
	if p.Done == 0 {
		return 0
	}
	return time.Duration(float64(p.Elapsed) / float64(p.Done) * float64(p.Total-p.Done))
}

// String is such as "connections 57/120 · 31.6/s · 2 s left".
func (p Progress) String() string {
	text := fmt.Sprintf("%s %d/%d · %.1f/s", p.What, p.Done, p.Total, p.Rate())
	switch {
	case p.Over:
		text += fmt.Sprintf(" · %.1f s", p.Elapsed.Seconds())
	case p.Done > 0:
		text += fmt.Sprintf(" · %.0f s left", p.Left().Seconds())
	}
	if p.Failed > 0 {
		text += fmt.Sprintf(" · %d failed", p.Failed)
	}
	return text
}

// ProgressFunc receives reports, from one goroutine at a time. It should
// return quickly: the fetch waits for it.
type ProgressFunc func(Progress)

// tracker counts outcomes and reports them, at most every reportEvery. A fetch
// that ends within firstReport reports nothing: a bar that flashes by
// tells nothing and stays in the notebook for ever.
type tracker struct {
	Progress
	start    time.Time
	due      time.Time
	report   ProgressFunc
	reported bool
}

const (
	firstReport = time.Second
	reportEvery = 200 * time.Millisecond
)

func newTracker(what string, total int, report ProgressFunc) *tracker {
	now := time.Now()
	return &tracker{Progress: Progress{What: what, Total: total}, start: now, due: now.Add(firstReport), report: report}
}

// add counts one outcome.
func (t *tracker) add(err error) {
	t.Done++
	if err != nil {
		t.Failed++
	}
	if now := time.Now(); t.report != nil && !now.Before(t.due) {
		t.due = now.Add(reportEvery)
		t.send(now)
	}
}

// close sends the last report, if there was an earlier one.
func (t *tracker) close() {
	if t.reported {
		t.Over = true
		t.send(time.Now())
	}
}

func (t *tracker) send(now time.Time) {
	t.Elapsed = now.Sub(t.start)
	t.reported = true
	t.report(t.Progress)
}
