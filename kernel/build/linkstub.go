package build

import (
	"context"
	"fmt"
	"maps"
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
	for d := range defined {
		if hidden(d.name) {
			hide[mangle(d.name)] = true
		}
	}
	for _, a := range archives {
		d, r, err := objectSymbols(a)
		if err != nil {
			return fmt.Errorf("link unit %d: %w", j.unit.ID, err)
		}
		maps.Copy(defined, d)
		refs = append(refs, r...)
	}
	var outside []reference
	for _, r := range refs {
		if !defined[r] {
			outside = append(outside, r)
		}
	}
	s, err := b.symbols.stub(b.w.tool.GOARCH, outside, j.onlyABI0)
	if err != nil {
		return fmt.Errorf("link unit %d: %w", j.unit.ID, err)
	}
	stub := j.file(stubName)
	if err := os.WriteFile(stub, s.content, 0o644); err != nil {
		return fmt.Errorf("link unit %d: %w", j.unit.ID, err)
	}
	j.missing = s.missing
	config, err := j.writeConfig("link.cfg", func(path, _ string) string {
		if a := archives[path]; a != "" {
			return "packagefile " + path + "=" + a + "\n"
		}
		return "packageshlib " + path + "=" + stub + "\n"
	})
	if err != nil {
		return err
	}
	return j.runLink(ctx, linkPlan{
		mode: mode, config: config, archive: archive, flags: []string{"-linkshared"}, packages: len(archives) > 0,
		objects: []string{b.hash}, hidden: func(s string) bool { return hide[s] || hidden(s) },
		outside: s.defined,
	})
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
