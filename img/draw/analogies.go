package main

import (
	"fmt"

	"locuslab/img/svg"
)

func path(format string, args ...any) string { return fmt.Sprintf(format, args...) }

var people = []svg.Paint{svg.Blue, svg.Orange, svg.Green}
var tints = []svg.Paint{svg.BlueTint, svg.OrangeTint, svg.GreenTint}

// singleOrParallel: three reports along an axis of time.
func singleOrParallel() drawing {
	const x0, day, y0 = 170.0, 170.0, 66.0
	p := svg.New(width, 342, "Three reports: one analyst, or three",
		"One analyst who writes three reports one after another needs three days. Three analysts who write one each at the same time need one day.")
	report := func(x, y float64, n int, c, tint svg.Paint) {
		p.Rect(x+3, y, day-6, 34, svg.Style{Fill: tint, Stroke: c, Width: 1.5, Round: 4})
		p.Text(x+day/2, y+21.5, fmt.Sprintf("report %d", n+1), middle)
	}
	for d := range 4 {
		x := x0 + day*float64(d)
		p.Line(x, y0-8, x, 290, svg.Style{Stroke: svg.Grid, Dash: "3 3"})
	}
	person(p, 140, y0+36, svg.Purple)
	p.Text(margin, y0+22, "one after", note)
	p.Text(margin, y0+38, "another", note)
	for n := range 3 {
		report(x0+day*float64(n), y0, n, svg.Purple, svg.PurpleTint)
	}
	p.Line(margin, y0+59, width-margin, y0+59, svg.Style{Stroke: svg.Grid})
	for n := range 3 {
		y := y0 + 78 + 48*float64(n)
		person(p, 140, y+36, people[n])
		report(x0, y, n, people[n], tints[n])
	}
	p.Text(margin, y0+144, "at the", note)
	p.Text(margin, y0+160, "same time", note)
	p.Text(x0+day+16, y0+146, "done on the first day: the work is the same,", svg.Font{Halo: true})
	p.Text(x0+day+16, y0+164, "and three do it at once", svg.Font{Halo: true})
	p.Line(x0, 300, x0+day*3+46, 300, arrow)
	for d := range 3 {
		p.Text(x0+day*(float64(d)+0.5), 320, fmt.Sprintf("day %d", d+1), noted)
	}
	return p
}

const margin = svg.Margin

// threadsAnalogy: one document that three people write in.
func threadsAnalogy() drawing {
	p := svg.New(width, 330, "Threads: three people, one document",
		"Three people write in one shared document at the same time. Everyone sees what the others write at once, and they must take turns where they write in the same place.")
	sheet(p, 270, 56, 220, 150, svg.Muted, 0)
	for i, c := range people {
		y := 82 + 44*float64(i)
		p.Line(288, y, 288+[]float64{150, 110, 170}[i], y, svg.Style{Stroke: c, Width: 4})
		p.Line(288, y+14, 288+[]float64{90, 60, 74}[i], y+14, svg.Style{Stroke: c, Width: 4})
		at := 288 + []float64{90, 60, 74}[i] + 6
		p.Line(at, y+6, at, y+22, svg.Style{Stroke: c, Width: 2}) // the cursor
	}
	for i, c := range people {
		x := 230 + 150*float64(i)
		person(p, x, 292, c)
		p.Line(x, 250, []float64{310, 380, 450}[i], 212, svg.Style{Stroke: c, Width: 1.5, Arrow: true})
	}
	p.Text(margin, 90, "one memory: what one writes,", note)
	p.Text(margin, 107, "all see at once, without copying", note)
	p.Text(520, 90, "who writes in the same place", note)
	p.Text(520, 107, "at the same time must take turns", note)
	p.Text(width/2, 315, "each person is a thread, the document is the process's memory", noted)
	return p
}

// processesAnalogy: a document each.
func processesAnalogy() drawing {
	p := svg.New(width, 330, "Processes: three people, a document each",
		"Three people write in a document of their own each. Nobody disturbs the others; what one needs from another has to be sent as a copy.")
	for i, c := range people {
		x := 90 + 220*float64(i)
		p.Rect(x-20, 52, 180, 236, svg.Style{Fill: tints[i], Stroke: c, Round: 8})
		sheet(p, x, 70, 140, 116, c, 0)
		for k := range 4 {
			y := 94 + 22*float64(k)
			p.Line(x+16, y, x+16+[]float64{100, 84, 104, 50}[(k+i)%4], y, svg.Style{Stroke: c, Width: 4})
		}
		p.Line(x+70, 226, x+70, 192, svg.Style{Stroke: c, Width: 1.5, Arrow: true})
		person(p, x+70, 274, c)
	}
	for i := range 2 {
		copied(p, 90+220*float64(i)+143, 128, 74)
	}
	p.Text(width/2, 313, "each box is a process: its memory is its own, and others get copies", noted)
	return p
}
