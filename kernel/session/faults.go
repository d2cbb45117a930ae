package session

import (
	"fmt"
	"go/token"
	"go/types"
	"regexp"
	"strings"

	"locuslab/kernel/session/scope"
)

func (u *unit) syntaxFailure(err error) error {
	var places []place
	for _, e := range errorList(err) {
		line, column := e.Pos.Line, e.Pos.Column
		if last := strings.Count(u.cell.Text, "\n") + 1; line > last || line == 0 {
			line, column = last, len(u.cell.Line(last))+1
		}
		places = append(places, place{line: line, column: column, message: e.Msg})
	}
	return u.failureOf("SyntaxError", places[:min(len(places), 3)])
}

func (u *unit) typeFailure(faults []types.Error) error {
	var places []place
	for _, f := range faults {
		p := u.fset.Position(f.Pos)
		in := place{line: p.Line, column: p.Column, message: f.Msg + versionHint(f.Msg)}
		if u.origins != nil {
			in.unit = u.units.unit(p.Filename)
		}
		places = append(places, in)
	}
	return u.failureOf("CompileError", places)
}

// mismatch finds two types in the checker's complaint about a value.
var mismatch = regexp.MustCompile(`type ([^()]+)\) as ([^()]+) value`)

// versionHint tells types of one name apart: one of them is an earlier version.
func versionHint(message string) string {
	m := mismatch.FindStringSubmatch(scope.Recognisable(message))
	if m == nil || strings.TrimPrefix(m[1], "reloaded ") != strings.TrimPrefix(m[2], "reloaded ") {
		return ""
	}
	return fmt.Sprintf(" (%s was declared anew or reloaded since: run the cell again that declares the variable or function)", m[1])
}

func (u *unit) failureAt(pos token.Pos, message string) error {
	p := u.fset.Position(pos)
	return u.failureOf("CompileError", []place{{line: p.Line, column: p.Column, message: message}})
}
