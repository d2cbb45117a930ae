package session

import (
	"fmt"
	"go/token"
	"go/types"
	"regexp"
	"strings"
	"syscall"

	"locuslab/kernel/display"
	"locuslab/kernel/worker"
)

const (
	red    = "\x1b[31m"
	bold   = "\x1b[1m"
	faint  = "\x1b[2m"
	normal = "\x1b[0m"
)

// A place is a line of a cell with what is wrong there.
type place struct {
	line, column int
	message      string
	unit         *unit // nil for the one at hand
}

// failureOf shows faults with the lines that they are in.
func (u *unit) failureOf(name string, places []place) *display.Failure {
	const most = 10
	f := &display.Failure{Name: name}
	for i, p := range places {
		if i == most {
			f.Traceback = append(f.Traceback, fmt.Sprintf("… and %d more", len(places)-most))
			break
		}
		in := u
		if p.unit != nil {
			in = p.unit
		}
		where := fmt.Sprintf("In[%d]:%d:%d", in.shown, p.line, p.column)
		message := recognisable(p.message)
		if i == 0 {
			f.Value = where + ": " + message
		}
		f.Traceback = append(f.Traceback, bold+where+normal+": "+red+message+normal, in.quote(p.line, p.column))
	}
	return f
}

// quote is a line of the cell with a mark under a column.
func (u *unit) quote(line, column int) string {
	text := u.cell.Line(line)
	var pad strings.Builder
	for i, r := range text {
		if i >= column-1 {
			break
		}
		if r != '\t' {
			r = ' '
		}
		pad.WriteRune(r)
	}
	return fmt.Sprintf("%s%4d |%s %s\n     %s|%s %s%s^%s", faint, line, normal, text, faint, normal, pad.String(), red, normal)
}

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
			in.unit = u.session.units.unit(p.Filename)
		}
		places = append(places, in)
	}
	return u.failureOf("CompileError", places)
}

// mismatch finds two types in the checker's complaint about a value.
var mismatch = regexp.MustCompile(`type ([^()]+)\) as ([^()]+) value`)

// versionHint tells types of one name apart: one of them is an earlier version.
func versionHint(message string) string {
	m := mismatch.FindStringSubmatch(recognisable(message))
	if m == nil || strings.TrimPrefix(m[1], "reloaded ") != strings.TrimPrefix(m[2], "reloaded ") {
		return ""
	}
	return fmt.Sprintf(" (%s was declared anew or reloaded since: run the cell again that declares the variable or function)", m[1])
}

func (u *unit) failureAt(pos token.Pos, message string) error {
	p := u.fset.Position(pos)
	return u.failureOf("CompileError", []place{{line: p.Line, column: p.Column, message: message}})
}

// recognisable takes the kernel's own names out of a message.
func recognisable(message string) string {
	message = strings.ReplaceAll(suffix.ReplaceAllString(withoutReloaded(message), ""), packagePath+".", "")
	return laterUnit.ReplaceAllString(message, "In[")
}

// laterUnit finds the file names of a cell's second and later units.
var laterUnit = regexp.MustCompile(`\b\d+/In\[`)

// withoutReloaded takes out the import paths of what %reload has copied.
func withoutReloaded(message string) string {
	return reloadedPath.ReplaceAllString(reloadedQuoted.ReplaceAllString(message, "reloaded $2"), "")
}

// The import paths of what %reload has copied.
var (
	reloadedPath   = regexp.MustCompile(`([\w.~-]+/)*locuslab\.session/reloaded-\d+/`)
	reloadedQuoted = regexp.MustCompile(`"([\w.~-]+/)*locuslab\.session/reloaded-\d+/([^"]*)"`)
)

// failure turns how a run ended into what Execute returns.
func (l *loaded) failure(o worker.Outcome) error {
	switch {
	case o.Interrupted:
		f := interrupted(o.Waiting)
		f.Traceback = append(f.Traceback, l.frames(o.Frames)...)
		return f
	case o.Panic != nil:
		return l.panicFailure(o.Panic)
	case o.Err != "":
		f := &display.Failure{Name: "Error", Value: o.Err, Traceback: append([]string{bold + red + "error" + normal + ": " + o.Err}, l.frames(o.Frames)...)}
		return withHint(f)
	}
	return nil
}

// withHint says what to do in a notebook about what works in a terminal only.
func withHint(f *display.Failure) *display.Failure {
	if strings.Contains(f.Value, syscall.ENOTTY.Error()) {
		f.Traceback = append(f.Traceback, "a notebook has no terminal: gonbui.RequestInput(prompt, true) asks for a password, fmt.Scanln and the like for what may be seen")
	}
	return f
}

// panicFailure tells of a panic with the frames of the user's cells.
func (l *loaded) panicFailure(p *worker.Panic) *display.Failure {
	f := &display.Failure{Name: "panic", Value: withoutReloaded(p.Value)} // the rest is the user's text
	f.Traceback = append(f.Traceback, bold+red+"panic"+normal+": "+f.Value)
	f.Traceback = append(f.Traceback, l.frames(p.Frames)...)
	return withHint(f)
}
