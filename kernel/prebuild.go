package main

import (
	"cmp"
	"context"
	"fmt"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"

	"locuslab/kernel/build"
	"locuslab/kernel/build/toolchain"
	"locuslab/kernel/cell"
	"locuslab/kernel/lab"
	"locuslab/kernel/notebook"
)

// A prebuilder makes what the cells of a folder's notebooks need before they are run.
type prebuilder struct {
	dir       string
	workspace *build.Workspace
	step      atomic.Pointer[lab.Step] // the one that the workspace's progress belongs to
}

// openPrebuilder reports its progress to the step s until another step begins.
func openPrebuilder(ctx context.Context, cache, dir string, s *lab.Step) (_ *prebuilder, err error) {
	p := &prebuilder{dir: dir}
	p.step.Store(s)
	p.workspace, err = build.OpenWorkspace(ctx, dir, build.Options{Cache: cache, Progress: p.say, Own: forCells})
	return p, err
}

// say shows a line of the workspace's progress with the step that it is about. In a step each
// line takes the place of the one before.
func (p *prebuilder) say(line string) {
	p.step.Load().Say(strings.TrimPrefix(line, toolchain.Again))
}

// worker builds the program that runs the cells, so that the first cell need not wait for it.
func (p *prebuilder) worker(ctx context.Context) error {
	_, err := p.workspace.WorkerExe(ctx)
	return err
}

// packages compiles what the notebooks import, the notebook first before the others. One
// that does not compile is told by the cell that imports it.
func (p *prebuilder) packages(ctx context.Context, first string, s *lab.Step) error {
	p.step.Store(s)
	files, err := filepath.Glob(filepath.Join(p.dir, "*.ipynb"))
	if err != nil {
		return fmt.Errorf("look for notebooks in %s: %w", p.dir, err)
	}
	slices.SortStableFunc(files, func(a, b string) int {
		return cmp.Compare(order(a, first), order(b, first))
	})
	s.Expect(len(files))
	for _, file := range files {
		s.Advance("for " + filepath.Base(file))
		paths := notebookImports(file)
		if _, err := p.workspace.Exports(ctx, paths...); err == nil {
			continue
		}
		for _, path := range paths { // those that can be had
			if _, err := p.workspace.Exports(ctx, path); ctx.Err() != nil {
				return ctx.Err()
			} else if err != nil {
				s.Say(err.Error())
			}
		}
	}
	return nil
}

// order is 0 for the file of the notebook first and 1 for others.
func order(file, first string) int {
	if filepath.Base(file) == first {
		return 0
	}
	return 1
}

// notebookImports are the import paths in the code cells of a Go notebook.
func notebookImports(file string) []string {
	nb, err := notebook.Read(file)
	if err != nil || nb.Language() != "" && nb.Language() != "go" {
		return nil // who opens it is told
	}
	paths := map[string]bool{}
	for _, c := range nb.Cells() {
		if c.Kind() != notebook.Code {
			continue
		}
		for _, path := range cellImports(c.Source()) {
			if path != "C" && path != "unsafe" && !strings.HasPrefix(path, ".") {
				paths[path] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(paths))
}

// cellImports are the import paths in a cell.
func cellImports(source string) []string {
	parts := cell.Split(source)
	var paths []string
	for _, item := range parts.Items {
		if item.Kind != cell.Import {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), "", "package p\n"+parts.Source(item), parser.ImportsOnly)
		if err != nil {
			continue
		}
		for _, spec := range f.Imports {
			if path, err := strconv.Unquote(spec.Path.Value); err == nil {
				paths = append(paths, path)
			}
		}
	}
	return paths
}
