// Package report describes failures in the user's terms: the number of the cell, the line as
// it was written, and the user's own calls of a stack. It keeps the text of every unit that
// the worker holds, since a goroutine may panic long after its cell.
//
// It knows neither how cells are compiled nor what they declare.
package report

import (
	"fmt"
	"maps"
	"regexp"
	"sync"

	"locuslab/kernel/cell"
)

// A Source is the text of a unit as the user knows it.
type Source struct {
	ID    int
	Cell  *cell.Cell
	Count int    // the number that the user knows the cell by: In[3]
	File  string // what positions in the text are called by
	// Visible are the packages that the text may mention, by the names that it has for them.
	Visible map[string]string
}

// Sources holds the sources of the units whose code is in the worker, for the lines in stacks. A
// goroutine may panic while another cell is analysed, so it has a lock of its own.
type Sources struct {
	goroot string

	mu    sync.Mutex
	units map[string]*Source // by the file name of their lines
}

// NewSources returns an empty collection. goroot is what the files of the standard library
// are called by.
func NewSources(goroot string) *Sources { return &Sources{goroot: goroot, units: map[string]*Source{}} }

// Source returns the unit that a file name of a position or a frame stands for; nil
// for a library's, and for one of a unit that is not loaded.
func (l *Sources) Source(file string) *Source {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.units[unitFile.FindString(file)]
}

// unitFile finds the name that a unit's lines have, behind the folder that the
// compiler may put before it.
var unitFile = regexp.MustCompile(`(\b\d+/)?In\[\d+\]$`)

// NewFile returns what the lines of a new unit are called by: In[3], as the user knows
// the cell. That is what runtime.Caller, logs, tests and profiles show. A cell of
// several units has 4/In[3] and the like for the others, which most programs show by its
// last part.
func (l *Sources) NewFile(id, count int) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	name := fmt.Sprintf("In[%d]", count)
	if l.units[name] != nil {
		name = fmt.Sprintf("%d/%s", id, name)
	}
	return name
}

// Add keeps the source of a unit that the worker has loaded.
func (l *Sources) Add(u *Source) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.units[u.File] = u
}

// Clear forgets all, as the worker does that has ended.
func (l *Sources) Clear() {
	l.mu.Lock()
	defer l.mu.Unlock()
	clear(l.units)
}

// Clone returns a collection of its own with the same sources.
func (l *Sources) Clone() *Sources {
	l.mu.Lock()
	defer l.mu.Unlock()
	return &Sources{goroot: l.goroot, units: maps.Clone(l.units)}
}

// Runs notes by which number the user knows the unit now.
func (l *Sources) Runs(u *Source, count int, c *cell.Cell) {
	l.mu.Lock()
	defer l.mu.Unlock()
	u.Count, u.Cell = count, c
}
