package probe

import (
	"fmt"
	"go/token"
	"strings"

	"locuslab/kernel/cell"
	"locuslab/kernel/session/scope"
)

// An Origin is where a part of a text was written: a unit's file, and the line
// and column in it.
type Origin struct {
	File         string
	Line, Column int
	Text         string      // as the user wrote it
	Offset       int         // in the text that it became a part of
	Needs        scope.Needs // what it mentions
}

// A Spot is a place that a line mark names.
type Spot struct {
	file         string
	line, column int
}

// SpotOf is where the user wrote what stands at a position of the probe.
func (u *Unit) SpotOf(pos token.Pos) Spot {
	p := u.Fset.Position(pos)
	return Spot{p.Filename, p.Line, p.Column}
}

// spotAt is the spot of an offset of the cell's text.
func (u *Unit) spotAt(offset int) Spot {
	o := OriginAt(u.mark(offset), "")
	return Spot{o.File, o.Line, o.Column}
}

// probeFile is the file name of a text that is parsed. It is in no folder: the parser
// takes the names of line marks as relative to it.
const probeFile = "probe"

// LineMark tells the compiler that what follows stands at a line and a column.
func LineMark(file string, line, column int) string {
	return fmt.Sprintf("/*line %s:%d:%d*/", file, line, max(column, 1))
}

// Mark is the lineMark of the place behind the origin's first bytes.
func (o Origin) Mark(before string) string {
	line, column := o.Line, o.Column+len(before)
	if n := strings.Count(before, "\n"); n > 0 {
		line, column = line+n, len(before)-strings.LastIndexByte(before, '\n')
	}
	return LineMark(o.File, line, column)
}

// OriginAt reads what LineMark has written.
func OriginAt(mark, text string) Origin {
	o := Origin{Text: text}
	place := strings.TrimSuffix(strings.TrimPrefix(mark, "/*line "), "*/")
	if i := strings.Index(place, "]:"); i >= 0 {
		o.File = place[:i+1]
		fmt.Sscanf(place[i+1:], ":%d:%d", &o.Line, &o.Column)
	}
	return o
}

// originOf is the origin of a part of the cell; keyword goes before it.
func (u *Unit) originOf(keyword string, from, to int) Origin {
	line, column := u.Cell.Position(from)
	return Origin{File: u.File, Line: line, Column: column - len(keyword), Text: keyword + u.Cell.Text[from:to]}
}

// noteOwn notes what the cell's text declares, before anything is dropped from it
// or added to it.
func (u *Unit) noteOwn(all []parsed) {
	for name := range u.Declared {
		u.Own[name] = true
	}
	for _, p := range all {
		if p.item.Kind == cell.Method {
			u.Own[MethodKey(u.receiverName(p.fn), p.fn.Name.Name)] = true
		}
	}
}
