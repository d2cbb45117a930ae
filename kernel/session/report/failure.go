package report

import (
	"fmt"
	"strings"
	"syscall"

	"locuslab/kernel/display"
	"locuslab/kernel/session/scope"
	"locuslab/kernel/worker/wire"
)

// ANSI escapes, which front ends show as colours.
const (
	Red    = "\x1b[31m"
	Bold   = "\x1b[1m"
	Faint  = "\x1b[2m"
	Normal = "\x1b[0m"
)

// A Place is a line of a cell with what is wrong there.
type Place struct {
	Line, Column int
	Message      string
	Source       *Source // nil for the one at hand
}

// Failure shows faults with the lines that they are in.
func (u *Source) Failure(name string, places []Place) *display.Failure {
	const most = 10
	f := &display.Failure{Name: name}
	for i, p := range places {
		if i == most {
			f.Traceback = append(f.Traceback, fmt.Sprintf("… and %d more", len(places)-most))
			break
		}
		in := u
		if p.Source != nil {
			in = p.Source
		}
		line, column := in.Cell.TypedPosition(p.Line, p.Column)
		where := fmt.Sprintf("In[%d]:%d:%d", in.Count, line, column)
		message := scope.Recognisable(p.Message)
		if i == 0 {
			f.Value = where + ": " + message
		}
		f.Traceback = append(f.Traceback, Bold+where+Normal+": "+Red+message+Normal, in.quote(line, column))
	}
	return f
}

// quote is a line of the cell as it was typed, with a mark under a column.
func (u *Source) quote(line, column int) string {
	text := u.Cell.TypedLine(line)
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
	return fmt.Sprintf("%s%4d |%s %s\n     %s|%s %s%s^%s", Faint, line, Normal, text, Faint, Normal, pad.String(), Red, Normal)
}

// Failure turns how a run ended into what Execute returns.
func (l *Sources) Failure(o wire.Outcome) error {
	switch {
	case o.Interrupted:
		f := Interrupted(o.Waiting)
		f.Traceback = append(f.Traceback, l.Frames(o.Frames)...)
		return f
	case o.Panic != nil:
		return l.panicFailure(o.Panic)
	case o.Error != "":
		f := &display.Failure{Name: "Error", Value: o.Error, Traceback: append([]string{Bold + Red + "error" + Normal + ": " + o.Error}, l.Frames(o.Frames)...)}
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
func (l *Sources) panicFailure(p *wire.Panic) *display.Failure {
	f := &display.Failure{Name: "panic", Value: scope.WithoutReloaded(p.Value)} // the rest is the user's text
	f.Traceback = append(f.Traceback, Bold+Red+"panic"+Normal+": "+f.Value)
	f.Traceback = append(f.Traceback, l.Frames(p.Frames)...)
	return withHint(f)
}
