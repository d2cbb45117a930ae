package session

import (
	"fmt"
	"go/token"
	"strings"

	"locuslab/kernel/cell"
	"locuslab/kernel/session/scope"
)

// An origin is where a part of a text was written: a unit's file, and the line
// and column in it.
type origin struct {
	file         string
	line, column int
	text         string      // as the user wrote it
	offset       int         // in the text that it became a part of
	needs        scope.Needs // what it mentions
}

// A spot is a place that a line mark names.
type spot struct {
	file         string
	line, column int
}

// spotOf is where the user wrote what stands at a position of the probe.
func (u *unit) spotOf(pos token.Pos) spot {
	p := u.fset.Position(pos)
	return spot{p.Filename, p.Line, p.Column}
}

// spotAt is the spot of an offset of the cell's text.
func (u *unit) spotAt(offset int) spot {
	o := originAt(u.mark(offset), "")
	return spot{o.file, o.line, o.column}
}

// probeFile is the file name of a text that is parsed. It is in no folder: the parser
// takes the names of line marks as relative to it.
const probeFile = "probe"

// lineMark tells the compiler that what follows stands at a line and a column.
func lineMark(file string, line, column int) string {
	return fmt.Sprintf("/*line %s:%d:%d*/", file, line, max(column, 1))
}

// mark is the lineMark of the place behind the origin's first bytes.
func (o origin) mark(before string) string {
	line, column := o.line, o.column+len(before)
	if n := strings.Count(before, "\n"); n > 0 {
		line, column = line+n, len(before)-strings.LastIndexByte(before, '\n')
	}
	return lineMark(o.file, line, column)
}

// originAt reads a lineMark again.
func originAt(mark, text string) origin {
	o := origin{text: text}
	place := strings.TrimSuffix(strings.TrimPrefix(mark, "/*line "), "*/")
	if i := strings.Index(place, "]:"); i >= 0 {
		o.file = place[:i+1]
		fmt.Sscanf(place[i+1:], ":%d:%d", &o.line, &o.column)
	}
	return o
}

// originOf is the origin of a part of the cell; keyword goes before it.
func (u *unit) originOf(keyword string, from, to int) origin {
	line, column := u.Cell.Position(from)
	return origin{file: u.File, line: line, column: column - len(keyword), text: keyword + u.Cell.Text[from:to]}
}

// noteOwn notes what the cell's text declares, before anything is dropped from it
// or added to it.
func (u *unit) noteOwn(all []parsed) {
	for name := range u.declared {
		u.own[name] = true
	}
	for _, p := range all {
		if p.item.Kind == cell.Method {
			u.own[methodKey(u.receiverName(p.fn), p.fn.Name.Name)] = true
		}
	}
}
