package chart

import (
	"fmt"
	"math"
	"strings"

	"locuslab/img/svg"
)

// Lines are figures against sizes, both on logarithmic axes: how long engines take for more and more rows, and where one
// overtakes another. What is not positive cannot be drawn.
type Lines struct {
	Title string
	XUnit string // of the sizes, such as "rows"
	Unit  string // of the values, such as "s"
	Lines []Line
}

// Line is a line of [Lines].
type Line struct {
	Name      string
	X, Y      []float64
	Reckoned  bool    // not measured: dashed, without marks
	Mark      float64 // a place on the line that is pointed out, if not 0
	MarkLabel string
}

// SVG returns the chart as a document.
func (l Lines) SVG() string { return l.picture().SVG() }

// HTML returns the chart as an image element.
func (l Lines) HTML() string { return l.picture().HTML() }

// String returns the title and all values.
func (l Lines) String() string { return l.picture().String() }

// points are those that can be drawn.
func (l Line) points() (points []svg.Point) {
	for i := range min(len(l.X), len(l.Y)) {
		if x, y := l.X[i], l.Y[i]; finite(x) && finite(y) && x > 0 && y > 0 {
			points = append(points, svg.Point{X: x, Y: y})
		}
	}
	return points
}

func (l Lines) picture() *svg.Picture {
	title := or(l.Title, "Lines")
	xs, ys := []float64{math.Inf(1), 0}, []float64{math.Inf(1), 0} // the least and the most
	var desc []string
	var entries []entry
	for i, line := range l.Lines {
		var said []string
		for _, p := range line.points() {
			xs[0], xs[1] = min(xs[0], p.X), max(xs[1], p.X)
			ys[0], ys[1] = min(ys[0], p.Y), max(ys[1], p.Y)
			said = append(said, fmt.Sprintf("%s: %s", withUnit(p.X, l.XUnit), withUnit(p.Y, l.Unit)))
		}
		if len(said) > 0 {
			entries = append(entries, entry{line.Name, stroke(l.style(i))})
			desc = append(desc, line.Name+", "+strings.Join(said, ", "))
		}
		if line.MarkLabel != "" {
			desc = append(desc, line.MarkLabel)
		}
	}
	if len(entries) == 0 {
		return empty(title, "There are no values to draw.")
	}
	const x0, x1, y1 = margin + 66.0, width - margin - 20.0, 400.0
	y0 := 52 + legend(nil, 42, entries)
	p := svg.New(width, y1+54, title, strings.Join(desc, "; ")+".")
	legend(p, 42, entries)
	across, up := logTicks(xs[0], xs[1]), logTicks(ys[0], ys[1])
	place := func(v float64, ticks []float64, from, to float64) float64 {
		low, high := math.Log10(ticks[0]), math.Log10(ticks[len(ticks)-1])
		return from + (math.Log10(v)-low)/(high-low)*(to-from)
	}
	x := func(v float64) float64 { return place(v, across, x0, x1) }
	y := func(v float64) float64 { return place(v, up, y1, y0) }
	for _, t := range up {
		p.Line(x0, y(t), x1, y(t), grid)
		p.Text(x0-8, y(t)+4, withUnit(t, l.Unit), svg.Font{Size: 12, Paint: svg.Muted, Anchor: svg.End})
	}
	for _, t := range across {
		p.Line(x(t), y0, x(t), y1, grid)
		p.Text(x(t), y1+18, number(t), svg.Font{Size: 12, Paint: svg.Muted, Anchor: svg.Middle})
	}
	p.Line(x0, y1, x1, y1, svg.Style{Stroke: svg.Muted})
	p.Text((x0+x1)/2, y1+38, l.XUnit, svg.Font{Size: 12, Paint: svg.Muted, Anchor: svg.Middle})
	for i, line := range l.Lines {
		points := line.points()
		for k := range points {
			points[k] = svg.Point{X: x(points[k].X), Y: y(points[k].Y)}
		}
		p.Polyline(points, l.style(i))
		if !line.Reckoned {
			for _, at := range points {
				p.Circle(at.X, at.Y, 4, svg.Style{Fill: l.style(i).Stroke, Stroke: svg.Card})
			}
		}
	}
	for _, line := range l.Lines {
		if line.Mark < across[0] || line.Mark > across[len(across)-1] || line.Mark <= 0 {
			continue
		}
		p.Line(x(line.Mark), y0, x(line.Mark), y1, svg.Style{Stroke: svg.Muted, Dash: "2 3"})
		p.Text(x(line.Mark)-6, y0+14, line.MarkLabel, svg.Font{Size: 12, Anchor: svg.End, Halo: true})
	}
	return p
}

func (l Lines) style(i int) svg.Style {
	s := svg.Style{Stroke: svg.Series[i%len(svg.Series)], Width: 2}
	if l.Lines[i].Reckoned {
		s.Width, s.Dash = 1.5, "6 4"
	}
	return s
}
