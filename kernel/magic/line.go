package magic

import (
	"slices"
	"strings"
)

// A Line is a line of a cell for the kernel, taken apart: a magic, a shell command or a
// question.
type Line struct {
	Text string
	Call *Call // the magic that it calls; nil for another line, and where Err is set
	Err  error // what is wrong with a line that begins with %
}

// ReadLine takes a line apart.
func ReadLine(text string) Line {
	l := Line{Text: strings.TrimSpace(text)}
	if strings.HasPrefix(l.Text, "%") {
		l.Call, l.Err = parseLine(l.Text)
	}
	return l
}

// IsShell reports whether the line is a shell command: !command.
func (l Line) IsShell() bool { return strings.HasPrefix(l.Text, "!") }

// IsQuestion reports whether the line asks what a name is: ?name or name?.
func (l Line) IsQuestion() bool {
	return strings.HasPrefix(l.Text, "?") || strings.HasSuffix(l.Text, "?")
}

// IsOutOfPlace reports whether the line has the form of a cell magic, and is none that may
// stand there.
func (l Line) IsOutOfPlace() bool { return strings.HasPrefix(l.Text, "%%") && l.Err != nil }

// calls reports whether the line calls one of the magics.
func (l Line) calls(names ...string) bool {
	return l.Call != nil && slices.Contains(names, l.Call.Name)
}

// NeedsDeclarations reports whether the line works with what the code above it declares.
// Other lines, such as %env, run first.
func (l Line) NeedsDeclarations() bool {
	switch {
	case l.IsQuestion():
		return true
	case l.calls("%", "main", "args"):
		return l.Call.Args != ""
	}
	return l.calls("time", "timeit", "who", "whos", "ls", "list")
}

// RunsBehindDeclarations reports whether a line that stands above the declarations of its
// cell runs behind them.
func (l Line) RunsBehindDeclarations() bool { return l.calls("exec") }

// BeginsMain reports whether the line makes its cell a program for gonb.
func (l Line) BeginsMain() bool { return l.calls("%", "main", "exec") }

// IsForPage reports whether the line makes its cell a program that the page runs.
func (l Line) IsForPage() bool { return l.calls("wasm") }

// Arguments are those that the line gives to the program of its cell, where it is one that does.
func (l Line) Arguments() (list []string, ok bool, err error) {
	if !l.calls("%", "main", "args") {
		return nil, false, nil
	}
	list, err = words(l.Call.Args)
	return list, true, err
}

// TakesGo reports whether the line goes on with Go code, in which braces are Go's.
func (l Line) TakesGo() bool { return l.Call != nil && Takes("%"+l.Call.Name) == GoCode }
