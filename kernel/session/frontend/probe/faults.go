package probe

import (
	"fmt"
	"go/token"
	"go/types"
	"regexp"
	"strings"

	"locuslab/kernel/session/report"
	"locuslab/kernel/session/scope"
)

func (u *Unit) syntaxFailure(err error) error {
	var places []report.Place
	for _, e := range errorList(err) {
		line, column := e.Pos.Line, e.Pos.Column
		if last := strings.Count(u.Cell.Text, "\n") + 1; line > last || line == 0 {
			line, column = last, len(u.Cell.Line(last))+1
		}
		message := e.Msg
		if message == "expected 1 expression" { // who comes from Python ends a cell in a, b
			message += "; to show several values, print them: fmt.Println(a, b)"
		}
		places = append(places, report.Place{Line: line, Column: column, Message: message})
	}
	return u.Failure("SyntaxError", places[:min(len(places), 3)])
}

func (u *Unit) typeFailure(faults []types.Error) error {
	var places []report.Place
	for _, f := range faults {
		p := u.Fset.Position(f.Pos)
		in := report.Place{Line: p.Line, Column: p.Column, Message: f.Msg + versionHint(f.Msg)}
		if u.Origins != nil {
			in.Source = u.Loaded.Source(p.Filename)
		}
		places = append(places, in)
	}
	return u.Failure("CompileError", places)
}

// mismatch finds two types in the checker's complaint about a value.
var mismatch = regexp.MustCompile(`type ([^()]+)\) as ([^()]+) value`)

// versionHint tells types of one name apart: one of them is an earlier version.
func versionHint(message string) string {
	m := mismatch.FindStringSubmatch(scope.Recognisable(message))
	if m == nil || strings.TrimPrefix(m[1], "reloaded ") != strings.TrimPrefix(m[2], "reloaded ") {
		return ""
	}
	return fmt.Sprintf(" (%s has since been redeclared or reloaded: rerun the cell that declares the variable or function)", m[1])
}

// FailureAt returns a failure with the user's line of a position of the probe.
func (u *Unit) FailureAt(pos token.Pos, message string) error {
	p := u.Fset.Position(pos)
	return u.Failure("CompileError", []report.Place{{Line: p.Line, Column: p.Column, Message: message}})
}
