package gosuite

import "go/types"

// A Way is one of those in which a program becomes the cells of a notebook.
type Way struct {
	Name string
	What string // for a reader of the results
	cut  func(*source) ([]string, error)
	// RunAll has the cells sent together, as the command of that name does, so that
	// some are compiled while others run; else each is sent when the one before is done.
	RunAll bool
}

// Ways are all there are, from the coarsest to the finest.
var Ways = []Way{
	{Name: "whole", What: "the program as one cell", cut: whole},
	{Name: "declarations", What: "each declaration a cell, what it depends on before it, func main last", cut: declarations, RunAll: true},
	{Name: "methods", What: "as declarations, and each method a cell", cut: methodsApart},
	{Name: "body", What: "as declarations, and main's statements at the top of the last cell", cut: bodyAtTop},
	{Name: "statements", What: "as declarations, and each statement of main a cell", cut: statements, RunAll: true},
}

// Cells cuts a program into cells that mean what the program means; the error is a
// [NotCut] where this way has no such cells.
func (w Way) Cells(p Program, imports types.Importer) ([]string, error) {
	s, err := check(p, imports)
	if err != nil {
		return nil, err
	}
	return w.cut(s)
}

// NotCut is why a program cannot be cut in some way so that its meaning stays.
type NotCut struct {
	Reason string // the same words for each program of a kind
	Detail string // what in this program it is, or ""
}

func (e *NotCut) Error() string {
	if e.Detail == "" {
		return e.Reason
	}
	return e.Reason + " (" + e.Detail + ")"
}

func whole(s *source) ([]string, error) { return []string{s.Source}, nil }

func declarations(s *source) ([]string, error) {
	cells, _, err := s.declared(false)
	return cells, err
}

func methodsApart(s *source) ([]string, error) {
	cells, apart, err := s.declared(true)
	if err == nil && apart == 0 {
		return nil, &NotCut{Reason: "no method can be declared apart from its type"}
	}
	return cells, err
}

// declared makes the cells of all declarations, func main last, and counts the
// cells that begin with a method.
func (s *source) declared(apart bool) (cells []string, methods int, err error) {
	for _, part := range s.ordered(apart) {
		cells = append(cells, part.text)
		if part.method {
			methods++
		}
	}
	return cells, methods, nil
}
