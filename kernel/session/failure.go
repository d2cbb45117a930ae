package session

import (
	"fmt"
	"strings"
	"syscall"

	"locuslab/kernel/display"
	"locuslab/kernel/session/scope"
	"locuslab/kernel/worker/wire"
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
	unit         *source // nil for the one at hand
}

// failureOf shows faults with the lines that they are in.
func (u *source) failureOf(name string, places []place) *display.Failure {
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
		message := scope.Recognisable(p.message)
		if i == 0 {
			f.Value = where + ": " + message
		}
		f.Traceback = append(f.Traceback, bold+where+normal+": "+red+message+normal, in.quote(p.line, p.column))
	}
	return f
}

// quote is a line of the cell with a mark under a column.
func (u *source) quote(line, column int) string {
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

// failure turns how a run ended into what Execute returns.
func (l *loaded) failure(o wire.Outcome) error {
	switch {
	case o.Interrupted:
		f := interrupted(o.Waiting)
		f.Traceback = append(f.Traceback, l.frames(o.Frames)...)
		return f
	case o.Panic != nil:
		return l.panicFailure(o.Panic)
	case o.Error != "":
		f := &display.Failure{Name: "Error", Value: o.Error, Traceback: append([]string{bold + red + "error" + normal + ": " + o.Error}, l.frames(o.Frames)...)}
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
func (l *loaded) panicFailure(p *wire.Panic) *display.Failure {
	f := &display.Failure{Name: "panic", Value: scope.WithoutReloaded(p.Value)} // the rest is the user's text
	f.Traceback = append(f.Traceback, bold+red+"panic"+normal+": "+f.Value)
	f.Traceback = append(f.Traceback, l.frames(p.Frames)...)
	return withHint(f)
}
