package main

import (
	"fmt"

	"locuslab/img/svg"
)

// multiprocessing: a process with memory of its own for each core.
func multiprocessing() drawing {
	p := svg.New(width, 350, "A process for each core, with memory of its own",
		"Three processes, each with memory, an interpreter and a lock of its own, run on a core each. Data go from one to the next as copies.")
	for i, c := range people {
		x := 50 + 230*float64(i)
		p.Rect(x, 54, 200, 200, svg.Style{Fill: tints[i], Stroke: c, Width: 1.5, Round: 8})
		p.Text(x+100, 78, fmt.Sprintf("process %d", i+1), strong)
		p.Rect(x+20, 94, 160, 66, svg.Style{Fill: svg.Card, Stroke: c, Round: 5})
		p.Text(x+100, 123, "memory", middle)
		p.Text(x+100, 143, "a copy of the data", noted)
		p.Rect(x+20, 174, 160, 62, svg.Style{Fill: svg.Card, Stroke: c, Round: 5})
		p.Text(x+100, 201, "interpreter", middle)
		p.Text(x+100, 221, "with its own lock", noted)
		p.Line(x+100, 258, x+100, 283, arrow)
		core(p, x+50, 292, 100, 30, svg.None, fmt.Sprintf("core %d", i+1))
	}
	for i := range 2 {
		copied(p, 50+230*float64(i)+182, 127, 66)
	}
	return p
}

// copied is an arrow for data that go from one process to the next.
func copied(p *svg.Picture, x, y, length float64) {
	p.Line(x, y, x+length, y, arrow)
	p.Text(x+length/2, y-8, "copy", svg.Font{Size: 12, Anchor: svg.Middle, Paint: svg.Muted})
}

// frameOrPartitions: one frame on one core beside chunks on all.
func frameOrPartitions() drawing {
	p := svg.New(width, 346, "One frame for one core, or chunks for all",
		"Left: a data frame is worked on as a whole by one core, and the other three have nothing to do. Right: the same rows in four chunks, each worked on by a core, and the partial results merged.")
	const rows, rowHeight = 12, 13.0
	frame := func(x, y float64, first, n int, c, tint svg.Paint) {
		h := rowHeight * float64(n)
		p.Rect(x, y, 150, h, svg.Style{Fill: tint, Stroke: c, Width: 1.5})
		for i := 1; i < n; i++ {
			p.Line(x, y+rowHeight*float64(i), x+150, y+rowHeight*float64(i), svg.Style{Stroke: svg.Card})
		}
		for _, column := range []float64{60, 105} {
			p.Line(x+column, y, x+column, y+h, svg.Style{Stroke: svg.Card})
		}
		p.Rect(x, y, 150, h, svg.Style{Stroke: c, Width: 1.5})
	}
	four := append([]svg.Paint{svg.Purple}, people...)
	fourTints := append([]svg.Paint{svg.PurpleTint}, tints...)
	// One frame.
	p.Text(margin+75, 62, "one frame", strong)
	frame(margin, 76, 0, rows, svg.Muted, svg.Panel)
	for i := range 4 {
		y := 80 + 41*float64(i)
		busy, name := svg.None, "idle"
		if i == 0 {
			busy, name = svg.BlueTint, "core 1"
			p.Line(margin+156, 95, margin+208, 95, arrow)
		}
		core(p, margin+218, y, 80, 26, busy, name)
	}
	p.Line(width/2-10, 52, width/2-10, 326, svg.Style{Stroke: svg.Grid})
	// Chunks.
	const x = 400.0
	p.Text(x+75, 62, "four chunks", strong)
	for i := range 4 {
		y := 76 + 50*float64(i)
		frame(x, y, i*3, 3, four[i], fourTints[i])
		p.Line(x+156, y+19, x+188, y+19, arrow)
		core(p, x+198, y+6, 70, 26, fourTints[i], fmt.Sprintf("core %d", i+1))
		p.Line(x+272, y+19, x+303, 155+(y-135)*0.28, arrow)
	}
	p.Rect(x+306, 110, 34, 100, svg.Style{Fill: svg.Panel, Stroke: svg.Muted, Width: 1.5, Round: 5})
	p.Text(x+327, 160, "merge", svg.Font{Anchor: svg.Middle, Turn: -90})
	p.Lines(margin, 298, []string{"pandas: one thread goes through all rows,", "whatever the machine has"}, note)
	p.Lines(x, 298, []string{"locuskit: chunks of 131,072 rows, a goroutine", "for each core, the same result"}, note)
	return p
}

// architecture of this project: which process does what.
func architecture() drawing {
	p := svg.New(width, 430, "How a cell runs here",
		"The browser with JupyterLab sends a cell to the kernel process, which analyses, compiles and links it. The worker process loads it and runs it, with all live values and tables in its memory, on all cores. It asks the LOCUS service over HTTP. What the cell shows goes back the same way.")
	node(p, 30, 62, 150, 86, svg.Panel, svg.Muted, "JupyterLab", "in the browser:", "cells and outputs")
	p.Rect(270, 52, 460, 106, svg.Style{Fill: svg.BlueTint, Stroke: svg.Blue, Width: 1.5, Round: 8})
	p.Text(284, 74, "kernel process", svg.Font{Size: 14, Bold: true})
	for i, step := range []string{"protocol", "session", "compile", "link"} {
		x := 284 + 110*float64(i)
		p.Rect(x, 92, 92, 44, svg.Style{Fill: svg.Card, Stroke: svg.Blue, Round: 5})
		p.Text(x+46, 119, step, middle)
		if i < 3 {
			p.Line(x+93, 114, x+109, 114, arrow)
		}
	}
	p.Line(182, 96, 268, 96, arrow)
	p.Line(268, 122, 182, 122, arrow)
	p.Text(225, 88, "cell", noted)
	p.Text(225, 139, "outputs", noted)

	p.Rect(270, 214, 460, 196, svg.Style{Fill: svg.GreenTint, Stroke: svg.Green, Width: 1.5, Round: 8})
	p.Text(284, 237, "worker process", svg.Font{Size: 14, Bold: true})
	p.Line(660, 160, 660, 212, arrow)
	p.Text(652, 190, "a small shared object, loaded into the worker", svg.Font{Size: 12, Paint: svg.Muted, Anchor: svg.End})
	p.Line(300, 212, 300, 160, arrow)
	p.Text(310, 190, "output", note)
	p.Rect(284, 250, 200, 144, svg.Style{Fill: svg.Card, Stroke: svg.Green, Round: 5})
	p.Text(384, 273, "live values", middle)
	four := append([]svg.Paint{svg.Purple}, people...)
	fourTints := append([]svg.Paint{svg.PurpleTint}, tints...)
	for i := range 4 {
		y := 284 + 21*float64(i)
		p.Rect(304, y, 160, 18, svg.Style{Fill: fourTints[i], Stroke: four[i]})
		p.Text(384, y+13, fmt.Sprintf("chunk %d of a table", i+1), svg.Font{Size: 11, Anchor: svg.Middle})
	}
	p.Text(384, 386, "shared by all cells", noted)
	for i := range 4 {
		y := 256 + 35*float64(i)
		p.Line(488, y+13, 536, y+13, svg.Style{Stroke: four[i], Width: 1.5, Arrow: true})
		p.Circle(548, y+13, 9, svg.Style{Fill: four[i]})
		p.Line(560, y+13, 604, y+13, svg.Style{Stroke: four[i], Width: 1.5, Arrow: true})
		core(p, 612, y+2, 96, 22, fourTints[i], fmt.Sprintf("core %d", i+1))
	}
	p.Text(548, 402, "goroutines", noted)
	node(p, 30, 274, 150, 86, svg.OrangeTint, svg.Orange, "LOCUS service", "a process of its own,", "or the real one")
	p.Line(268, 304, 182, 304, arrow)
	p.Line(182, 330, 268, 330, arrow)
	p.Text(225, 296, "requests", noted)
	p.Text(225, 347, "answers", noted)
	return p
}

// threadDiagram: what threads share and what is their own, and where goroutines are.
func threadDiagram() drawing {
	p := svg.New(width, 420, "Inside one process: threads share, goroutines take turns",
		"A process has one memory with code, variables and open files, which its threads share. Each thread has a stack and registers of its own and runs one goroutine at a time on a core; other goroutines wait in its queue.")
	p.Rect(30, 52, 700, 290, svg.Style{Fill: svg.Panel, Stroke: svg.Muted, Width: 1.5, Round: 8})
	p.Text(46, 76, "process", svg.Font{Size: 14, Bold: true})
	for i, name := range []string{"code", "variables", "open files"} {
		x := 130 + 196*float64(i)
		p.Rect(x, 64, 180, 38, svg.Style{Fill: svg.Card, Stroke: svg.Muted, Round: 5})
		p.Text(x+90, 88, name, middle)
	}
	p.Text(415, 120, "shared by all threads", noted)
	for i, c := range people {
		x := 50 + 228*float64(i)
		p.Rect(x, 134, 204, 192, svg.Style{Fill: tints[i], Stroke: c, Width: 1.5, Round: 6})
		p.Text(x+102, 156, fmt.Sprintf("thread %d", i+1), strong)
		for k, own := range []string{"registers", "stack"} {
			bx := x + 14 + 92*float64(k)
			p.Rect(bx, 168, 84, 34, svg.Style{Fill: svg.Card, Stroke: c, Round: 5})
			p.Text(bx+42, 190, own, middle)
		}
		p.Text(x+14, 228, "runs", note)
		p.Rect(x+54, 212, 138, 26, svg.Style{Fill: c, Round: 13})
		p.Text(x+123, 229.5, "goroutine", svg.Font{Anchor: svg.Middle, Paint: svg.Card, Bold: true})
		p.Text(x+14, 258, "waiting for their turn", note)
		for k := range 4 {
			p.Rect(x+14+46*float64(k), 268, 38, 18, svg.Style{Stroke: c, Width: 1.5, Round: 9})
		}
		p.Text(x+102, 312, "a few kilobytes each", noted)
		p.Line(x+102, 346, x+102, 369, arrow)
		core(p, x+57, 378, 90, 24, svg.None, fmt.Sprintf("core %d", i+1))
	}
	return p
}
