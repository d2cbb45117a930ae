package svg

import (
	"encoding/base64"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Picture is a picture that is being drawn: what comes later lies on top.
type Picture struct {
	width, height float64
	title, desc   string
	body          strings.Builder
	fills         []Paint
	strokes       []Paint
}

// New returns an empty picture with its title, which is drawn, and a description
// in words for those who cannot see it.
func New(width, height float64, title, desc string) *Picture {
	p := &Picture{width: width, height: height, title: title, desc: desc}
	p.Rect(0.5, 0.5, width-1, height-1, Style{Fill: Card, Stroke: Grid, Round: 8})
	f := Font{Size: 16, Bold: true}
	p.Text(Margin, 30, Fit(title, f, width-2*Margin), f)
	return p
}

// Margin is the room between the card's edge and what is drawn on it.
const Margin = 20

// Style is how a shape looks; the zero value cannot be seen.
type Style struct {
	Fill, Stroke Paint
	Width        float64 // of the stroke; 1 when 0
	Dash         string  // such as "4 3"
	Opacity      float64 // of the whole shape; 1 when 0
	Round        float64 // radius of a rectangle's corners
	Arrow        bool    // a line ends in an arrow head
}

// Anchor is what of a text stands at its place.
type Anchor string

// The anchors.
const (
	Start  Anchor = ""
	Middle Anchor = "middle"
	End    Anchor = "end"
)

// Font is how a text looks; the zero value is 13 pixels of ink, from its start.
type Font struct {
	Size   float64
	Bold   bool
	Mono   bool
	Paint  Paint
	Anchor Anchor
	Turn   float64 // degrees clockwise around the text's place
	Halo   bool    // a seam of the card's colour, for a text on top of shapes
}

func (f Font) withDefaults() Font {
	if f.Size == 0 {
		f.Size = 13
	}
	if f.Paint == None {
		f.Paint = Ink
	}
	return f
}

// Rect draws a rectangle.
func (p *Picture) Rect(x, y, w, h float64, s Style) {
	fmt.Fprintf(&p.body, `<rect x="%s" y="%s" width="%s" height="%s"`, num(x), num(y), num(max(w, 0)), num(max(h, 0)))
	if s.Round > 0 {
		fmt.Fprintf(&p.body, ` rx="%s"`, num(s.Round))
	}
	p.end(s)
}

// Circle draws a circle.
func (p *Picture) Circle(x, y, r float64, s Style) {
	fmt.Fprintf(&p.body, `<circle cx="%s" cy="%s" r="%s"`, num(x), num(y), num(max(r, 0)))
	p.end(s)
}

// Line draws a straight line.
func (p *Picture) Line(x1, y1, x2, y2 float64, s Style) {
	if s.Arrow {
		p.arrowHead(x1, y1, x2, y2, s)
		// Ends within the head, so that its blunt end does not stick out at the tip.
		if d := math.Hypot(x2-x1, y2-y1); d > arrowLength {
			x2, y2 = x2-(x2-x1)/d*arrowLength/2, y2-(y2-y1)/d*arrowLength/2
		}
	}
	fmt.Fprintf(&p.body, `<line x1="%s" y1="%s" x2="%s" y2="%s"`, num(x1), num(y1), num(x2), num(y2))
	p.end(s)
}

const arrowLength = 9

func (p *Picture) arrowHead(x1, y1, x2, y2 float64, s Style) {
	d := math.Hypot(x2-x1, y2-y1)
	if d == 0 {
		return
	}
	ux, uy := (x2-x1)/d, (y2-y1)/d
	bx, by := x2-ux*arrowLength, y2-uy*arrowLength
	p.Polygon([]Point{{x2, y2}, {bx - uy*4, by + ux*4}, {bx + uy*4, by - ux*4}}, Style{Fill: s.Stroke, Opacity: s.Opacity})
}

// Point is a place in a picture.
type Point struct{ X, Y float64 }

// Polyline draws a line through points.
func (p *Picture) Polyline(points []Point, s Style) { p.Path(outline(points), s) }

// Polygon draws the area between points.
func (p *Picture) Polygon(points []Point, s Style) { p.Path(outline(points)+"Z", s) }

func outline(points []Point) string {
	var d strings.Builder
	for i, pt := range points {
		d.WriteByte("ML"[min(i, 1)])
		d.WriteString(num(pt.X) + " " + num(pt.Y))
	}
	return d.String()
}

// Path draws a path in SVG's own notation.
func (p *Picture) Path(d string, s Style) {
	fmt.Fprintf(&p.body, `<path d="%s"`, clean(d))
	p.end(s)
}

// end writes the end of a shape.
func (p *Picture) end(s Style) {
	class := p.fill(s.Fill)
	if s.Fill == None {
		p.body.WriteString(` fill="none"`)
	}
	if s.Stroke != None {
		class = strings.TrimSpace(class + " " + p.stroke(s.Stroke))
		if s.Width > 0 && s.Width != 1 {
			fmt.Fprintf(&p.body, ` stroke-width="%s"`, num(s.Width))
		}
		if s.Dash != "" {
			fmt.Fprintf(&p.body, ` stroke-dasharray="%s"`, clean(s.Dash))
		}
	}
	if class != "" {
		fmt.Fprintf(&p.body, ` class="%s"`, class)
	}
	if s.Opacity > 0 && s.Opacity < 1 {
		fmt.Fprintf(&p.body, ` opacity="%s"`, num(s.Opacity))
	}
	p.body.WriteString("/>\n")
}

// Text writes a line of text whose baseline is at y.
func (p *Picture) Text(x, y float64, text string, f Font) {
	f = f.withDefaults()
	fmt.Fprintf(&p.body, `<text x="%s" y="%s"`, num(x), num(y))
	if f.Size != 13 {
		fmt.Fprintf(&p.body, ` font-size="%s"`, num(f.Size))
	}
	if f.Bold {
		p.body.WriteString(` font-weight="bold"`)
	}
	if f.Mono {
		fmt.Fprintf(&p.body, ` font-family="%s"`, monoFamily)
	}
	if f.Anchor != Start {
		fmt.Fprintf(&p.body, ` text-anchor="%s"`, f.Anchor)
	}
	if f.Turn != 0 {
		fmt.Fprintf(&p.body, ` transform="rotate(%s %s %s)"`, num(f.Turn), num(x), num(y))
	}
	class := p.fill(f.Paint)
	if f.Halo {
		class += " " + p.stroke(Card)
		p.body.WriteString(` stroke-width="3" stroke-linejoin="round" paint-order="stroke"`)
	}
	fmt.Fprintf(&p.body, ` class="%s" xml:space="preserve">%s</text>`+"\n", class, clean(text))
}

// Lines writes lines of text below each other, the first at y, and returns the y
// of the line after the last.
func (p *Picture) Lines(x, y float64, lines []string, f Font) float64 {
	f = f.withDefaults()
	for _, line := range lines {
		p.Text(x, y, line, f)
		y += f.Size * 1.35
	}
	return y
}

func (p *Picture) fill(c Paint) string   { return use(&p.fills, c, "lf-") }
func (p *Picture) stroke(c Paint) string { return use(&p.strokes, c, "ls-") }

// use notes that a paint needs a rule in the style sheet.
func use(used *[]Paint, c Paint, class string) string {
	if c == None {
		return ""
	}
	if !slices.Contains(*used, c) {
		*used = append(*used, c)
	}
	return class + string(c)
}

// SVG is the whole picture, a document of its own.
func (p *Picture) SVG() string {
	var b strings.Builder
	w, h := num(p.width), num(p.height)
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %s %s" width="%s" height="%s" style="max-width:100%%;height:auto" role="img" aria-label="%s" font-family="%s" font-size="13">`+"\n",
		w, h, w, h, clean(p.title), family)
	fmt.Fprintf(&b, "<title>%s</title>\n<desc>%s</desc>\n<style>\n", clean(p.title), clean(p.desc))
	p.rules(&b, false)
	b.WriteString("@media (prefers-color-scheme: dark) {\n")
	p.rules(&b, true)
	b.WriteString("}\n</style>\n")
	b.WriteString(p.body.String())
	b.WriteString("</svg>\n")
	return b.String()
}

func (p *Picture) rules(b *strings.Builder, dark bool) {
	for _, c := range palette {
		colour := c.light
		if dark {
			colour = c.dark
		}
		if slices.Contains(p.fills, c.paint) {
			fmt.Fprintf(b, ".lf-%s{fill:%s}", c.paint, colour)
		}
		if slices.Contains(p.strokes, c.paint) {
			fmt.Fprintf(b, ".ls-%s{stroke:%s}", c.paint, colour)
		}
	}
	b.WriteString("\n")
}

// HTML is the picture as an image element. As such, unlike as an inline
// drawing, it is also shown by viewers that remove what a notebook that they do
// not trust might do harm with.
func (p *Picture) HTML() string {
	return fmt.Sprintf(`<img src="data:image/svg+xml;base64,%s" width="%s" style="max-width:100%%;height:auto" alt="%s">`,
		base64.StdEncoding.EncodeToString([]byte(p.SVG())), num(p.width), clean(p.title+". "+p.desc))
}

// String is the title and the description.
func (p *Picture) String() string { return p.title + "\n" + p.desc }

// num writes a length with at most two decimals, and never what XML readers
// take for an error.
func num(x float64) string {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return "0"
	}
	text := strconv.FormatFloat(math.Round(x*100)/100, 'f', -1, 64)
	if text == "-0" {
		return "0"
	}
	return text
}
