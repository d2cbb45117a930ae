package main

import (
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// bars draws bars from the bottom of the plot; plotter's own start at zero,
// which a logarithmic axis does not have.
type bars struct {
	points plotter.XYs
	width  vg.Length
	colour color.Color
}

// Plot implements plot.Plotter.
func (b *bars) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	for _, pt := range b.points {
		b.fill(&c, x(pt.X)-b.width/2, c.Min.Y, x(pt.X)+b.width/2, y(pt.Y))
	}
}

// Thumbnail implements plot.Thumbnailer, for the legend.
func (b *bars) Thumbnail(c *draw.Canvas) { b.fill(c, c.Min.X, c.Min.Y, c.Max.X, c.Max.Y) }

// DataRange implements plot.DataRanger.
func (b *bars) DataRange() (xmin, xmax, ymin, ymax float64) {
	xmin, xmax, ymin, ymax = plotter.XYRange(b.points)
	return math.Floor(xmin), math.Ceil(xmax), ymin, ymax
}

func (b *bars) fill(c *draw.Canvas, x0, y0, x1, y1 vg.Length) {
	c.FillPolygon(b.colour, []vg.Point{{X: x0, Y: y0}, {X: x1, Y: y0}, {X: x1, Y: y1}, {X: x0, Y: y1}})
}
