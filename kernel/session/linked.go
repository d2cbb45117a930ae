package session

import (
	"context"
	"errors"
	"fmt"

	"locuslab/kernel/build"
	"locuslab/kernel/worker"
)

// A process that links cells itself takes in no C code, and is not known to work with
// every Go release. Where the user has not chosen otherwise, the session goes over to
// one whose cells the system's linkers link. No value can go with it.

// goOver goes over, where an error is of C code and nothing has been declared yet, and
// reports whether it has. Once something lives, the user decides.
func (s *Session) goOver(ctx context.Context, err error) (bool, error) {
	c := withC(err)
	if s.options.Link != build.Auto || c == nil {
		return false, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.form.IsStatic() {
		return false, err
	}
	s.linked = true
	if err := s.workspace.RememberC(s.options.Notebook); err != nil {
		return false, err
	}
	if len(s.names.current) > 0 {
		return false, &Failure{Name: "ImportError", Value: c.What() +
			", which the process that holds this notebook's values cannot take in. %reset forgets what was declared, and then this cell can be the first to run: its process is linked with the C code, and needs a C compiler"}
	}
	if err := s.stop(); err != nil {
		return false, err
	}
	if s.builder != nil {
		if err := s.builder.Close(); err != nil {
			return false, err
		}
		s.builder = nil
	}
	s.ran, s.objects = map[string]*unit{}, nil
	s.options.Progress(c.What() + ": cells are linked by the system's linkers from now on, which takes longer")
	return true, nil
}

// withC is what an error says of C code; nil if it says nothing.
func withC(err error) *build.CgoError {
	var c *build.CgoError
	var load *worker.LoadError
	switch {
	case errors.As(err, &c):
		return c
	case errors.As(err, &load) && load.Linked != "":
		return &build.CgoError{Packages: []string{load.Linked}}
	}
	return nil
}

// openLinked replaces the workspace by one whose cells the system's linkers link.
func (s *Session) openLinked(ctx context.Context) error {
	w, err := build.OpenWorkspace(ctx, s.options.Dir, s.options.Cache, build.Linked, s.options.Progress)
	if err != nil {
		return fmt.Errorf("go over to cells that the system's linkers link: %w", err)
	}
	err = s.workspace.Close()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.workspace, s.form, s.runtime, s.importer = w, w.Form(), w.RuntimePath(), newExportImporter()
	return err
}
