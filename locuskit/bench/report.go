package main

import (
	"fmt"
	"image/color"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
)

// report writes bench.md and, of the last size, bench.svg.
func report(all []comparison, wrong []error, out string) error {
	var b strings.Builder
	for _, c := range all {
		c.markdown(&b)
	}
	if len(wrong) == 0 {
		b.WriteString("All engines that answered gave the same answers.\n")
	}
	for _, err := range wrong {
		fmt.Fprintf(&b, "- **Disagreement**: %v\n", err)
	}
	if err := os.WriteFile(filepath.Join(out, "bench.md"), []byte(b.String()), 0o644); err != nil {
		return err
	}
	return all[len(all)-1].chart(filepath.Join(out, "bench.svg"))
}

// queries is all questions, in the order of the first engine that has most.
func (c comparison) queries() []string {
	var names []string
	for _, col := range c.columns {
		if len(col.results) > len(names) {
			names = nil
			for _, m := range col.results {
				names = append(names, m.Query)
			}
		}
	}
	return names
}

func (c comparison) markdown(b *strings.Builder) {
	fmt.Fprintf(b, "### %s rows\n\nMilliseconds, best of several runs; %d cores, %s.", thousands(c.rows), runtime.NumCPU(), runtime.Version())
	if c.bandwidth.parallel > 0 {
		fmt.Fprintf(b, " A plain sum over the bytes that the group sum reads: %s sequential, %s parallel.", ms(c.bandwidth.sequential), ms(c.bandwidth.parallel))
	}
	b.WriteString("\n\n| query |")
	for _, col := range c.columns {
		fmt.Fprintf(b, " %s |", col.engine)
	}
	b.WriteString(" fastest other ÷ locuskit parallel |\n|---|" + strings.Repeat("---:|", len(c.columns)+1) + "\n")
	for _, q := range c.queries() {
		fmt.Fprintf(b, "| %s |", q)
		mine, other := math.NaN(), math.Inf(1)
		for _, col := range c.columns {
			m, ok := col.find(q)
			if !ok {
				b.WriteString(" – |")
				continue
			}
			t := best(m.Seconds)
			fmt.Fprintf(b, " %s |", ms(t))
			if col.engine == "locuskit parallel" {
				mine = t
			} else if !strings.HasPrefix(col.engine, "locuskit") {
				other = min(other, t)
			}
		}
		if math.IsNaN(mine) || math.IsInf(other, 1) {
			b.WriteString(" – |\n")
			continue
		}
		fmt.Fprintf(b, " %.2f |\n", other/mine)
	}
	b.WriteByte('\n')
	for _, col := range c.columns {
		if col.note != "" {
			fmt.Fprintf(b, "%s: %s\n\n", col.engine, col.note)
		}
	}
}

func ms(seconds float64) string {
	if v := 1000 * seconds; v < 10 {
		return fmt.Sprintf("%.2f", v)
	} else if v < 100 {
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.0f", 1000*seconds)
}

func thousands(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// colours that can be told apart by colour-blind readers too.
var colours = []color.Color{
	color.RGBA{0, 114, 178, 255}, color.RGBA{86, 180, 233, 255}, color.RGBA{0, 158, 115, 255}, color.RGBA{230, 159, 0, 255},
	color.RGBA{213, 94, 0, 255}, color.RGBA{204, 121, 167, 255}, color.RGBA{120, 120, 120, 255},
}

// chart is a group of bars a query, a bar an engine, on a logarithmic axis.
func (c comparison) chart(path string) error {
	names := c.queries()
	p := plot.New()
	p.Title.Text = fmt.Sprintf("%s rows, milliseconds (logarithmic; shorter is faster)", thousands(c.rows))
	p.Y.Scale, p.Y.Tick.Marker = plot.LogScale{}, plot.LogTicks{Prec: -1}
	p.Legend.Top, p.Legend.Left = true, true
	width := vg.Points(60) / vg.Length(max(1, len(c.columns)))
	lowest := math.Inf(1)
	for i, col := range c.columns {
		values := make(plotter.Values, len(names))
		for k, q := range names {
			values[k] = math.NaN()
			if m, ok := col.find(q); ok {
				values[k] = 1000 * best(m.Seconds)
				lowest = min(lowest, values[k])
			}
		}
		points := make(plotter.XYs, 0, len(values))
		for k, v := range values {
			if !math.IsNaN(v) {
				points = append(points, plotter.XY{X: float64(k) + (float64(i)-float64(len(c.columns)-1)/2)*0.8/float64(len(c.columns)), Y: v})
			}
		}
		if len(points) == 0 {
			continue
		}
		s := &bars{points, width * 0.8, colours[i%len(colours)]}
		p.Add(s)
		p.Legend.Add(col.engine, s)
	}
	p.NominalX(names...)
	p.Y.Min = lowest / 2
	return p.Save(vg.Points(70)*vg.Length(len(names)), 5*vg.Inch, path)
}
