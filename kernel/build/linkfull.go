package build

import (
	"context"
	"fmt"
	"maps"
	"slices"
)

// linkFull is Go's own plugin link: every package that the unit uses becomes
// part of it, and the dynamic linker prefers what the worker has already.
func (j *job) linkFull(ctx context.Context) error {
	archives, err := j.b.w.pluginArchives(ctx, j.b.image, j.imports, slices.Sorted(maps.Keys(j.imports)))
	if err != nil {
		return fmt.Errorf("link unit %d: %w", j.unit.ID, err)
	}
	config, err := j.writeConfig("link.cfg", func(path, _ string) string {
		return "packagefile " + path + "=" + archives[path] + "\n"
	})
	if err != nil {
		return err
	}
	defined, _, err := objectSymbols(j.archive)
	if err != nil {
		return fmt.Errorf("link unit %d: %w", j.unit.ID, err)
	}
	hide := map[string]bool{}
	for d := range defined {
		if hidden(d.name) {
			hide[mangle(d.name)] = true
		}
	}
	return j.runLink(ctx, linkPlan{
		mode: Full, config: config, archive: j.archive, packages: true,
		hidden: func(s string) bool { return hide[s] || hidden(s) },
	})
}
