package build

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// workerImage is a worker executable and the packages that it was built from.
// The files of export data are pinned with it: a cell must be compiled against
// the very packages that the live worker holds, whatever has changed on disk
// since.
type workerImage struct {
	Exe      string
	Size     int64 // of Exe
	Packages map[string]export
	Wanted   []string // import paths asked for, also those that did not build
	Folders  []string // of packages outside of the module cache
	Stamp    string   // of those folders when the worker was built
}

// WorkerExe builds the worker, or finds it in the cache. The first build for a
// toolchain takes about a minute and tells its progress, a later one for another
// module some seconds, finding it some milliseconds.
func (w *Workspace) WorkerExe(ctx context.Context) (string, error) {
	w.mu.Lock()
	w.archives = nil
	w.worker = nil // what has changed since belongs into the next worker
	clear(w.exports)
	clear(w.inProcess)
	clear(w.versions)
	w.mu.Unlock()
	image, err := w.image(ctx)
	if err != nil {
		return "", err
	}
	return image.Exe, nil
}

// WorkerAgain builds the worker again that has gone from the cache while a session uses
// it. What the session has taken of packages stays.
func (w *Workspace) WorkerAgain(ctx context.Context) (string, error) {
	if !w.static {
		return w.WorkerExe(ctx)
	}
	image, err := w.staticImage(ctx)
	if err != nil {
		return "", err
	}
	return image.Exe, nil
}

func (w *Workspace) image(ctx context.Context) (*workerImage, error) {
	w.mu.Lock()
	image := w.worker
	w.mu.Unlock()
	if image != nil {
		return image, nil
	}
	if w.static {
		image, err := w.staticImage(ctx)
		if err != nil {
			return nil, err
		}
		w.mu.Lock()
		defer w.mu.Unlock()
		w.worker, w.extended = image, w.isExtended()
		return image, nil
	}
	if isQuick(ctx) {
		return w.presentImage(ctx)
	}
	unlock, err := w.lock(ctx, "worker")
	if err != nil {
		return nil, err
	}
	defer unlock()
	wanted, err := w.workerPackages(ctx)
	if err != nil {
		return nil, err
	}
	image, before := w.findImage(wanted)
	if image == nil {
		// What earlier sessions needed comes with the next worker, but is no reason to build one.
		for _, p := range append(before, w.remembered()...) {
			wanted = addPath(wanted, p)
		}
		if image, err = w.buildImage(ctx, wanted); err != nil {
			return nil, err
		}
		w.prune(image.Exe)
	}
	w.mu.Lock()
	w.worker = image
	w.mu.Unlock()
	return image, nil
}

// imageName names a worker by all that it is built from, but for the sources of
// packages that folders provide.
func (w *Workspace) imageName() string {
	h := sha256.New()
	fmt.Fprintln(h, "4", w.tool.GOVERSION, w.tool.GOARCH, w.tool.GOROOT, w.tool.GOFLAGS, os.Getenv("CGO_CFLAGS"), w.compileFlags())
	for _, file := range []string{"go.mod", "go.sum"} {
		text, _ := os.ReadFile(filepath.Join(w.home, file))
		fmt.Fprintf(h, "%q\n", text)
	}
	for _, dir := range linkedFolders {
		names, _ := filepath.Glob(filepath.Join(w.home, dir, "*"))
		for _, name := range names {
			text, _ := os.ReadFile(name)
			fmt.Fprintf(h, "%s %q\n", name, text)
		}
	}
	return "worker-" + hex.EncodeToString(h.Sum(nil)[:8])
}

// sourceStamp tells the state of the packages that folders provide, as against
// the module cache, by the sizes and times of their files: a full read would
// take long.
func sourceStamp(dirs []string) string {
	h := sha256.New()
	for _, dir := range dirs {
		entries, err := os.ReadDir(dir)
		fmt.Fprintln(h, dir, err == nil)
		for _, e := range entries {
			name := e.Name()
			if e.IsDir() || strings.HasPrefix(name, ".") || strings.HasSuffix(name, "_test.go") {
				continue
			}
			if info, err := e.Info(); err == nil {
				fmt.Fprintln(h, name, info.Size(), info.ModTime().UnixNano())
			}
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:6])
}

// folders are those of the packages whose source may change any time.
func (w *Workspace) folders(packages map[string]export) []string {
	all := map[string]bool{}
	for _, e := range packages {
		if w.isFolder(e) {
			all[e.Dir] = true
		}
	}
	return slices.Sorted(maps.Keys(all))
}

// findImage loads a worker from the cache that holds the wanted packages; if it
// holds only others, their list is returned. The go command trims its own cache,
// so the export data may have gone.
func (w *Workspace) findImage(wanted []string) (found *workerImage, before []string) {
	name := w.imageName()
	text, err := os.ReadFile(filepath.Join(w.home, name+".json"))
	if err != nil {
		return nil, nil
	}
	var image workerImage
	if json.Unmarshal(text, &image) != nil {
		return nil, nil
	}
	if info, err := os.Stat(image.Exe); err != nil || info.Size() != image.Size { // removed, or cut off by a full disk
		return nil, image.Wanted
	}
	for _, p := range wanted {
		if _, ok := slices.BinarySearch(image.Wanted, p); !ok {
			return nil, image.Wanted
		}
	}
	if sourceStamp(image.Folders) != image.Stamp {
		return nil, image.Wanted
	}
	for _, e := range image.Packages {
		if e.File != "" && !exists(e.File) {
			return nil, image.Wanted
		}
	}
	now := time.Now()
	for _, f := range []string{image.Exe, filepath.Join(w.home, name+".json")} {
		_ = os.Chtimes(f, now, now) // prune keeps what is used
	}
	return &image, nil
}

// prune removes workers of this module that were not used for a week; another
// kernel may run a newer one.
func (w *Workspace) prune(current string) {
	files, _ := filepath.Glob(filepath.Join(w.home, "worker-*"))
	copies, _ := filepath.Glob(filepath.Join(w.home, reloadedPrefix+"*")) // of a kernel that was killed
	for _, f := range append(files, copies...) {
		if info, err := os.Stat(f); err == nil && f != current && time.Since(info.ModTime()) > 7*24*time.Hour {
			os.RemoveAll(f)
		}
	}
}

// addPath adds to a sorted list.
func addPath(paths []string, path string) []string {
	if i, ok := slices.BinarySearch(paths, path); !ok {
		return slices.Insert(paths, i, path)
	}
	return paths
}
