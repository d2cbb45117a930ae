package main

import "locuslab/img/svg"

const width = 760

var (
	middle = svg.Font{Anchor: svg.Middle}
	note   = svg.Font{Size: 12, Paint: svg.Muted}
	noted  = svg.Font{Size: 12, Paint: svg.Muted, Anchor: svg.Middle}
	strong = svg.Font{Size: 14, Bold: true, Anchor: svg.Middle}
	arrow  = svg.Style{Stroke: svg.Muted, Width: 1.5, Arrow: true}
)

// person stands on y.
func person(p *svg.Picture, x, y float64, c svg.Paint) {
	p.Circle(x, y-31, 8, svg.Style{Fill: c})
	p.Path(path("M%.1f %.1fc0 -11 5 -18 14 -18c9 0 14 7 14 18z", x-14, y), svg.Style{Fill: c})
}

// sheet is a document with lines of text.
func sheet(p *svg.Picture, x, y, w, h float64, c svg.Paint, lines int) {
	p.Rect(x, y, w, h, svg.Style{Fill: svg.Card, Stroke: c, Width: 1.5, Round: 4})
	for i := range lines {
		length := w - 24
		if i%3 == 2 {
			length *= 0.6
		}
		ly := y + h/float64(lines+1)*float64(i+1)
		p.Line(x+12, ly, x+12+length, ly, svg.Style{Stroke: svg.Grid, Width: 3})
	}
}

// node is a box with a name, and what it does below.
func node(p *svg.Picture, x, y, w, h float64, tint, edge svg.Paint, name string, does ...string) {
	p.Rect(x, y, w, h, svg.Style{Fill: tint, Stroke: edge, Width: 1.5, Round: 6})
	top := y + h/2 + 5 - float64(len(does))*16*0.5
	p.Text(x+w/2, top, name, strong)
	for i, line := range does {
		p.Text(x+w/2, top+18+16*float64(i), line, noted)
	}
}

// core is a processor's core with its pins; a busy one is filled.
func core(p *svg.Picture, x, y, w, h float64, busy svg.Paint, name string) {
	for i := range 4 {
		at := x + w/5*float64(i+1)
		p.Line(at, y-5, at, y+h+5, svg.Style{Stroke: svg.Muted, Width: 2})
	}
	fill := busy
	if fill == svg.None {
		fill = svg.Panel
	}
	p.Rect(x, y, w, h, svg.Style{Fill: fill, Stroke: svg.Muted, Width: 1.5, Round: 4})
	p.Text(x+w/2, y+h/2+4.5, name, middle)
}
