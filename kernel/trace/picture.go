package trace

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"locuslab/img/svg"
)

const (
	width    = 760
	labels   = 190 // room for the goroutines' names
	lane     = 20
	maxLanes = 32
)

var paints = [...]struct {
	paint svg.Paint
	word  string
}{
	Running: {svg.Green, "running"},
	Ready:   {svg.Orange, "waiting for a processor"},
	IO:      {svg.Blue, "network or system call"},
	Waiting: {svg.Grid, "waiting"},
}

// Picture draws one lane a goroutine. Of more than 32 it draws those that lived
// the longest. name gives a goroutine's label.
func (r *Run) Picture(title string, name func(*Goroutine) string) *svg.Picture {
	shown := slices.Clone(r.Goroutines)
	if len(shown) > maxLanes {
		slices.SortStableFunc(shown[1:], func(a, b *Goroutine) int { return cmp.Compare(b.Life(), a.Life()) })
		shown = shown[:maxLanes]
		slices.SortStableFunc(shown, func(a, b *Goroutine) int { return cmp.Compare(a.begin(), b.begin()) })
	}
	summary := r.Summary()
	if len(shown) < len(r.Goroutines) {
		summary += fmt.Sprintf(" Drawn are the %d that lived longest.", len(shown))
	}
	lines := svg.Wrap(summary, svg.Font{Size: 12}, width-2*svg.Margin)
	top := 54 + 16*float64(len(lines)) + 24
	bottom := top + lane*float64(len(shown))
	p := svg.New(width, bottom+42, title, summary)
	p.Lines(svg.Margin, 50, lines, svg.Font{Size: 12, Paint: svg.Muted})
	at := float64(svg.Margin)
	for _, state := range []State{Running, Ready, IO, Waiting} {
		f := svg.Font{Size: 12}
		p.Rect(at, top-26, 12, 12, svg.Style{Fill: paints[state].paint, Round: 2})
		p.Text(at+17, top-16, paints[state].word, f)
		at += 17 + svg.Width(paints[state].word, f) + 18
	}
	const x0, x1 = svg.Margin + labels, width - svg.Margin
	wall := max(r.Wall, time.Nanosecond)
	x := func(d time.Duration) float64 { return x0 + float64(d)/float64(wall)*(x1-x0) }
	step := tick(wall)
	for d := time.Duration(0); d <= wall; d += step {
		p.Line(x(d), top, x(d), bottom, svg.Style{Stroke: svg.Grid})
		p.Text(x(d), bottom+16, d.String(), svg.Font{Size: 12, Paint: svg.Muted, Anchor: svg.Middle})
	}
	for i, g := range shown {
		y := top + lane*float64(i)
		f := svg.Font{Size: 12}
		p.Text(x0-8, y+lane/2+4, svg.Fit(name(g), f, labels-8), svg.Font{Size: 12, Anchor: svg.End})
		g.draw(p, x, y+3)
	}
	return p
}

func (g *Goroutine) begin() time.Duration {
	if len(g.Spans) == 0 {
		return 0
	}
	return g.Spans[0].From
}

// draw draws a lane as one path a state: a run may have a million spans. Those
// that begin on the pixel on which the one before ended are one.
func (g *Goroutine) draw(p *svg.Picture, x func(time.Duration) float64, y float64) {
	for _, state := range []State{Waiting, IO, Ready, Running} { // what is short and matters, on top
		var path strings.Builder
		last := -1.0
		for _, s := range g.Spans {
			if s.State != state {
				continue
			}
			from, to := x(s.From), x(s.To)
			if to-last < 0.25 && state != Running {
				continue
			}
			from = max(from, last)
			to = max(to, from+0.25)
			height, down := 14.0, 0.0
			if state == Waiting {
				height, down = 4, 5
			}
			fmt.Fprintf(&path, "M%.2f %.1fh%.2fv%.1fh%.2fz", from, y+down, to-from, height, from-to)
			last = to
		}
		if path.Len() > 0 {
			p.Path(path.String(), svg.Style{Fill: paints[state].paint})
		}
	}
}

// Summary says in words what the picture shows.
func (r *Run) Summary() string {
	return fmt.Sprintf("%s in %s, at most %d running at once. Added up: running %s, waiting for a processor %s, for the network or in system calls %s, for each other or the clock %s.",
		plural(len(r.Goroutines), "goroutine"), short(r.Wall), r.Most(),
		short(r.In(Running)), short(r.In(Ready)), short(r.In(IO)), short(r.In(Waiting)))
}

func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}

// short is a time with three digits.
func short(d time.Duration) string {
	for unit := time.Nanosecond; ; unit *= 10 {
		if d < 1000*unit {
			return d.Round(unit).String()
		}
	}
}

// tick is a round time of which five to ten go into d.
func tick(d time.Duration) time.Duration {
	rough := float64(d) / 5
	power := math.Pow(10, math.Floor(math.Log10(max(rough, 1))))
	step := power
	for _, m := range []float64{1, 2, 5} {
		if m*power <= rough {
			step = m * power
		}
	}
	return time.Duration(max(step, 1))
}
