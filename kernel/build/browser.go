package build

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"

	"locuslab/kernel/build/toolchain"
)

// A page runs programs that are compiled for WebAssembly. They import what cells import,
// but as it is on that platform: syscall/js is there, and most of syscall is not.

// ForBrowser returns a workspace of the same folder in which packages are those of
// programs for a page. No worker belongs to it.
func (w *Workspace) ForBrowser(ctx context.Context) (*Workspace, error) {
	w.mu.Lock()
	b := &Workspace{
		dir: w.dir, root: w.root, home: w.home, cache: w.cache, module: w.module, tool: w.tool, progress: w.progress, own: w.own,
		fixed: w.fixed, extended: w.extended, versions: maps.Clone(w.versions),
		target: []string{"GOOS=js", "GOARCH=wasm"}, worker: &workerImage{}, exports: map[string]toolchain.Package{}, inProcess: map[string]bool{},
	}
	w.mu.Unlock()
	out, err := b.goCommand(ctx, "list", "-json=ImportPath,Name,Standard", "std")
	if err != nil {
		return nil, fmt.Errorf("list the standard library for WebAssembly: %w", err)
	}
	b.std, err = toolchain.ReadList(out)
	return b, err
}

// BuildProgram builds a whole program, package main with func main, for the workspace's
// platform. A compiler's complaint is a *CompileError.
func (w *Workspace) BuildProgram(ctx context.Context, source []byte, output string) error {
	dir, err := os.MkdirTemp(w.home, "standalone-")
	if err != nil {
		return fmt.Errorf("build the standalone program: %w", err)
	}
	defer os.RemoveAll(dir)
	w.progress("building the program for the page (the first time compiles what the cell imports for WebAssembly)…")
	return w.buildProgram(ctx, filepath.Join(dir, "main.go"), source, w.sessionEnv(), []string{"build", "-o", output})
}
