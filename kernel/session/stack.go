package session

import (
	"fmt"
	"maps"
	"regexp"
	"strings"
	"sync"

	"locuslab/kernel/cell"
	"locuslab/kernel/session/scope"
	"locuslab/kernel/worker/wire"
)

// A source is the text of a unit as the user knows it.
type source struct {
	id       int
	cell     *cell.Cell
	shown    int    // the number that the user knows the cell by: In[3]
	fileName string // what positions in the text are called by
}

// loaded holds the sources of the units whose code is in the worker, for the lines in stacks. A
// goroutine may panic while another cell is analysed, so it has a lock of its own.
type loaded struct {
	goroot string

	mu    sync.Mutex
	units map[string]*source // by the file name of their lines
}

func newLoaded(goroot string) *loaded { return &loaded{goroot: goroot, units: map[string]*source{}} }

// unit returns the unit that a file name of a position or a frame stands for; nil
// for a library's, and for one of a unit that is not loaded.
func (l *loaded) unit(file string) *source {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.units[unitFile.FindString(file)]
}

// unitFile finds the name that a unit's lines have, behind the folder that the
// compiler may put before it.
var unitFile = regexp.MustCompile(`(\b\d+/)?In\[\d+\]$`)

// newFile returns what the lines of a new unit are called by: In[3], as the user knows
// the cell. That is what runtime.Caller, logs, tests and profiles show. A cell of
// several units has 4/In[3] and the like for the others, which most programs show by its
// last part.
func (l *loaded) newFile(id, count int) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	name := fmt.Sprintf("In[%d]", count)
	if l.units[name] != nil {
		name = fmt.Sprintf("%d/%s", id, name)
	}
	return name
}

func (l *loaded) add(u *source) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.units[u.fileName] = u
}

func (l *loaded) clear() {
	l.mu.Lock()
	defer l.mu.Unlock()
	clear(l.units)
}

func (l *loaded) clone() *loaded {
	l.mu.Lock()
	defer l.mu.Unlock()
	return &loaded{goroot: l.goroot, units: maps.Clone(l.units)}
}

// runs notes by which number the user knows the unit now.
func (l *loaded) runs(u *source, count int, c *cell.Cell) {
	l.mu.Lock()
	defer l.mu.Unlock()
	u.shown, u.cell = count, c
}

// A cellFrame is a call in the code of a cell.
type cellFrame struct {
	count, line int
	function    string // empty at the top of a cell
	text        string // of the line
}

// frame finds the cell that a call belongs to; ok is false for a library's.
func (l *loaded) frame(f wire.Frame) (frame *cellFrame, ok bool) {
	if !unitFile.MatchString(f.File) {
		return nil, false
	}
	u := l.unit(f.File)
	l.mu.Lock()
	defer l.mu.Unlock()
	if u == nil || f.Line > strings.Count(u.cell.Text, "\n")+1 { // behind the cell stands the kernel's own code
		return nil, true
	}
	return &cellFrame{u.shown, f.Line, functionTitle(f.Func), u.cell.Line(f.Line)}, true
}

// isEntry tells the function by which the host calls a unit; below it is the host.
func isEntry(fn string) bool {
	_, id, ok := strings.Cut(fn, "."+scope.EntryPrefix)
	return ok && !strings.Contains(id, ".")
}

var atTop = regexp.MustCompile(`^(?:.*\.)?(?:In_|cell` + scope.Reserved + `)\d+(?:\.|$)`)

// functionTitle is what a user calls a function of the growing package; the
// top of a cell has no name.
func functionTitle(fn string) string {
	fn = fn[strings.LastIndexByte(fn, '/')+1:]
	fn = strings.TrimPrefix(strings.TrimPrefix(fn, scope.PackagePath+"."), "main.")
	return atTop.ReplaceAllString(fn, "") // also where a closure is inlined elsewhere
}
