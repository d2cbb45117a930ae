package complete

import (
	"context"
	"strings"

	"locuslab/kernel/display"
)

// importPaths lists the packages that the path begun may become. A long list stops at the next
// slash, as that of a folder does.
func (h *Helper) importPaths(ctx context.Context, begun string) []display.Match {
	paths, _ := h.Scope.Workspace.Importable(ctx, begun) // without it there is nothing to offer
	var list []display.Match
	for _, path := range paths {
		list = append(list, display.Match{Text: path, Kind: "module"})
	}
	const most = 200
	if len(list) <= most {
		return list
	}
	var short []display.Match
	for _, m := range list {
		if len(m.Text) < len(begun) {
			continue
		}
		if i := strings.IndexByte(m.Text[len(begun):], '/'); i >= 0 {
			m.Text = m.Text[:len(begun)+i+1]
		}
		short = append(short, m)
	}
	return short
}
