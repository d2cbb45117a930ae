package chart

import (
	"fmt"
	"math"
	"strings"

	"locuslab/img/svg"
)

// Bars are labelled bars; with several series, a group of bars for each label.
//
//	chart.Bars{
//		Title:  "Household income",
//		Unit:   "$",
//		Labels: []string{"mean", "median"},
//		Series: []chart.Series{{Values: []float64{98_000, 84_500}}},
//	}
type Bars struct {
	Title  string
	Unit   string // of the values, such as "s"
	Labels []string
	Series []Series
	// Log makes the axis logarithmic, for values of very different size; those that
	// are not positive have no bar then.
	Log bool
}

// Series is a value for each label.
type Series struct {
	Name   string // may be empty where there is only one series
	Values []float64
}

// value is NaN where a series is shorter than the labels.
func (s Series) value(i int) float64 {
	if i >= len(s.Values) {
		return math.NaN()
	}
	return s.Values[i]
}

// SVG returns the chart as a document.
func (b Bars) SVG() string { return b.picture().SVG() }

// HTML returns the chart as an image element.
func (b Bars) HTML() string { return b.picture().HTML() }

// String returns the title and all values.
func (b Bars) String() string { return b.picture().String() }

func (b Bars) picture() *svg.Picture {
	b.Title = or(b.Title, "Bars")
	axis, ok := b.axis()
	if !ok {
		return empty(b.Title, "There are no values to draw.")
	}
	const (
		barHeight = 15.0
		groupGap  = 9.0
		top       = 46.0
		bottom    = 44.0
	)
	font := svg.Font{Size: 13, Anchor: svg.End}
	labelWidth, valueWidth := 0.0, 0.0
	for i, l := range b.Labels {
		labelWidth = max(labelWidth, svg.Width(l, font))
		for _, s := range b.Series {
			valueWidth = max(valueWidth, svg.Width(withUnit(s.value(i), b.Unit), small))
		}
	}
	labelWidth, valueWidth = min(labelWidth, 260), min(valueWidth, 130)
	var names []entry
	for k, s := range b.Series {
		if s.Name != "" || len(b.Series) > 1 {
			names = append(names, entry{or(s.Name, fmt.Sprintf("series %d", k+1)), box(colour(k))})
		}
	}
	legendHeight := legend(nil, 0, names)
	y0 := top + legendHeight
	if legendHeight > 0 {
		y0 += 8
	}
	group := barHeight*float64(len(b.Series)) + groupGap
	y1 := y0 + group*float64(len(b.Labels))
	p := svg.New(width, y1+bottom, b.Title, b.describe())
	legend(p, top-4, names)

	axis.x0, axis.x1 = margin+labelWidth+10, width-margin-valueWidth-8
	if axis.lo < 0 { // room for the values beside bars to the left
		axis.x0 += valueWidth + 8
	}
	for _, t := range axis.ticks {
		x := axis.at(t)
		p.Line(x, y0, x, y1, grid)
		f := small
		f.Anchor = svg.Middle
		p.Text(x, y1+17, number(t), f)
	}
	note := b.Unit
	if b.Log {
		note = strings.TrimSpace(note + " (logarithmic)")
	}
	p.Text(axis.x1, y1+34, svg.Fit(note, small, axis.x1-margin), svg.Font{Size: 12, Paint: svg.Muted, Anchor: svg.End})
	zero := axis.x0
	if !b.Log {
		zero = axis.at(0)
	}
	for i, l := range b.Labels {
		y := y0 + group*float64(i) + groupGap/2
		p.Text(margin+labelWidth, y+(group-groupGap)/2+4.5, svg.Fit(l, font, labelWidth), font)
		for k, s := range b.Series {
			b.bar(p, axis, zero, y+barHeight*float64(k), barHeight-1, s.value(i), colour(k))
		}
	}
	p.Line(zero, y0, zero, y1, svg.Style{Stroke: svg.Muted})
	return p
}

// bar draws one bar and its value beside it.
func (b Bars) bar(p *svg.Picture, a axis, zero, y, height, v float64, c svg.Paint) {
	end, f := zero, small
	if finite(v) && (!b.Log || v > 0) {
		end = a.at(v)
		p.Rect(min(zero, end), y, math.Abs(end-zero), height, svg.Style{Fill: c})
	}
	x := end + 6
	if end < zero {
		x, f.Anchor = end-6, svg.End
	}
	p.Text(x, y+height/2+4, svg.Fit(withUnit(v, b.Unit), f, 130), f)
}

// colour is that of the k-th series.
func colour(k int) svg.Paint { return svg.Series[k%len(svg.Series)] }

// axis maps values to places.
type axis struct {
	lo, hi float64
	log    bool
	ticks  []float64
	x0, x1 float64
}

func (a axis) at(v float64) float64 {
	lo, hi := a.lo, a.hi
	if a.log {
		lo, hi, v = math.Log10(lo), math.Log10(hi), math.Log10(v)
	}
	return a.x0 + (v-lo)/(hi-lo)*(a.x1-a.x0)
}

// axis is from zero, or on a logarithmic one from a power of ten, over all values.
func (b Bars) axis() (axis, bool) {
	lo, hi, any := math.Inf(1), math.Inf(-1), false
	for i := range b.Labels {
		for _, s := range b.Series {
			if v := s.value(i); finite(v) && (!b.Log || v > 0) {
				lo, hi, any = min(lo, v), max(hi, v), true
			}
		}
	}
	if !any {
		return axis{}, false
	}
	if b.Log {
		t := logTicks(lo, hi)
		return axis{lo: t[0], hi: t[len(t)-1], log: true, ticks: t}, true
	}
	lo, hi = min(lo, 0), max(hi, 0)
	if lo == hi {
		hi = 1
	}
	// Halves, lest the span of two huge values overflow.
	step := 2 * niceStep(hi/2-lo/2, 6)
	if s := niceStep(hi-lo, 6); finite(hi - lo) {
		step = s
	}
	return axis{lo: lo, hi: hi, ticks: ticks(lo, hi, step)}, true
}

func (b Bars) describe() string {
	var lines []string
	for i, l := range b.Labels {
		var values []string
		for k, s := range b.Series {
			v := withUnit(s.value(i), b.Unit)
			if len(b.Series) > 1 {
				v = or(s.Name, fmt.Sprintf("series %d", k+1)) + " " + v
			}
			values = append(values, v)
		}
		lines = append(lines, l+": "+strings.Join(values, ", "))
	}
	return strings.Join(lines, "; ") + "."
}
