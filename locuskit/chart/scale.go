package chart

import (
	"math"
	"strconv"
	"strings"

	"locuslab/img/svg"
)

// width is that of every chart: what a notebook's column has room for.
const width = 760

const margin = svg.Margin

var (
	small = svg.Font{Size: 12, Paint: svg.Muted}
	grid  = svg.Style{Stroke: svg.Grid}
)

// niceStep returns the smallest of 1, 2 or 5 times a power of ten that divides a span
// into at most n parts.
func niceStep(span float64, n int) float64 {
	if !(span > 0) || math.IsInf(span, 0) {
		return 1
	}
	rough := span / float64(n)
	power := math.Pow(10, math.Floor(math.Log10(rough)))
	for _, m := range []float64{1, 2, 5} {
		if m*power >= rough*(1-1e-9) {
			return m * power
		}
	}
	return 10 * power
}

// ticks are the multiples of step from lo to hi.
func ticks(lo, hi, step float64) []float64 {
	var list []float64
	for i := math.Ceil(lo/step - 1e-9); i*step <= hi+step*1e-9 && len(list) < 1000; i++ {
		list = append(list, i*step+0) // never -0
	}
	return list
}

// logTicks are the powers of ten around positive values; the first is well below lo,
// so that the shortest bar can be seen.
func logTicks(lo, hi float64) []float64 {
	var list []float64
	from, to := math.Floor(math.Log10(lo)-0.2), math.Ceil(math.Log10(hi)-1e-9)
	every := max(1, math.Ceil((to-from)/8))
	for e := from; e < to+every; e += every {
		list = append(list, math.Pow(10, e))
	}
	return list
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

// number writes a value with three significant digits, or all digits before the
// point, in groups of three.
func number(x float64) string {
	if !finite(x) {
		return "–"
	}
	a := math.Abs(x)
	if a != 0 && (a < 1e-4 || a >= 1e15) {
		return strconv.FormatFloat(x, 'g', 3, 64)
	}
	digits := 0
	for a != 0 && a < 100 && digits < 7 {
		a *= 10
		digits++
	}
	text := strconv.FormatFloat(x, 'f', digits, 64)
	if strings.Contains(text, ".") {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	return grouped(text)
}

// grouped puts commas between groups of three digits of a whole part.
func grouped(text string) string {
	sign := ""
	if strings.HasPrefix(text, "-") {
		sign, text = "-", text[1:]
	}
	whole, fraction, found := strings.Cut(text, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if found {
		whole += "." + fraction
	}
	return sign + whole
}

// withUnit writes a value and what it is of.
func withUnit(x float64, unit string) string {
	switch {
	case unit == "" || !finite(x):
		return number(x)
	case unit == "×" || unit == "%":
		return number(x) + unit
	case unit == "$":
		return strings.Replace("$"+number(x), "$-", "-$", 1)
	}
	return number(x) + " " + unit
}

// entry is one entry of a legend.
type entry struct {
	name string
	draw func(p *svg.Picture, x, y float64) // a sample of at most 18 pixels from x, around y
}

func box(c svg.Paint) func(*svg.Picture, float64, float64) {
	return func(p *svg.Picture, x, y float64) { p.Rect(x, y-6, 14, 12, svg.Style{Fill: c, Round: 2}) }
}

func stroke(s svg.Style) func(*svg.Picture, float64, float64) {
	return func(p *svg.Picture, x, y float64) { p.Line(x, y, x+18, y, s) }
}

const legendLine = 20

// legend draws entries from the left, in as many lines as they need, or only
// measures when p is nil. It returns the height.
func legend(p *svg.Picture, y float64, entries []entry) float64 {
	x, top := float64(margin), y
	for _, e := range entries {
		name := svg.Fit(e.name, small, width-2*margin-30)
		w := 24 + svg.Width(name, small) + 18
		if x > margin && x+w-18 > width-margin {
			x, y = margin, y+legendLine
		}
		if p != nil {
			e.draw(p, x, y+8)
			p.Text(x+24, y+12, name, small)
		}
		x += w
	}
	if len(entries) == 0 {
		return 0
	}
	return y + legendLine - top
}

// empty returns the picture of a chart that has nothing to show.
func empty(title, why string) *svg.Picture {
	p := svg.New(width, 110, title, why)
	p.Text(margin, 70, svg.Fit(why, svg.Font{Paint: svg.Muted}, width-2*margin), svg.Font{Paint: svg.Muted})
	return p
}

// or returns a title, or else what a chart is called without one.
func or(title, otherwise string) string {
	if strings.TrimSpace(title) == "" {
		return otherwise
	}
	return title
}
