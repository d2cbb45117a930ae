package build

import (
	"context"
	"fmt"
	"os"
)

// linkStub links the unit alone: the linker is told that every package lives in
// the stub (packageshlib), so it neither loads nor writes any of them.
func (j *job) linkStub(ctx context.Context) error {
	return j.linkShared(ctx, Stub, nil)
}

// linkShared links the unit against a stub, with some packages' archives linked
// into it.
func (j *job) linkShared(ctx context.Context, mode Mode, archives map[string]string) error {
	b := j.b
	archive := j.file(mode.String() + ".a")
	if err := addShim(archive, j.archive, b.shim); err != nil {
		return fmt.Errorf("link unit %d: %w", j.unit.ID, err)
	}
	defined, refs, err := objectSymbols(archive)
	if err != nil {
		return fmt.Errorf("link unit %d: %w", j.unit.ID, err)
	}
	hide := map[string]bool{}
	for name := range defined {
		if hidden(name) {
			hide[mangle(name)] = true
		}
	}
	for _, a := range archives {
		d, r, err := objectSymbols(a)
		if err != nil {
			return fmt.Errorf("link unit %d: %w", j.unit.ID, err)
		}
		for name := range d {
			defined[name] = true
		}
		refs = append(refs, r...)
	}
	var outside []reference
	for _, r := range refs {
		if !defined[r.name] {
			outside = append(outside, r)
		}
	}
	content, missing := b.symbols.writeStub(b.w.tool.GOARCH, outside)
	stub := j.file(stubName)
	if err := os.WriteFile(stub, content, 0o644); err != nil {
		return fmt.Errorf("link unit %d: %w", j.unit.ID, err)
	}
	j.missing = missing
	config, err := j.writeConfig("link.cfg", func(path, _ string) string {
		if a := archives[path]; a != "" {
			return "packagefile " + path + "=" + a + "\n"
		}
		return "packageshlib " + path + "=" + stub + "\n"
	})
	if err != nil {
		return err
	}
	err = j.runLink(ctx, linkPlan{
		mode: mode, config: config, archive: archive, flags: []string{"-linkshared"}, packages: len(archives) > 0,
		objects: []string{b.hash}, hidden: func(s string) bool { return hide[s] || hidden(s) },
	})
	if err != nil {
		return err
	}
	return j.checkComplete(mode, refs)
}

// addShim copies the unit's archive with the shim in it.
func addShim(to, archive, shim string) error {
	content, err := os.ReadFile(archive)
	if err != nil {
		return err
	}
	object, err := os.ReadFile(shim)
	if err != nil {
		return err
	}
	return os.WriteFile(to, withObject(content, object), 0o644)
}
