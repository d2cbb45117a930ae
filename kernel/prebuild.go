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

	"locuslab/kernel/build"
	"locuslab/kernel/build/toolchain"
	"locuslab/kernel/cell"
	"locuslab/kernel/lab"
	"locuslab/kernel/notebook"
)

// prebuildWorker builds the program that runs the cells of notebooks in dir, so
// that the first cell need not wait for it.
func prebuildWorker(ctx context.Context, cache, dir string, s *lab.Step) (*build.Workspace, error) {
	say := func(line string) { s.Say(strings.TrimPrefix(line, toolchain.Again)) } // each takes the place of the one before
	w, err := build.OpenWorkspace(ctx, dir, build.Options{Cache: cache, Progress: say, Own: forCells})
	if err != nil {
		return nil, err
	}
	_, err = w.WorkerExe(ctx)
	return w, err
}

// prebuildPackages compiles what the notebooks in dir import, the notebook first before
// the others. One that does not compile is told by the cell that imports it.
func prebuildPackages(ctx context.Context, w *build.Workspace, dir, first string, s *lab.Step) error {
	files, err := filepath.Glob(filepath.Join(dir, "*.ipynb"))
	if err != nil {
		return fmt.Errorf("look for notebooks in %s: %w", dir, err)
	}
	slices.SortStableFunc(files, func(a, b string) int {
		return cmp.Compare(order(a, first), order(b, first))
	})
	s.Expect(len(files))
	for _, file := range files {
		s.Advance("for " + filepath.Base(file))
		paths := notebookImports(file)
		if _, err := w.Exports(ctx, paths...); err == nil {
			continue
		}
		for _, path := range paths { // those that can be had
			if _, err := w.Exports(ctx, path); ctx.Err() != nil {
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
