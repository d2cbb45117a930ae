package complete

import (
	"context"
	"go/types"
	"path"
	"slices"
	"strings"

	"locuslab/kernel/display"
)

// Search lists the names that a pattern matches, where * stands for any text: what a package
// exports, as in strings.Trim*, or else what may stand alone.
func (h *Helper) Search(ctx context.Context, pattern string) (display.Bundle, bool) {
	qualifier, rest, qualified := strings.Cut(pattern, ".")
	found := map[string]types.Object{}
	said := map[string]string{}
	prefix := ""
	matches := func(name string) bool {
		ok, err := path.Match(strings.ToLower(rest), strings.ToLower(name))
		return err == nil && ok
	}
	if qualified {
		importPath := h.Scope.Names.Imports[qualifier]
		if importPath == "" {
			importPath = h.Scope.GuessImport(ctx, qualifier, nil)
		}
		pkg, err := h.Scope.Importer.Import(importPath)
		if importPath == "" || err != nil {
			return display.Bundle{}, false
		}
		prefix = qualifier + "."
		for _, obj := range exported(pkg) {
			if matches(obj.Name()) {
				found[obj.Name()] = obj
			}
		}
		if p := h.read(ctx, importPath); p != nil {
			said = p.Synopses()
		}
	} else {
		rest = pattern
		for _, name := range types.Universe.Names() {
			if matches(name) {
				found[name] = types.Universe.Lookup(name)
			}
		}
		for name, d := range h.Scope.Names.Current {
			if matches(name) {
				found[name], said[name] = d.Object, d.Doc
			}
		}
	}
	var names []string
	for name := range found {
		names = append(names, name)
	}
	slices.Sort(names)
	var text strings.Builder
	for _, name := range names {
		m := matchOf(name, found[name])
		line := prefix + name
		if m.Kind == "function" {
			line += m.Signature
		} else if m.Signature != "" {
			line += " " + m.Signature
		}
		text.WriteString(line + "\n")
		if s := strings.TrimSpace(said[name]); s != "" {
			text.WriteString("    " + strings.ReplaceAll(s, "\n", "\n    ") + "\n")
		}
	}
	return display.Text(strings.TrimSuffix(text.String(), "\n")), len(names) > 0
}
