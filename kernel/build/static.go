package build

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	tools "locuslab/kernel/build/toolchain"
	"locuslab/kernel/worker"
	"locuslab/kernel/worker/loader"
	"locuslab/kernel/worker/loader/selftest"
	"locuslab/kernel/worker/static"
)

// The worker that links cells by itself holds nothing of a notebook's module. One is
// built for a toolchain and its settings, from a module of its own, and serves every
// notebook of the machine.

// staticModule is the path of the worker's module.
const staticModule = sessionElement

// cgoPackage is the package of the standard library that is made of C code.
const cgoPackage = "runtime/cgo"

// goobjSource is what the loader reads objects with.
//
//go:embed goobj/*.go
var goobjSource embed.FS

// staticFolders are the packages of worker.Sources that the worker is made of.
var staticFolders = []string{"host", "nb", "wire", "static", "loader"}

// staticImage finds the worker in the cache, or builds it.
func (w *Workspace) staticImage(ctx context.Context) (*workerImage, error) {
	dir := filepath.Join(w.cache, "workers", w.staticKey())
	if image := readStatic(dir); image != nil {
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
	if image := readStatic(dir); image != nil { // another kernel has built it
		return image, nil
	}
	w.pruneStatic(dir)
	return w.buildStatic(ctx, dir)
}

const (
	staticExe  = "worker"
	staticList = "packages.json" // the packages that the worker was built with, and std
)

// readStatic reads what an earlier session has built; nil if that is not there whole.
// The go command removes from its cache what was not used for some days, so what is
// used here is marked like the go command does.
func readStatic(dir string) *workerImage {
	text, err := os.ReadFile(filepath.Join(dir, staticList))
	if err != nil {
		return nil
	}
	var image workerImage
	if json.Unmarshal(text, &image) != nil {
		return nil
	}
	if info, err := os.Stat(image.Exe); err != nil || info.Size() != image.Size {
		return nil
	}
	now := time.Now()
	for _, e := range image.Packages {
		if e.File == "" {
			continue
		}
		info, err := os.Stat(e.File)
		if err != nil {
			return nil
		}
		if now.Sub(info.ModTime()) > time.Hour {
			_ = os.Chtimes(e.File, now, now)
		}
	}
	_ = os.Chtimes(dir, now, now) // for pruneStatic
	return &image
}

// staticKey names a worker by all that it is built from.
func (w *Workspace) staticKey() string {
	h := sha256.New()
	t := w.tool
	fmt.Fprintf(h, "1 %q %q %q %q %q %q %q\n", t.GOVERSION, t.GOARCH, t.GOROOT, t.GOEXPERIMENT, t.GOAMD64+t.GOARM64, t.GOFIPS140, w.codeFlags())
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

// buildStatic builds the worker and tries it.
func (w *Workspace) buildStatic(ctx context.Context, dir string) (*workerImage, error) {
	w.progress("building the process that runs cells (once for this Go release; it takes some seconds, or a minute where the standard library has to be compiled)…")
	start := time.Now()
	source := filepath.Join(dir, "source")
	if err := writeStaticSources(source, languageVersion(w.tool.GOVERSION)); err != nil {
		return nil, err
	}
	tool, err := w.tools(ctx)
	if err != nil {
		return nil, err
	}
	image := &workerImage{Exe: filepath.Join(dir, staticExe)}
	main := staticModule + "/static"
	p, err := tool.LinkProgram(ctx, source, main, image.Exe, "std")
	if err != nil {
		return nil, fmt.Errorf("build the process that runs cells: %w", err)
	}
	if image.Packages, err = w.list(ctx, source, w.staticEnv(), []string{main, "plugin", "runtime", "std"}); err != nil {
		return nil, err
	}
	for path, e := range image.Packages {
		if e.File == "" || e.Name == "main" || e.File != p.Linked[path] && e.File != p.Further[path] || path == cgoPackage {
			delete(image.Packages, path)
			continue
		}
		e.Dir, e.EmbedFiles, e.IgnoredGoFiles = "", nil, nil // nothing that changes
		image.Packages[path] = e
	}
	description, err := json.Marshal(loader.Executable{Packages: p.Linked, Further: p.Further, Builtins: p.Builtins, GOROOT: w.tool.GOROOT})
	if err == nil {
		err = writeFile(image.Exe+static.Description, description)
	}
	if err != nil {
		return nil, fmt.Errorf("describe the process that runs cells: %w", err)
	}
	if err := w.tryStatic(ctx, image); err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, &RefusedError{w.tool.GOVERSION, err}
	}
	info, err := os.Stat(image.Exe)
	if err != nil {
		return nil, fmt.Errorf("keep the worker in the cache: %w", err)
	}
	image.Size = info.Size()
	text, err := json.Marshal(image)
	if err == nil {
		err = writeFile(filepath.Join(dir, staticList), text)
	}
	if err != nil {
		return nil, fmt.Errorf("keep the worker in the cache: %w", err)
	}
	w.progress(fmt.Sprintf("the process that runs cells is ready (%.1f s)", time.Since(start).Seconds()))
	return image, nil
}

// tryStatic runs the cells of the loader's self-test in a worker of their own.
func (w *Workspace) tryStatic(ctx context.Context, image *workerImage) error {
	cells, err := selftest.Cells()
	if err != nil {
		return err
	}
	w.mu.Lock()
	w.worker = image // that the cells are built for
	w.mu.Unlock()
	defer func() {
		w.mu.Lock()
		w.worker = nil
		w.mu.Unlock()
	}()
	b, err := w.newCellBuilder(ctx)
	if err != nil {
		return err
	}
	defer b.Close()
	p, err := worker.Start(ctx, worker.Config{Exe: image.Exe, Dir: b.dir, Env: append(os.Environ(), "GOGC=10", "GODEBUG=clobberfree=1")})
	if err != nil {
		return err
	}
	defer p.Close()
	for i, c := range cells {
		o, err := b.Build(ctx, Unit{ID: i + 1, Source: []byte(c.Source), Imports: selftest.Imports})
		if err != nil {
			return err
		}
		for _, r := range []worker.Run{{ID: i + 1, Path: o.Path, Packages: o.Packages}, {ID: i + 1, Entry: c.Entry}} {
			outcome, err := p.Run(ctx, r, silent{})
			if err != nil {
				return err
			}
			if outcome.Panic != nil {
				return errors.New(outcome.Panic.Value)
			}
		}
	}
	return nil
}

// RefusedError says that the worker that links cells itself does not do so
// rightly with a toolchain.
type RefusedError struct {
	Release string
	err     error
}

func (e *RefusedError) Error() string {
	return fmt.Sprintf("cells cannot be loaded with %s: %v", e.Release, e.err)
}

func (e *RefusedError) Unwrap() error { return e.err }

// pruneStatic removes workers that were not used for a month: of releases that have
// gone, or of other versions of this program.
func (w *Workspace) pruneStatic(current string) {
	dirs, _ := filepath.Glob(filepath.Join(filepath.Dir(current), "*"))
	for _, dir := range dirs {
		if info, err := os.Stat(dir); err == nil && dir != current && time.Since(info.ModTime()) > 30*24*time.Hour {
			os.RemoveAll(dir)
		}
	}
}

// writeStaticSources makes the worker's module.
func writeStaticSources(dir, language string) error {
	if err := writeFile(filepath.Join(dir, "go.mod"), []byte("module "+staticModule+"\n\ngo "+language+"\n")); err != nil {
		return fmt.Errorf("write the worker's module: %w", err)
	}
	if err := copySources(worker.Sources, dir, staticModule, language, staticFolders...); err != nil {
		return err
	}
	return copySources(goobjSource, dir, staticModule, language, "goobj")
}

var releaseName = regexp.MustCompile(`^go1\.\d+(\.\d+|rc\d+)?$`)

// staticEnv is the environment of what builds the worker: the settings of the folder
// that change code, and nothing that looks for a module or a workspace.
func (w *Workspace) staticEnv() []string {
	env := append(os.Environ(), "GOFLAGS="+strings.Join(append(w.codeFlags(), "-buildvcs=false"), " "), "GOWORK=off", "CGO_ENABLED=0", "GO111MODULE=on")
	if releaseName.MatchString(w.tool.GOVERSION) { // the folder's go line may have chosen it
		env = append(env, "GOTOOLCHAIN="+w.tool.GOVERSION)
	}
	for _, s := range []struct{ name, value string }{{"GOEXPERIMENT", w.tool.GOEXPERIMENT}, {"GOAMD64", w.tool.GOAMD64}, {"GOARM64", w.tool.GOARM64}} {
		if s.value != "" { // go env -w is not for the compiler
			env = append(env, s.name+"="+s.value)
		}
	}
	return env
}

// tools is the toolchain as it builds the worker and cells.
func (w *Workspace) tools(ctx context.Context) (*tools.Toolchain, error) {
	w.mu.Lock()
	tool := w.foundTools
	w.mu.Unlock()
	if tool != nil {
		return tool, nil
	}
	tool, err := tools.Find(ctx, w.dir, w.staticEnv())
	if err != nil {
		return nil, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.foundTools = tool
	return tool, nil
}

// notOfCode are the go command's flags that do not change what packages are compiled
// to, or that a worker cannot have: it has no C code, and so no race detector.
var notOfCode = []string{
	"-mod", "-modfile", "-modcacherw", "-buildvcs", "-ldflags", "-v", "-x", "-n", "-p", "-a", "-work", "-json", "-o", "-C",
	"-race", "-msan", "-asan", "-cover", "-covermode", "-coverpkg", "-buildmode", "-linkshared", "-count", "-trimpath=false", "-vet",
}

// codeFlags are those of GOFLAGS that change what packages are compiled to.
func (w *Workspace) codeFlags() []string {
	return slices.DeleteFunc(w.goFlags(), func(flag string) bool {
		name, _, _ := strings.Cut("-"+strings.TrimLeft(strings.Trim(flag, `'"`), "-"), "=")
		return slices.Contains(notOfCode, name)
	})
}

// goFlags are the flags of GOFLAGS, from the environment or go env -w, each as it is
// written there: one that has spaces in it is quoted.
func (w *Workspace) goFlags() (flags []string) {
	for rest := strings.TrimSpace(w.tool.GOFLAGS); rest != ""; rest = strings.TrimSpace(rest) {
		end := strings.IndexAny(rest, " \t\n")
		if quote := rest[:1]; quote == `'` || quote == `"` {
			if i := strings.Index(rest[1:], quote); i >= 0 {
				end = i + 2
			}
		}
		if end < 0 {
			end = len(rest)
		}
		flags = append(flags, rest[:end])
		rest = rest[end:]
	}
	return flags
}
