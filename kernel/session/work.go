package session

import (
	"slices"

	"locuslab/kernel/cell"
	"locuslab/kernel/magic"
)

// A work is a cell's text, taken apart once: its Go code and its magics, in the order in
// which they run.
type work struct {
	*cell.Cell
	segments  []segment
	isProgram bool // a magic makes it a whole program, as gonb's %% does
	isForPage bool // a magic makes it a program that the page runs
}

// A segment is a run of Go items, or one line for the kernel.
type segment struct {
	items []cell.Item
	line  *magic.Line
	start int // of the line
}

// HasGo reports whether any of the cell is Go code.
func (w *work) HasGo() bool {
	return slices.ContainsFunc(w.segments, func(s segment) bool { return len(s.items) > 0 })
}

// takeApart orders a cell's work: magics run where they stand among the statements;
// declarations are gathered, so that a function may use what stands behind a magic that
// does not need them itself.
func takeApart(code string) *work {
	w := &work{Cell: cell.Split(code)}
	var last []segment
	var current segment
	ran := false
	for _, item := range w.Items {
		if item.Kind != cell.Magic {
			ran = ran || item.Kind == cell.Statement
			if item.Kind != cell.Package {
				current.items = append(current.items, item)
			}
			continue
		}
		line := magic.ReadLine(w.Source(item))
		w.isProgram = w.isProgram || line.BeginsMain()
		w.isForPage = w.isForPage || line.IsForPage()
		if ran || len(current.items) > 0 && line.NeedsDeclarations() {
			w.segments = append(w.segments, current)
			current, ran = segment{}, false
		}
		if line.RunsBehindDeclarations() {
			last = append(last, segment{line: &line, start: item.Start})
			continue
		}
		w.segments = append(w.segments, segment{line: &line, start: item.Start})
	}
	if len(current.items) > 0 {
		w.segments = append(w.segments, current)
	}
	w.segments = append(w.segments, last...)
	return w
}
