package main

import (
	"bytes"
	"fmt"
	"image/color"
	"math"
	"os"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"
)

// Colours that can be told apart by colour-blind readers too, on a light and on a dark
// ground, and a shape for each engine besides.
var (
	colours = []color.Color{
		color.RGBA{86, 180, 233, 255}, color.RGBA{0, 114, 200, 255}, color.RGBA{204, 121, 167, 255}, color.RGBA{230, 159, 0, 255},
		color.RGBA{0, 158, 115, 255}, color.RGBA{213, 94, 0, 255}, color.RGBA{130, 130, 130, 255},
	}
	shapes = []draw.GlyphDrawer{draw.RingGlyph{}, draw.CircleGlyph{}, draw.CrossGlyph{}, draw.SquareGlyph{}, draw.TriangleGlyph{}, draw.PyramidGlyph{}, draw.PlusGlyph{}}
)

// chart has a line a query and a mark an engine, on a logarithmic axis of time.
func (c comparison) chart(path string) error {
	names := c.queries()
	plot.DefaultFont.Variant = "Sans" // of the same widths as Arial
	p := plot.New()
	p.Title.Text = fmt.Sprintf("%s rows, milliseconds (logarithmic; further left is faster)", thousands(c.rows))
	p.X.Scale, p.X.Tick.Marker = plot.LogScale{}, decades{}
	p.Legend.Top, p.Legend.XOffs, p.Legend.Padding = true, vg.Points(-4), vg.Points(2)
	lines := make(plot.ConstantTicks, len(names))
	for k, q := range names {
		lines[k] = plot.Tick{Value: float64(len(names) - 1 - k), Label: q}
	}
	p.Y.Tick.Marker = lines
	p.Y.Min, p.Y.Max = -0.5, float64(len(names))-0.5
	grid := plotter.NewGrid()
	grid.Vertical.Color, grid.Horizontal.Color = color.Gray{200}, color.Gray{200}
	p.Add(grid)
	lowest, highest := math.Inf(1), 0.0
	for i, col := range c.columns {
		var points plotter.XYs
		for k, q := range names {
			if m, ok := col.find(q); ok {
				v := 1000 * best(m.Seconds)
				lowest, highest = min(lowest, v), max(highest, v)
				points = append(points, plotter.XY{X: v, Y: float64(len(names) - 1 - k)})
			}
		}
		if len(points) == 0 {
			continue
		}
		marks, err := plotter.NewScatter(points)
		if err != nil {
			return err
		}
		marks.GlyphStyle = draw.GlyphStyle{Color: colours[i%len(colours)], Radius: vg.Points(4), Shape: shapes[i%len(shapes)]}
		p.Add(marks)
		p.Legend.Add(col.engine, marks)
	}
	p.X.Min, p.X.Max = lowest/1.5, highest*40 // room for the legend
	canvas := vgsvg.New(8*vg.Inch, vg.Points(80+20*float64(len(names))))
	p.Draw(draw.Crop(draw.New(canvas), vg.Points(6), vg.Points(-6), vg.Points(4), vg.Points(-8)))
	var picture bytes.Buffer
	if _, err := canvas.WriteTo(&picture); err != nil {
		return err
	}
	return os.WriteFile(path, themed(picture.Bytes()), 0o644)
}

// decades marks powers of ten.
type decades struct{}

// Ticks implements [plot.Ticker].
func (decades) Ticks(low, high float64) (ticks []plot.Tick) {
	for v := math.Pow(10, math.Floor(math.Log10(low))); v <= high; v *= 10 {
		if v >= low {
			ticks = append(ticks, plot.Tick{Value: v, Label: strconv.FormatFloat(v, 'f', -1, 64)})
		}
	}
	return ticks
}

// themed lets a picture follow the reader's light or dark theme: what is drawn in
// black, the ground and the grid change, the marks' colours are legible on both.
func themed(svg []byte) []byte {
	const style = `<style>
text { font-family: "Liberation Sans", Arial, Helvetica, sans-serif !important }
@media (prefers-color-scheme: dark) {
path[style*="fill:#FFFFFF"] { fill: #0d1117 !important }
path[style*="stroke:#000000"] { stroke: #c9d1d9 !important }
path[style*="stroke:#C8C8C8"] { stroke: #30363d !important }
text { fill: #c9d1d9 }
}
</style>
`
	head, body, found := strings.Cut(string(svg), ">\n<g ")
	if !found {
		return svg
	}
	return []byte(head + ">\n" + style + "<g " + body)
}
