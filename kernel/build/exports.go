package build

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"locuslab/kernel/build/toolchain"
)

// goCommand runs the go command in the session's module.
func (w *Workspace) goCommand(ctx context.Context, args ...string) ([]byte, error) {
	return w.runGo(ctx, w.home, w.sessionEnv(), args...)
}

// runGo runs the go command. What it says while it works (downloads) goes to the user.
func (w *Workspace) runGo(ctx context.Context, dir string, env []string, args ...string) ([]byte, error) {
	if isQuick(ctx) {
		env = append(env, "GOPROXY=off")
	}
	cmd := toolchain.Command(ctx, dir, env, "go", args...)
	var out bytes.Buffer
	cmd.Stdout = &out
	// Commands without packages behind -- compile none.
	said, err := toolchain.Follow(ctx, cmd, w.progress, args[slices.Index(args, "--")+1:])
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, &goError{command: args[0], said: w.fromNotebook(said), err: err}
	}
	return out.Bytes(), nil
}

// fromNotebook names the files in what the go command says as they are seen from the
// notebook's folder, not from the session's module, and says nothing twice.
func (w *Workspace) fromNotebook(said string) string {
	var lines []string
	for line := range strings.Lines(strings.TrimSpace(said)) {
		line = strings.TrimRight(line, "\n")
		if path, rest, ok := strings.Cut(line, ":"); ok && (strings.HasPrefix(path, "..") || filepath.IsAbs(path)) {
			if !filepath.IsAbs(path) {
				path = filepath.Join(w.home, path)
			}
			if seen, err := filepath.Rel(w.dir, path); err == nil {
				line = seen + ":" + rest
			}
		}
		if !slices.Contains(lines, line) {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

// goError is what a failed go command said.
type goError struct {
	command, said string
	err           error
}

func (e *goError) Error() string {
	return fmt.Sprintf("go %s: %v: %s", e.command, e.err, e.said)
}

func (e *goError) Unwrap() error { return e.err }

// Exports returns the export data files of packages and of all that they depend
// on. What the worker holds and what was asked before is instant; another
// package is compiled, and fetched where no module provides it yet.
func (w *Workspace) Exports(ctx context.Context, paths ...string) (map[string]string, error) {
	image, err := w.image(ctx)
	if err != nil {
		return nil, err
	}
	for attempt := 0; ; attempt++ {
		files := map[string]string{} // anew: what is fetched may change what another one needs
		w.mu.Lock()
		var missing []string
		for _, p := range paths {
			if !w.collect(image, files, p) {
				missing = append(missing, p)
			}
		}
		w.mu.Unlock()
		if len(missing) == 0 {
			for _, p := range paths {
				if files[p] == "" && hasArchive(p) {
					return nil, &MissingError{w.Original(p), "its folder has no Go files besides tests", nil}
				}
			}
			return files, nil
		}
		if attempt == 2 {
			return nil, fmt.Errorf("find package %s: the go command does not list it", missing[0])
		}
		if attempt == 1 { // what was known had to go: all together
			missing = slices.DeleteFunc(slices.Clone(paths), func(p string) bool {
				_, held := image.Packages[p]
				return held || !hasArchive(p)
			})
		}
		if err := w.fetch(ctx, image, missing); err != nil {
			return nil, err
		}
	}
}

// collect adds a known package and its dependencies to files.
func (w *Workspace) collect(image *workerImage, files map[string]string, path string) bool {
	if !hasArchive(path) || files[path] != "" {
		return true
	}
	find := func(path string) (toolchain.Package, bool) {
		e, ok := image.Packages[path]
		if !ok {
			e, ok = w.exports[path]
		}
		return e, ok
	}
	e, ok := find(path)
	if !ok {
		return false
	}
	files[path] = e.Export
	for _, d := range e.Deps {
		if files[d] == "" && hasArchive(d) {
			e, _ := find(d)
			files[d] = e.Export
		}
	}
	return true
}

// hasArchive tells real packages from those that the compiler knows by itself.
func hasArchive(path string) bool { return path != "unsafe" && path != "C" }

// fetch lists packages that the worker does not hold.
func (w *Workspace) fetch(ctx context.Context, image *workerImage, missing []string) error {
	if !isQuick(ctx) {
		w.progress("preparing " + strings.Join(w.named(missing), ", ") + "…")
		// Two go commands would compile the same packages twice.
		unlock, err := w.lock(ctx, "packages")
		if err != nil {
			return err
		}
		defer unlock()
	}
	listed, err := w.listFolder(ctx, false, missing)
	if err != nil {
		return w.explain(missing, err)
	}
	if changes := w.take(image, listed); len(changes) > 0 {
		return staleError(w.named(missing), changes)
	}
	return nil
}

// named are packages by the names that the user knows.
func (w *Workspace) named(paths []string) []string {
	var names []string
	for _, p := range paths {
		names = append(names, w.Original(p))
	}
	return names
}

func exists(file string) bool {
	_, err := os.Stat(file)
	return err == nil || !errors.Is(err, os.ErrNotExist)
}
