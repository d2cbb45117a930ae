package session

import (
	"context"
	"errors"
	"slices"
	"strings"

	"locuslab/kernel/build"
	"locuslab/kernel/display"
	"locuslab/kernel/session/frontend/probe"
	"locuslab/kernel/session/scope"
	"locuslab/kernel/worker"
)

// C code cannot be loaded into a process that runs. When a cell imports a package with
// some, the session moves to a process that is linked with it; no value can move along.

// moveToC moves to a process that is linked with the packages of which an error tells
// that they have C code, where nothing has been declared yet, and reports whether it
// has. Once something lives, the user decides.
func (s *Session) moveToC(ctx context.Context, err error, out display.Output) (bool, error) {
	c := withC(err)
	if len(c) == 0 || s.workspace.IsLinked(c) {
		return false, err
	}
	s.mu.Lock()
	fault, before := s.cFault, s.wantsC
	s.cFault, s.wantsC = nil, slices.Concat(before, c)
	all, declared := s.wantsC, len(s.scope.Names.Current) > 0
	s.mu.Unlock()
	if fault == nil && !declared {
		fault = s.linkC(ctx, all)
	}
	if fault != nil {
		s.mu.Lock()
		s.wantsC = before
		s.mu.Unlock()
		return false, &display.Failure{Name: "ImportError", Value: scope.Recognisable(fault.Error()), Cause: fault}
	}
	if declared {
		if err := s.workspace.RememberC(s.options.Notebook, c); err != nil {
			return false, err
		}
		return false, &display.Failure{Name: "ImportError", Value: hasC(c) +
			", which the process that holds this notebook's values cannot take in. %reset forgets what was declared, and then this cell can be the first to run: its process is linked with the C code, and needs a C compiler"}
	}
	if err := s.forgetWorker(); err != nil {
		return false, err
	}
	if err := s.start(ctx); err != nil {
		return false, err
	}
	if !s.workspace.IsLinked(c) { // it could not be built, which the next attempt tells
		return true, nil
	}
	out.Display(display.Notice("note: " + hasC(c) + ": this notebook goes on in a new process that is linked with it"))
	return true, s.workspace.RememberC(s.options.Notebook, c)
}

// forgetWorker ends the worker and forgets what was built for it.
func (s *Session) forgetWorker() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	err := s.stop()
	if s.builder != nil {
		err = errors.Join(err, s.builder.Close())
		s.builder = nil
	}
	s.ran, s.objects = map[string]*probe.Unit{}, nil
	return err
}

// withC are the packages of which an error says that they have C code, or else need a
// linker.
func withC(err error) []string {
	var c *build.CgoError
	var load *worker.LoadError
	switch {
	case errors.As(err, &c):
		return c.Packages
	case errors.As(err, &load) && load.Linked != "":
		return []string{load.Linked}
	}
	return nil
}

func hasC(packages []string) string {
	if len(packages) == 1 {
		return packages[0] + " has C code"
	}
	return strings.Join(packages, ", ") + " have C code"
}

// linkC replaces the workspace by one whose worker is linked with packages.
func (s *Session) linkC(ctx context.Context, packages []string) error {
	w, err := s.workspace.WithC(ctx, packages)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.workspace, s.scope.Workspace, s.scope.Importer = w, w, scope.NewImporter()
	return nil
}

// leaveC goes back to a process without C code where one that is linked with it cannot be
// built: cells that do without must not suffer for it.
func (s *Session) leaveC(ctx context.Context, fault error) error {
	s.mu.Lock()
	s.wantsC, s.cFault = nil, fault
	s.mu.Unlock()
	s.options.Progress(scope.Recognisable(fault.Error()) + ": the cells run without C code")
	if err := s.linkC(ctx, nil); err != nil {
		return err
	}
	_, err := s.workspace.WorkerExe(ctx)
	return err
}
