package build

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"locuslab/kernel/worker"

	"locuslab/kernel/build/toolchain"
)

// The worker holds nothing of a notebook's module. One is built for a toolchain and its
// settings, from a module of its own, and serves every notebook of the machine; but
// packages with C code need one that is linked with them.

// workerImage is a worker executable and the packages that cells find without asking the
// go command: those that it was linked from, and the rest of the standard library.
type workerImage struct {
	Exe      string
	Size     int64 // of Exe
	Packages map[string]toolchain.Package
}

// WorkerExe builds the worker, or finds it in the cache. The first build for a
// toolchain compiles the standard library and tells its progress; finding it takes
// some milliseconds.
func (w *Workspace) WorkerExe(ctx context.Context) (string, error) {
	w.mu.Lock()
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
	image, err := w.findImage(ctx)
	if err != nil {
		return "", err
	}
	return image.Exe, nil
}

// image is the worker that cells are built for.
func (w *Workspace) image(ctx context.Context) (*workerImage, error) {
	w.mu.Lock()
	image := w.worker
	w.mu.Unlock()
	if image != nil {
		return image, nil
	}
	image, err := w.findImage(ctx)
	if err != nil {
		return nil, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.worker, w.extended = image, w.isExtended()
	return image, nil
}

// findImage finds the worker in the cache, or builds it.
func (w *Workspace) findImage(ctx context.Context) (*workerImage, error) {
	c, err := w.listC(ctx)
	if err != nil {
		return nil, err
	}
	dir := filepath.Join(w.cache, "workers", w.workerKey(c))
	if image := readImage(dir); image != nil {
		return image, nil
	}
	if isQuick(ctx) {
		return nil, errNoWorker
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("make the worker's folder in the cache (set %s to use another folder): %w", CacheVariable, err)
	}
	unlock, err := lockFile(ctx, filepath.Join(dir, "lock"), w.progress)
	if err != nil {
		return nil, err
	}
	defer unlock()
	if image := readImage(dir); image != nil { // another kernel has built it
		return image, nil
	}
	pruneUnused(dir)
	return w.buildWorker(ctx, dir, c)
}

const (
	workerFile = "worker"
	imageFile  = "packages.json" // the workerImage
)

// readImage reads what an earlier session has built; nil if that is not there whole.
// The go command removes from its cache what was not used for some days, so what is
// used here is marked like the go command does.
func readImage(dir string) *workerImage {
	text, err := os.ReadFile(filepath.Join(dir, imageFile))
	if err != nil {
		return nil
	}
	var image workerImage
	if json.Unmarshal(text, &image) != nil {
		return nil
	}
	if info, err := os.Stat(image.Exe); err != nil || info.Size() != image.Size { // removed, or cut off by a full disk
		return nil
	}
	now := time.Now()
	for _, e := range image.Packages {
		if e.Export == "" {
			continue
		}
		info, err := os.Stat(e.Export)
		if err != nil {
			return nil
		}
		if now.Sub(info.ModTime()) > time.Hour {
			_ = os.Chtimes(e.Export, now, now)
		}
	}
	_ = os.Chtimes(dir, now, now) // for pruneUnused
	return &image
}

// workerKey names a worker by all that it is built from.
func (w *Workspace) workerKey(c map[string]toolchain.Package) string {
	h := sha256.New()
	t := w.tool
	fmt.Fprintf(h, "2 %q %q %q %q %q %q %q\n", t.GOVERSION, t.GOARCH, t.GOROOT, t.GOEXPERIMENT, t.GOAMD64+t.GOARM64, t.GOFIPS140, w.codeFlags())
	if w.hasC() {
		fmt.Fprintf(h, "%q %q %q\n", t.CC, t.CXX, w.c)
	}
	for _, path := range slices.Sorted(maps.Keys(c)) { // archives are called by what is in them
		fmt.Fprintf(h, "%q %q\n", path, c[path].Export)
	}
	for _, source := range []embed.FS{worker.Sources, goobjSource} {
		_ = fs.WalkDir(source, ".", func(name string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() && !strings.HasSuffix(name, "_test.go") {
				text, _ := source.ReadFile(name)
				fmt.Fprintf(h, "%s %q\n", name, text)
			}
			return nil
		})
	}
	return strings.Fields(t.GOVERSION)[0] + "-" + hex.EncodeToString(h.Sum(nil)[:8])
}

// pruneUnused removes the folders beside one that were not used for a month: of releases
// that have gone, or of other versions of this program or of packages with C code.
func pruneUnused(current string) {
	dirs, _ := filepath.Glob(filepath.Join(filepath.Dir(current), "*"))
	for _, dir := range dirs {
		if info, err := os.Stat(dir); err == nil && dir != current && time.Since(info.ModTime()) > 30*24*time.Hour {
			os.RemoveAll(dir)
		}
	}
}
