package main

import (
	"context"
	"fmt"
	"image/color"
	"math"
	"runtime"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

const sweepWhitelabels = 2048

// point is the sweep at one number of workers, in seconds.
type point struct {
	workers           int
	wall, ideal       float64
	longest, computed float64 // what wall cannot go below: the longest request, and the CPU time over all cores
}

// sweep doubles the workers from 1 to 1,024.
func (b *bench) sweep(ctx context.Context) error {
	s, err := startService(ctx, serviceTask{Speed: 10, Whitelabels: sweepWhitelabels})
	if err != nil {
		return err
	}
	defer s.close()
	fmt.Fprintf(b.report, "%d requests at speed 10, by the number of workers; from 16 on the best of five runs. Ideal is the sum of the latencies, as one worker sees them, over the workers. "+
		"Client and service share %d cores.\n\n"+
		"| workers | wall | ideal | wall ÷ ideal | CPU of client and service ÷ cores | requests a second |\n|---:|---:|---:|---:|---:|---:|\n", sweepWhitelabels, runtime.NumCPU())
	var points []point
	var latencies, longest float64
	for workers := 1; workers <= 1024; workers *= 2 {
		fmt.Fprintf(b.log, "sweep, %d workers\n", workers)
		m, err := s.shortest(ctx, workers)
		if err != nil {
			return err
		}
		if workers == 1 {
			latencies, longest = m.Latencies, m.Longest
		}
		p := point{workers, m.Wall, latencies / float64(workers), longest, (m.CPU + m.ServiceCPU) / float64(runtime.NumCPU())}
		points = append(points, p)
		fmt.Fprintf(b.report, "| %d | %.3f s | %.3f s | %.2f | %.3f s | %.0f |\n", workers, p.wall, p.ideal, p.wall/p.ideal, p.computed, float64(m.Requests)/m.Wall)
	}
	fmt.Fprintf(b.report, "\nThe longest request takes %.3f s.\n\n", longest)
	return drawSweep(points, b.chart)
}

// shortest returns the best of several runs where these take seconds: what else the machine does can only
// add to it.
func (s *service) shortest(ctx context.Context, workers int) (best measurement, err error) {
	runs := 1
	if workers >= 16 {
		runs = 5
	}
	for run := range runs {
		m, err := s.fetch(ctx, fetchTask{Workers: workers})
		if err != nil {
			return m, err
		}
		if run == 0 || m.Wall < best.Wall {
			best = m
		}
	}
	return best, nil
}

// series is a line of the chart.
type series struct {
	name   string
	value  func(point) float64
	colour color.Color
	dashes []vg.Length
	width  vg.Length
}

// drawSweep draws wall times on logarithmic axes, on which the ideal is a straight line. The ground is
// white, so that a dark page does not swallow the text.
func drawSweep(points []point, path string) error {
	p := plot.New()
	p.Title.Text = fmt.Sprintf("Wall time of %d requests by the number of workers", sweepWhitelabels)
	p.X.Label.Text, p.Y.Label.Text = "workers", "seconds"
	p.X.Scale, p.Y.Scale = plot.LogScale{}, plot.LogScale{}
	p.X.Tick.Marker = plot.TickerFunc(func(float64, float64) (ticks []plot.Tick) {
		for _, at := range points {
			ticks = append(ticks, plot.Tick{Value: float64(at.workers), Label: strconv.Itoa(at.workers)})
		}
		return ticks
	})
	p.Y.Tick.Marker = plot.LogTicks{Prec: -1}
	p.Title.Padding = vg.Points(8)
	p.Legend.Padding = vg.Points(2)
	p.Legend.Left, p.Legend.XOffs, p.Legend.YOffs = true, vg.Points(8), vg.Points(6)
	grid := plotter.NewGrid()
	grid.Horizontal.Color, grid.Vertical.Color = color.Gray{225}, color.Gray{240}
	p.Add(grid)
	lowest := math.Inf(1)
	for _, s := range []series{
		{"ideal: latency × requests ÷ workers", func(p point) float64 { return p.ideal }, color.RGBA{120, 120, 120, 255}, []vg.Length{6, 4}, 1.5},
		{"longest request", func(p point) float64 { return p.longest }, color.RGBA{204, 121, 167, 255}, []vg.Length{2, 3}, 1.5},
		{"CPU of client and service ÷ cores", func(p point) float64 { return p.computed }, color.RGBA{213, 94, 0, 255}, []vg.Length{8, 3, 2, 3}, 1.5},
		{"measured", func(p point) float64 { return p.wall }, color.RGBA{0, 114, 178, 255}, nil, 2.5},
	} {
		xys := make(plotter.XYs, len(points))
		for i, at := range points {
			xys[i] = plotter.XY{X: float64(at.workers), Y: max(s.value(at), 1e-3)}
			lowest = min(lowest, xys[i].Y)
		}
		line, dots, err := plotter.NewLinePoints(xys)
		if err != nil {
			return err
		}
		line.Color, line.Width, line.Dashes = s.colour, s.width, s.dashes
		p.Add(line)
		if s.dashes == nil {
			dots.Shape, dots.Color, dots.Radius = draw.CircleGlyph{}, s.colour, vg.Points(3)
			p.Add(dots)
			p.Legend.Add(s.name, line, dots)
		} else {
			p.Legend.Add(s.name, line)
		}
	}
	p.X.Max = 1500 // so that the last label is not cut
	p.Y.Min = math.Pow(10, math.Floor(math.Log10(lowest)))
	return p.Save(7*vg.Inch, 4.5*vg.Inch, path)
}
