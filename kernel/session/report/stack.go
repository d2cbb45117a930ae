package report

import (
	"regexp"
	"strings"

	"locuslab/kernel/session/scope"
	"locuslab/kernel/worker/wire"
)

// A CellFrame is a call in the code of a cell.
type CellFrame struct {
	Count, Line int
	Function    string // empty at the top of a cell
	Text        string // of the line
}

// Frame finds the cell that a call belongs to; ok is false for a library's.
func (l *Sources) Frame(f wire.Frame) (frame *CellFrame, ok bool) {
	if !unitFile.MatchString(f.File) {
		return nil, false
	}
	u := l.Source(f.File)
	l.mu.Lock()
	defer l.mu.Unlock()
	if u == nil || f.Line > strings.Count(u.Cell.Text, "\n")+1 { // behind the cell stands the kernel's own code
		return nil, true
	}
	line, _ := u.Cell.TypedPosition(f.Line, 1)
	return &CellFrame{u.Count, line, functionTitle(f.Func), u.Cell.TypedLine(line)}, true
}

// IsEntry tells the function by which the host calls a unit; below it is the host.
func IsEntry(fn string) bool {
	_, id, ok := strings.Cut(fn, "."+scope.EntryPrefix)
	return ok && !strings.Contains(id, ".")
}

var atTop = regexp.MustCompile(`^(?:.*\.)?(?:In_|` + scope.Reserved + `cell)\d+(?:\.|$)`)

// functionTitle is what a user calls a function of the growing package; the
// top of a cell has no name.
func functionTitle(fn string) string {
	fn = fn[strings.LastIndexByte(fn, '/')+1:]
	fn = strings.TrimPrefix(strings.TrimPrefix(fn, scope.PackagePath+"."), "main.")
	return atTop.ReplaceAllString(fn, "") // also where a closure is inlined elsewhere
}
