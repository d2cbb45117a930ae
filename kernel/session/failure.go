package session

import (
	"errors"
	"fmt"
	"go/token"
	"go/types"
	"strings"

	"locuslab/kernel/worker"
)

// A Failure is a cell's failure as the user is shown it: Jupyter's ename,
// evalue and traceback. It is the user's, not the kernel's.
type Failure struct {
	Name      string
	Value     string
	Traceback []string
}

func (f *Failure) Error() string { return f.Name + ": " + f.Value }

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
}

// failureOf shows faults with the lines that they are in.
func (u *unit) failureOf(name string, places []place) *Failure {
	const most = 10
	f := &Failure{Name: name}
	for i, p := range places {
		if i == most {
			f.Traceback = append(f.Traceback, fmt.Sprintf("… and %d more", len(places)-most))
			break
		}
		where := fmt.Sprintf("In[%d]:%d:%d", u.shown, p.line, p.column)
		message := u.session.recognisable(p.message)
		if i == 0 {
			f.Value = where + ": " + message
		}
		f.Traceback = append(f.Traceback, bold+where+normal+": "+red+message+normal, u.quote(p.line, p.column))
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
		places = append(places, place{line, column, e.Msg})
	}
	return u.failureOf("SyntaxError", places[:min(len(places), 3)])
}

func (u *unit) typeFailure(faults []types.Error) error {
	var places []place
	for _, f := range faults {
		p := u.fset.Position(f.Pos)
		places = append(places, place{p.Line, p.Column, f.Msg})
	}
	return u.failureOf("CompileError", places)
}

func (u *unit) failureAt(pos token.Pos, message string) error {
	p := u.fset.Position(pos)
	return u.failureOf("CompileError", []place{{p.Line, p.Column, message}})
}

// recognisable takes the kernel's own names out of a message.
func (s *Session) recognisable(message string) string {
	message = strings.ReplaceAll(message, "nbEarlier_", "")
	return strings.ReplaceAll(message, packagePath+".", "")
}

// panicFailure tells of a panic with the frames of the user's cells.
func (s *Session) panicFailure(p *worker.Panic) *Failure {
	f := &Failure{Name: "panic", Value: s.recognisable(p.Value)}
	title := "panic"
	if p.Goroutine {
		title = "panic in a goroutine"
	}
	f.Traceback = append(f.Traceback, bold+red+title+normal+": "+f.Value)
	f.Traceback = append(f.Traceback, s.frames(p.Frames)...)
	return f
}

// frames shows a stack: the cells' frames with their lines, and the library's
// only as far as the first of a cell's.
func (s *Session) frames(frames []worker.Frame) []string {
	var lines []string
	for _, fr := range frames {
		id, ok := unitOf(fr.File)
		if !ok {
			if len(lines) < 12 {
				lines = append(lines, fmt.Sprintf("%s%s\n\t%s:%d%s", faint, fr.Func, fr.File, fr.Line, normal))
			}
			continue
		}
		u := s.units[id]
		if u == nil || strings.Contains(fr.Func, ".NBEntry_") {
			continue
		}
		lines = append(lines, fmt.Sprintf("%sIn[%d]:%d%s %s\n%s%4d |%s %s",
			bold, u.shown, fr.Line, normal, functionTitle(fr.Func), faint, fr.Line, normal, u.cell.Line(fr.Line)))
	}
	return lines
}

// functionTitle is what a user calls a function of the growing package; the
// top of a cell has no name.
func functionTitle(fn string) string {
	fn = fn[strings.LastIndexByte(fn, '/')+1:]
	fn = strings.TrimPrefix(strings.TrimPrefix(fn, packagePath+"."), "main.")
	if strings.HasPrefix(fn, "nbCell_") {
		_, rest, _ := strings.Cut(fn, ".")
		return rest
	}
	if strings.HasPrefix(fn, "nbMain_") {
		return "main"
	}
	return fn
}

// unitOf reads the unit's number from the file name of a frame.
func unitOf(file string) (int, bool) {
	i := strings.LastIndex(file, "In[")
	if i < 0 {
		return 0, false
	}
	var id int
	_, err := fmt.Sscanf(file[i:], "In[%d]", &id)
	return id, err == nil
}

// diedFailure tells that the worker has ended and what was lost with it.
func (s *Session) diedFailure(err error) *Failure {
	var died *worker.Died
	value := err.Error()
	if errors.As(err, &died) {
		value = died.Error()
	}
	return &Failure{Name: "WorkerDied", Value: value, Traceback: []string{
		bold + red + "The Go process of this notebook has ended" + normal + ": " + value,
		s.lostValues() + " Types, functions and imports are still there. The next cell starts a new process.",
	}}
}

// lostValues names the variables whose values went with the worker.
func (s *Session) lostValues() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var lost []string
	for _, d := range s.names.sorted() {
		if _, ok := d.object.(*types.Var); ok {
			lost = append(lost, d.name)
		}
	}
	if len(lost) == 0 {
		return "No variable was declared yet."
	}
	return "These variables have lost their values and are zero until a cell sets them: " + strings.Join(lost, ", ") + "."
}
