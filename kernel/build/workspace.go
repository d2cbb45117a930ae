package build

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	goversion "go/version"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync"

	"locuslab/kernel/build/toolchain"
	"locuslab/kernel/worker/loader/runtimedata"
)

// CacheVariable names the environment variable that overrides the cache root.
const CacheVariable = "LOCUSLAB_CACHE"

// Workspace is where the imports of a notebook resolve. It is safe for use by
// several goroutines, and several processes may open the same one.
type Workspace struct {
	dir      string // the notebook's
	root     string // of the enclosing module; empty without one
	home     string // of the session's module, in the cache
	cache    string
	module   string // path of the session's module
	tool     *toolchain.Toolchain
	c        []string // packages with C code that the worker is linked with
	progress func(string)
	own      fs.FS                        // folders of the kernel's packages that cells may import
	target   []string                     // settings of the platform that is built for; nil for that of the worker
	std      map[string]toolchain.Package // the standard library of another platform

	mu        sync.Mutex
	worker    *workerImage                 // what the newest worker holds
	fixed     bool                         // imports add nothing to the session's module
	extended  bool                         // packages are those of the session's module, not of the folder
	exports   map[string]toolchain.Package // of packages beyond it
	inProcess map[string]bool              // those of them that a unit has brought into the process
	versions  map[string]version           // of reloaded packages, by their original import path
	copies    []string                     // folders that hold them
	sources   map[string]string            // state of each folder's Go files, as it was taken

	modulesSeen  []sourceModule // that imports can be of
	modulesStamp string         // state of the files that say so
}

// Options of a workspace. The zero value is that of a notebook in the user's cache.
type Options struct {
	Cache    string       // empty means the value of LOCUSLAB_CACHE, else locuslab below the user's cache folder
	Progress func(string) // receives lines for the user, where toolchain.Again has its meaning; nil drops them
	Own      fs.FS        // folders of this module's packages below kernel that cells may import anywhere; nil for none
}

// OpenWorkspace finds the module that encloses dir and prepares a module of the
// session's own beside it, in the cache. Nothing of the user's is written. It takes some
// 30 ms.
func OpenWorkspace(ctx context.Context, dir string, o Options) (*Workspace, error) {
	cache, progress := o.Cache, o.Progress
	if progress == nil {
		progress = func(string) {}
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("open the workspace of %s: %w", dir, err)
	}
	if cache == "" {
		if cache, err = CacheRoot(); err != nil {
			return nil, err
		}
	}
	if cache, err = filepath.Abs(cache); err != nil {
		return nil, fmt.Errorf("open the cache: %w", err)
	}
	tool, err := toolchain.Find(ctx, dir, nil)
	if err != nil {
		return nil, err
	}
	tool = tool.Telling(progress)
	if tool.GOOS != "linux" {
		return nil, fmt.Errorf("open the workspace of %s: cells are loaded as ELF objects, which %s has not: use Linux, in a virtual machine or a container", dir, tool.GOOS)
	}
	w := &Workspace{dir: dir, cache: cache, tool: tool, progress: progress, own: o.Own, exports: map[string]toolchain.Package{}, inProcess: map[string]bool{}}
	if tool.GOARCH != "amd64" && tool.GOARCH != "arm64" {
		return nil, fmt.Errorf("open the workspace of %s: cells can be loaded on amd64 and arm64, not on %s", dir, tool.GOARCH)
	}
	if err := runtimedata.CheckRelease(tool.GOVERSION); err != nil {
		return nil, fmt.Errorf("open the workspace of %s: %w: set GOTOOLCHAIN=%s in the kernel's environment, and the go command fetches that release", dir, err, runtimedata.Newest)
	}
	if own := runtime.Version(); goversion.Compare("go"+languageVersion(tool.GOVERSION), "go"+languageVersion(own)) > 0 {
		return nil, fmt.Errorf("open the workspace of %s: this kernel, built with %s, cannot read packages that %s compiles: build it with that (GOTOOLCHAIN=%s), or set GOTOOLCHAIN=%s in its environment", dir, own, tool.GOVERSION, tool.GOVERSION, own)
	}
	name := filepath.Base(dir)
	key := dir // a notebook outside of any module has one of its own
	if tool.GOMOD != "" && tool.GOMOD != os.DevNull {
		w.root = filepath.Dir(tool.GOMOD)
		key, name = w.root, filepath.Base(w.root)
	}
	sum := sha256.Sum256([]byte(key + "\x00" + tool.GOVERSION + "\x00" + tool.GOARCH))
	w.home = filepath.Join(cache, "modules", name+"-"+hex.EncodeToString(sum[:6]))
	return w, w.writeHome(ctx)
}

// writeHome makes the session's module in the cache.
func (w *Workspace) writeHome(ctx context.Context) error {
	if err := os.MkdirAll(w.home, 0o755); err != nil {
		return fmt.Errorf("make the session's module in the cache (set %s to use another folder): %w", CacheVariable, err)
	}
	unlock, err := w.lock(ctx, "module")
	if err != nil {
		return err
	}
	defer unlock()
	if err := w.writeModule(); err != nil {
		return err
	}
	return w.writeSources()
}

// Restore makes the session's module again where the cache was emptied since it was
// opened. Where it is there this takes some microseconds.
func (w *Workspace) Restore(ctx context.Context) error {
	if exists(filepath.Join(w.home, "go.mod")) {
		return nil
	}
	return w.writeHome(ctx)
}

// CacheRoot is the folder that holds all that is kept between sessions.
func CacheRoot() (string, error) {
	if dir := os.Getenv(CacheVariable); dir != "" {
		return filepath.Abs(dir) // as programs run in other folders use it, too
	}
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("find the user's cache folder (set %s): %w", CacheVariable, err)
	}
	return filepath.Join(dir, "locuslab"), nil
}

// RuntimePath is the import path of package nb, which emitted cells call.
func (w *Workspace) RuntimePath() string { return workerModule + "/nb" }

// StandaloneRuntimePath is the import path of package nb for RunStandalone.
func (w *Workspace) StandaloneRuntimePath() string { return w.module + "/nb" }

// ModuleDir is the folder of the session's own go.mod.
func (w *Workspace) ModuleDir() string { return w.home }

// GOROOT is the folder of the Go release.
func (w *Workspace) GOROOT() string { return w.tool.GOROOT }

// Root is the folder of the enclosing module, empty without one.
func (w *Workspace) Root() string { return w.root }
