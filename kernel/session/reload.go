package session

import (
	"context"
	"maps"
	"slices"
	"strings"

	"locuslab/kernel/magic"
)

// Reload implements magic.Host: packages of folders whose sources have changed are
// imported anew. Live values keep the version that they are of.
func (h host) Reload(ctx context.Context) (string, error) {
	if err := h.start(ctx); err != nil {
		return "", err
	}
	paths, err := h.workspace.Reload(ctx)
	if err != nil {
		return "", &magic.UsageError{Message: recognisable(err.Error())}
	}
	if len(paths) == 0 {
		return "no package has changed\n", nil
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for name, path := range h.scope.names.imports {
		if now := paths[h.workspace.Original(path)]; now != "" {
			h.scope.superseded[path] = true
			h.scope.names.imports[name] = now
		}
	}
	for path := range h.scope.names.dots {
		if now := paths[h.workspace.Original(path)]; now != "" {
			delete(h.scope.names.dots, path)
			h.scope.names.dots[now] = true
		}
	}
	for path := range h.scope.importer.aliases { // whatever any cell has mentioned
		if now := paths[h.workspace.Original(path)]; now != "" && now != path {
			h.scope.superseded[path] = true
		}
	}
	text := "reloaded: " + strings.Join(slices.Sorted(maps.Keys(paths)), ", ") + "\n"
	var stale []string
	for _, d := range h.scope.names.sorted() {
		if d.mentionsPackage(h.scope.superseded) {
			stale = append(stale, d.name)
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
