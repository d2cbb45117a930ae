package session

import (
	"context"
	"maps"
	"slices"
	"strings"

	"locuslab/kernel/magic"
	"locuslab/kernel/session/scope"
)

// Reload implements magic.Host: packages of folders whose sources have changed are
// imported anew. Live values keep the version that they are of.
func (h host) Reload(ctx context.Context) (string, error) {
	if err := h.start(ctx); err != nil {
		return "", err
	}
	paths, err := h.workspace.Reload(ctx)
	if err != nil {
		return "", &magic.UsageError{Message: scope.Recognisable(err.Error())}
	}
	if len(paths) == 0 {
		return "no package has changed\n", nil
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for name, path := range h.scope.Names.Imports {
		if now := paths[h.workspace.Original(path)]; now != "" {
			h.scope.Superseded[path] = true
			h.scope.Names.Imports[name] = now
		}
	}
	for path := range h.scope.Names.Dots {
		if now := paths[h.workspace.Original(path)]; now != "" {
			delete(h.scope.Names.Dots, path)
			h.scope.Names.Dots[now] = true
		}
	}
	for path := range h.scope.Importer.Aliases { // whatever any cell has mentioned
		if now := paths[h.workspace.Original(path)]; now != "" && now != path {
			h.scope.Superseded[path] = true
		}
	}
	text := "reloaded: " + strings.Join(slices.Sorted(maps.Keys(paths)), ", ") + "\n"
	var stale []string
	for _, d := range h.scope.Names.Sorted() {
		if d.MentionsPackage(h.scope.Superseded) {
			stale = append(stale, d.Name)
		}
	}
	if len(stale) > 0 {
		text += "as they were before, until their cells run again: " + strings.Join(stale, ", ") + "\n"
	}
	return text, nil
}

// changedNote tells that packages have changed on disk.
func (s *Session) changedNote(ctx context.Context) string {
	if s.workspace.SourcesChanged(ctx) {
		return "note: packages that this notebook imports have changed on disk; %reload takes them as they are now\n"
	}
	return ""
}
