package progress

import (
	"strings"
	"testing"
	"time"
)

func TestOnlyWhatTakesLongIsReported(t *testing.T) {
	var reports []Report
	track := NewTracker("connections", 3, func(r Report) { reports = append(reports, r) })
	track.Add(1, 0)
	track.due = time.Now() // as if a second had passed
	track.Add(1, 0)
	track.Add(1, 0) // too soon after the last report
	track.Close()
	if len(reports) != 2 || reports[0].Done != 2 || reports[1].Done != 3 || !reports[1].Over {
		t.Errorf("reports %+v", reports)
	}
	short := NewTracker("connections", 1, func(Report) { t.Error("a short fetch was reported") })
	short.Add(1, 0)
	short.Close()
}

func TestBarHTMLIsEscaped(t *testing.T) {
	got := barHTML(Report{What: "<b>", Done: 57, Total: 120, Failed: 1, Elapsed: 2 * time.Second})
	const want = `<progress value="57" max="120" style="width:20em;vertical-align:middle"></progress> &lt;b&gt; 57/120 · 28.5/s · 2 s left · 1 failed`
	if !strings.Contains(got, want) {
		t.Errorf("got %s", got)
	}
}
