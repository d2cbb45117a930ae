package chart

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"locuslab/img/svg"
	"locuslab/locuskit"
)

// Timeline shows when each request of a fetch was under way: a lane for each
// worker, a bar for each request.
//
//	begin := time.Now()
//	conns, err := client.ConnectionsParallel(ctx, whitelabels)
//	chart.Timeline{Title: "Eight at a time", Requests: client.Timeline(), Since: begin}
//
// A request lies in the first lane that was free when it was sent: there are as
// many lanes as requests were under way at once, which is as many as there
// were workers, but a lane need not be one worker's.
type Timeline struct {
	Title    string
	Requests []locuskit.Sent
	Since    time.Time     // leaves out requests that were sent before
	Span     time.Duration // length of the axis, to compare two fetches; as long as the fetch when 0
}

// SVG returns the chart as a document.
func (t Timeline) SVG() string { return t.picture().SVG() }

// HTML returns the chart as an image element.
func (t Timeline) HTML() string { return t.picture().HTML() }

// String returns the title and a summary.
func (t Timeline) String() string { return t.picture().String() }

func (t Timeline) picture() *svg.Picture {
	title := or(t.Title, "Requests under way")
	var sent []locuskit.Sent
	for _, s := range t.Requests {
		if !s.Start.Before(t.Since) {
			s.Took = max(s.Took, 0)
			sent = append(sent, s)
		}
	}
	if len(sent) == 0 {
		return empty(title, "There are no requests to draw.")
	}
	slices.SortStableFunc(sent, func(a, b locuskit.Sent) int { return a.Start.Compare(b.Start) })
	begin := sent[0].Start
	lanes, end, busy, failed, again := t.lanes(sent)
	total := end.Sub(begin)
	desc := fmt.Sprintf("%s, at most %d at a time, in %s; added up they took %s.",
		plural(len(sent), "request"), len(lanes), seconds(total), seconds(busy))
	if failed > 0 || again > 0 {
		desc += fmt.Sprintf(" %d failed, %d were repetitions.", failed, again)
	}

	laneHeight := min(22, max(3, 420/float64(len(lanes))))
	gap := min(4, laneHeight/4)
	const x0, x1 = margin + 34.0, width - margin - 10.0
	entries := []entry{{"request", box(svg.Blue)}}
	if again > 0 {
		entries = append(entries, entry{"repetition", box(svg.Orange)})
	}
	if failed > 0 {
		entries = append(entries, entry{"failed", box(svg.Red)})
	}
	y0 := 62.0
	if len(entries) > 1 {
		y0 += legendLine
	}
	y1 := y0 + laneHeight*float64(len(lanes))
	p := svg.New(width, y1+42, title, desc)
	p.Text(margin, 50, svg.Fit(desc, small, width-2*margin), small)
	if len(entries) > 1 {
		legend(p, 56, entries)
	}
	span := max(total, t.Span, time.Nanosecond).Seconds()
	x := func(at time.Time) float64 { return x0 + min(at.Sub(begin).Seconds()/span, 1)*(x1-x0) }
	unit, per := "s", 1.0
	if span < 1 {
		unit, per = "ms", 1e3
	}
	if span < 1e-3 {
		unit, per = "µs", 1e6
	}
	for _, tick := range ticks(0, span*per, niceStep(span*per, 8)) {
		at := x0 + tick/per/span*(x1-x0)
		p.Line(at, y0, at, y1, grid)
		p.Text(at, y1+17, number(tick), svg.Font{Size: 12, Paint: svg.Muted, Anchor: svg.Middle})
	}
	p.Text(x1, y1+34, "time in "+unit, svg.Font{Size: 12, Paint: svg.Muted, Anchor: svg.End})
	for i, l := range lanes {
		y := y0 + laneHeight*float64(i)
		if every := int(math.Ceil(14 / laneHeight)); i%every == 0 {
			p.Text(x0-8, y+laneHeight/2+4, strconv.Itoa(i+1), svg.Font{Size: 12, Paint: svg.Muted, Anchor: svg.End})
		}
		l.draw(p, x, y+gap/2, laneHeight-gap)
	}
	return p
}

// lane is requests that were not under way at the same time.
type lane struct {
	sent []locuskit.Sent
	free time.Time
}

func (t Timeline) lanes(sent []locuskit.Sent) (lanes []*lane, end time.Time, busy time.Duration, failed, again int) {
	for _, s := range sent {
		i := slices.IndexFunc(lanes, func(l *lane) bool { return !l.free.After(s.Start) })
		if i < 0 {
			i = len(lanes)
			lanes = append(lanes, new(lane))
		}
		l := lanes[i]
		l.sent, l.free = append(l.sent, s), s.Start.Add(s.Took)
		if l.free.After(end) {
			end = l.free
		}
		busy += s.Took
		if s.Err != nil {
			failed++
		}
		if s.Attempt > 1 {
			again++
		}
	}
	return lanes, end, busy, failed, again
}

// draw draws a lane as one path for each colour: a fetch may have thousands of
// requests.
func (l *lane) draw(p *svg.Picture, x func(time.Time) float64, y, height float64) {
	paths := map[svg.Paint]*strings.Builder{svg.Blue: {}, svg.Orange: {}, svg.Red: {}}
	for _, s := range l.sent {
		c := svg.Blue
		switch {
		case s.Err != nil:
			c = svg.Red
		case s.Attempt > 1:
			c = svg.Orange
		}
		from, to := x(s.Start), x(s.Start.Add(s.Took))
		w := max(to-from-0.6, 0.4) // a gap to the next
		fmt.Fprintf(paths[c], "M%.1f %.1fh%.1fv%.1fh%.1fz", from, y, w, height, -w)
	}
	for _, c := range []svg.Paint{svg.Blue, svg.Orange, svg.Red} {
		if d := paths[c].String(); d != "" {
			p.Path(d, svg.Style{Fill: c})
		}
	}
}
