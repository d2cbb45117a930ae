package build

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// mixedRounds bounds how often a mixed link adds packages: each round finds what
// the packages of the round before need.
const mixedRounds = 12

// linkMixed links the packages that the worker lacks into the unit and takes the
// rest from the worker. What is lacking shows only in what the linker reports,
// and in undefined symbols of the result: dead code elimination left the worker
// some functions of a package and not others. So the set of packages that are
// linked in grows until the link is whole.
func (j *job) linkMixed(ctx context.Context, stub error) error {
	into := j.absent()
	whole := maps.Clone(into)
	if j.b.mode == Mixed {
		for _, p := range j.imported() {
			into[p] = true
		}
	}
	if stub != nil {
		for _, p := range j.lacking(stub) {
			into[p], whole[p] = true, true
		}
	}
	for range mixedRounds {
		archives, err := j.archivesOf(ctx, into)
		if err != nil {
			return err
		}
		bring, err := j.bring(whole)
		if err != nil {
			return fmt.Errorf("link unit %d: %w", j.unit.ID, err)
		}
		if err = j.compileBringing(ctx, into, bring); err != nil {
			return err
		}
		if err = j.linkShared(ctx, Mixed, archives); err == nil {
			j.linkedIn = into
			return nil
		}
		lacking := j.lacking(err)
		if slices.Contains(lacking, "runtime") && len(j.absent()) == 0 {
			// There can be one runtime only. A unit that comes here because the mixed
			// link is forced needs none of the packages.
			if err := j.compile(ctx); err != nil {
				return err
			}
			return j.linkStub(ctx)
		}
		grown := false
		for _, p := range lacking {
			grown = grown || !into[p]
			into[p], whole[p] = true, true
		}
		if !grown {
			return err
		}
	}
	return &LinkError{Unit: j.unit.ID, Mode: Mixed, Output: fmt.Sprintf("still incomplete with %d packages linked in", len(into))}
}

// absent are the packages that the unit uses and that neither the worker nor an
// earlier unit holds.
func (j *job) absent() map[string]bool {
	absent := map[string]bool{}
	for p := range j.imports {
		if _, held := j.b.image.Packages[p]; !held && !j.b.linkedIn[p] {
			absent[p] = true
		}
	}
	return absent
}

// imported are the packages that a forced mixed link brings although the worker
// has them, so that this way is tried by every unit.
func (j *job) imported() []string {
	var paths []string
	for _, p := range j.unit.Imports {
		if p != "unsafe" && p != "runtime" && p != j.b.w.RuntimePath() && j.imports[p] != "" {
			paths = append(paths, p)
		}
	}
	return paths
}

func (j *job) archivesOf(ctx context.Context, packages map[string]bool) (map[string]string, error) {
	paths := slices.Sorted(maps.Keys(packages))
	all, err := j.b.w.pluginArchives(ctx, j.b.image, j.imports, paths)
	if err != nil {
		return nil, fmt.Errorf("link unit %d: %w", j.unit.ID, err)
	}
	archives := map[string]string{}
	for _, p := range paths {
		archives[p] = all[p]
	}
	return archives, nil
}

// compileFor compiles the unit again with blank imports of the packages that are
// linked in: the linker loads no package that nothing imports.
func (j *job) compileFor(ctx context.Context, packages map[string]bool, more ...string) error {
	if len(packages) == 0 {
		return nil
	}
	linked, err := j.linkerImports(slices.Sorted(maps.Keys(packages)))
	if err != nil {
		return err
	}
	return j.runCompiler(ctx, j.file("compile.cfg"), append([]string{linked, j.file("cell.go")}, more...)...)
}

// lacking are the packages whose symbols a failed link wanted.
func (j *job) lacking(err error) []string {
	var e *LinkError
	if !errors.As(err, &e) {
		return nil
	}
	packages := map[string]bool{}
	for _, symbol := range j.missing {
		if strings.Contains(e.Output, symbol) {
			if p := j.packageOf(symbol); p != "" {
				packages[p] = true
			}
		}
	}
	if len(packages) == 0 {
		for _, symbol := range j.missing {
			if p := j.packageOf(symbol); p != "" {
				packages[p] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(packages))
}

// packageOf is the package that defines a symbol, among those the unit can see.
func (j *job) packageOf(symbol string) string {
	name := strings.TrimLeft(strings.TrimPrefix(symbol, "type:"), "*[]")
	best := ""
	for path := range j.imports {
		if len(path) > len(best) && strings.HasPrefix(name, symbolPrefix(path)+".") {
			best = path
		}
	}
	return best
}

// symbolPrefix is how symbols spell an import path: dots after the last slash
// are escaped.
func symbolPrefix(path string) string {
	slash := strings.LastIndexByte(path, '/') + 1
	return path[:slash] + strings.ReplaceAll(path[slash:], ".", "%2e")
}

// checkComplete tells of Go symbols that the linked object wants and the stub has
// not: in a plugin the Go linker leaves those to the dynamic linker, which would
// refuse the unit or take a function of the same name in the other calling convention.
func (j *job) checkComplete(mode Mode, undefined []string, outside map[string]bool) error {
	names := map[string]string{} // by how the linker spells them
	for _, m := range j.missing {
		names[mangle(m)] = m
	}
	var lacking []string
	for _, u := range undefined {
		if !strings.ContainsAny(u, ".:") || outside[u] { // else C's
			continue
		}
		if n, ok := names[u]; ok {
			u = n
		}
		lacking = append(lacking, u)
	}
	if len(lacking) == 0 {
		return nil
	}
	j.missing = lacking
	return &LinkError{Unit: j.unit.ID, Mode: mode, Output: "undefined: " + strings.Join(lacking, ", ")}
}
