package session

import (
	"context"
	"encoding/json"
	"fmt"
	"go/types"
	"slices"
	"strings"

	"locuslab/kernel/display"
	"locuslab/kernel/session/scope"
	"locuslab/kernel/worker"
)

// Variables are what the cells have declared, with their values as short text. While a
// cell runs they are those of before: reading what it writes would be a race.
func (s *Session) Variables(ctx context.Context) []display.Variable {
	if !s.executing.TryLock() {
		return s.lastVariables()
	}
	defer s.executing.Unlock()
	names := s.variableNames()
	if len(names) == 0 || !s.isRunning() {
		return nil
	}
	list, err := s.readVariables(ctx, names)
	if err != nil {
		s.options.Log.Debug("read the variables", "err", err)
		return s.lastVariables()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.variables = list
	return slices.Clone(list)
}

func (s *Session) lastVariables() []display.Variable {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.variables)
}

// variableNames are the variables that a cell could mention.
func (s *Session) variableNames() (names []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, d := range s.scope.Names.Sorted() {
		if _, isVar := d.Object.(*types.Var); isVar && !s.scope.Names.Lost(d) {
			names = append(names, d.Name)
		}
	}
	return names
}

// readVariables has the worker show them, by a cell that becomes no part of the session.
func (s *Session) readVariables(ctx context.Context, names []string) ([]display.Variable, error) {
	const pkg = scope.Reserved + "runtime"
	quoted := make([]string, len(names))
	for i, n := range names {
		quoted[i] = fmt.Sprintf("%q", n)
	}
	b, err := s.inspect(ctx, fmt.Sprintf("import %s %q\n%s.Named([]string{%s}, %s)", pkg, s.scope.Runtime, pkg, strings.Join(quoted, ", "), strings.Join(names, ", ")))
	if err != nil {
		return nil, err
	}
	var list []display.Variable
	text, ok := b.Data["application/json"].(json.RawMessage)
	if !ok {
		return nil, fmt.Errorf("read the variables: the worker shows no list")
	}
	if err := json.Unmarshal(text, &list); err != nil {
		return nil, fmt.Errorf("read the variables: %w", err)
	}
	return list, nil
}

// inspect runs a cell of the kernel's, which becomes no part of the session, and returns
// what it results in.
func (s *Session) inspect(ctx context.Context, text string) (display.Bundle, error) {
	w := takeApart(text)
	u, em, err := s.prepare(ctx, w, w.Items, 0, true)
	if err != nil {
		return display.Bundle{}, err
	}
	s.mu.Lock()
	id, known := s.inspected[em.Meaning]
	s.mu.Unlock()
	if !known {
		o, err := s.build(ctx, u, em)
		if err != nil {
			return display.Bundle{}, err
		}
		built := &compiled{unit: u, emission: em, object: o}
		outcome, err := s.loadObject(ctx, built, nil)
		if err != nil {
			return display.Bundle{}, err
		}
		s.builder.Loaded(built.object)
		if err := s.failure(outcome); err != nil {
			return display.Bundle{}, err
		}
		id = u.ID
		s.mu.Lock()
		s.inspected[em.Meaning] = id
		s.mu.Unlock()
	}
	outcome, err := s.process.Run(s.outer, worker.Run{ID: id, Entry: entry(id)}, nil)
	if err == nil {
		err = s.failure(outcome)
	}
	if err == nil && outcome.Result == nil {
		err = fmt.Errorf("read the variables: the worker shows nothing")
	}
	if err != nil {
		return display.Bundle{}, err
	}
	return *outcome.Result, nil
}

// Show is one of the variables as a cell shows it; false while a cell runs, or where
// there is none.
func (s *Session) Show(ctx context.Context, name string) (display.Bundle, bool) {
	if !slices.Contains(s.variableNames(), name) || !s.executing.TryLock() {
		return display.Bundle{}, false
	}
	defer s.executing.Unlock()
	if !s.isRunning() {
		return display.Bundle{}, false
	}
	b, err := s.inspect(ctx, name)
	return b, err == nil
}
