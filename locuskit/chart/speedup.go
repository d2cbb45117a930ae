package chart

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"locuslab/img/svg"
)

// Speedup shows how much faster work became with more workers, beside the ideal
// (twice the workers, half the time) and Amdahl's law fitted to it: when a
// share s of the work cannot be divided, n workers are 1/(s+(1-s)/n) times as
// fast as one.
//
// The run with the fewest workers is what the others are compared with. It should
// be one worker; if it has more, it counts as if it were ideal so far.
type Speedup struct {
	Title   string
	Workers []int           // of each run, in any order
	Took    []time.Duration // wall time of each run
}

// SVG returns the chart as a document.
func (s Speedup) SVG() string { return s.picture().SVG() }

// HTML returns the chart as an image element.
func (s Speedup) HTML() string { return s.picture().HTML() }

// String returns the title and all values.
func (s Speedup) String() string { return s.picture().String() }

// run is one measurement.
type run struct {
	workers int
	speedup float64
	took    time.Duration
}

func (s Speedup) runs() []run {
	var runs []run
	for i, n := range s.Workers {
		if i < len(s.Took) && n > 0 && s.Took[i] > 0 {
			runs = append(runs, run{workers: n, took: s.Took[i]})
		}
	}
	slices.SortStableFunc(runs, func(a, b run) int { return a.workers - b.workers })
	for i := range runs {
		runs[i].speedup = float64(runs[0].workers) * runs[0].took.Seconds() / runs[i].took.Seconds()
	}
	return runs
}

// SerialFraction returns the share of the work, from 0 to 1, that cannot be divided
// among workers, as Amdahl's law fits the runs best (least squares of the
// relative errors of the times). It is NaN without a run of two or more workers.
func (s Speedup) SerialFraction() float64 { return serialFraction(s.runs()) }

func serialFraction(runs []run) float64 {
	over, under := 0.0, 0.0
	for _, r := range runs {
		// time(n)/time(1) = 1/n + s (1-1/n) is linear in s.
		ideal := 1 / float64(r.workers)
		weight := r.speedup * r.speedup
		over += weight * (1/r.speedup - ideal) * (1 - ideal)
		under += weight * (1 - ideal) * (1 - ideal)
	}
	if under == 0 {
		return math.NaN()
	}
	return min(max(over/under, 0), 1)
}

// amdahl returns the speed-up of n workers.
func amdahl(serial, n float64) float64 { return 1 / (serial + (1-serial)/n) }

func (s Speedup) picture() *svg.Picture {
	title := or(s.Title, "Speed-up by workers")
	runs := s.runs()
	if len(runs) == 0 {
		return empty(title, "There are no runs to draw.")
	}
	serial := serialFraction(runs)
	desc := ""
	best, most := 1.0, runs[len(runs)-1].workers
	for _, r := range runs {
		desc += fmt.Sprintf("%s: %s, %s×; ", plural(r.workers, "worker"), seconds(r.took), number(r.speedup))
		best = max(best, r.speedup)
	}
	law := ""
	if finite(serial) {
		law = fmt.Sprintf("Amdahl's law with %s %% that cannot be divided", number(math.Round(serial*1000)/10))
		desc += law + "; "
		best = max(best, amdahl(serial, float64(most)))
	}
	desc = strings.TrimSuffix(desc, "; ") + "."
	const x0, x1, y0, y1 = margin + 40.0, width - margin - 44.0, 84.0, 400.0
	p := svg.New(width, y1+54, title, desc)
	measured := svg.Style{Stroke: svg.Blue, Width: 2}
	fitted := svg.Style{Stroke: svg.Orange, Width: 1.5, Dash: "6 4"}
	ideal := svg.Style{Stroke: svg.Muted, Dash: "2 3"}
	entries := []entry{{"measured", stroke(measured)}}
	if law != "" {
		entries = append(entries, entry{law, stroke(fitted)})
	}
	legend(p, 42, append(entries, entry{"ideal", stroke(ideal)}))

	nMax := float64(max(most, 2))
	// The ideal line is cut where it would press the others to the ground.
	sMax := min(nMax, best*1.3)
	x := func(n float64) float64 { return x0 + n/nMax*(x1-x0) }
	y := func(v float64) float64 { return y1 - v/sMax*(y1-y0) }
	for _, t := range ticks(0, sMax, niceStep(sMax, 6)) {
		p.Line(x0, y(t), x1, y(t), grid)
		p.Text(x0-8, y(t)+4, number(t), svg.Font{Size: 12, Paint: svg.Muted, Anchor: svg.End})
	}
	p.Line(x0, y1, x1, y1, svg.Style{Stroke: svg.Muted})
	free := math.Inf(-1) // what is right of it on the axis has no label yet
	for _, r := range runs {
		f := svg.Font{Size: 12, Paint: svg.Muted, Anchor: svg.Middle}
		label, at := fmt.Sprint(r.workers), x(float64(r.workers))
		if half := svg.Width(label, f)/2 + 3; at-half > free {
			p.Text(at, y1+18, label, f)
			free = at + half
		}
	}
	p.Text((x0+x1)/2, y1+38, "workers", svg.Font{Size: 12, Paint: svg.Muted, Anchor: svg.Middle})
	p.Text(margin+2, (y0+y1)/2, "times as fast", svg.Font{Size: 12, Paint: svg.Muted, Anchor: svg.Middle, Turn: -90})

	end := min(nMax, sMax)
	p.Line(x(0), y(0), x(end), y(end), ideal)
	if law != "" {
		var curve []svg.Point
		for i := range 101 {
			n := 1 + (nMax-1)*float64(i)/100
			curve = append(curve, svg.Point{X: x(n), Y: y(amdahl(serial, n))})
		}
		p.Polyline(curve, fitted)
	}
	var line []svg.Point
	for _, r := range runs {
		line = append(line, svg.Point{X: x(float64(r.workers)), Y: y(r.speedup)})
	}
	p.Polyline(line, measured)
	for i, at := range line {
		p.Circle(at.X, at.Y, 4, svg.Style{Fill: svg.Blue, Stroke: svg.Card})
		label, f := number(runs[i].speedup)+"×", svg.Font{Size: 12, Halo: true}
		if i == 0 || at.X-line[i-1].X > 34 {
			p.Text(at.X+7, at.Y+15, label, f)
		}
	}
	return p
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return grouped(fmt.Sprint(n)) + " " + what + "s"
}

// seconds writes a duration in the unit that suits it.
func seconds(d time.Duration) string {
	switch {
	case d >= time.Second:
		return number(d.Seconds()) + " s"
	case d >= time.Millisecond:
		return number(d.Seconds()*1e3) + " ms"
	}
	return number(d.Seconds()*1e6) + " µs"
}
