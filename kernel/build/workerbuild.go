package build

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"locuslab/kernel/build/toolchain"
	"locuslab/kernel/display"
	"locuslab/kernel/worker"
	"locuslab/kernel/worker/host"
	"locuslab/kernel/worker/loader"
	"locuslab/kernel/worker/loader/selftest"
)

// workerModule is the path of the worker's module.
const workerModule = sessionElement

// goobjSource is what the loader reads objects with.
//
//go:embed goobj/*.go
var goobjSource embed.FS

// workerFolders are the packages of worker.Sources that the worker is made of.
var workerFolders = []string{"host", "nb", "show", "wire", "loader", "loader/memory", "loader/runtimedata"}

// buildWorker builds the worker and tries it. c are the packages with C code, and all
// that they import.
func (w *Workspace) buildWorker(ctx context.Context, dir string, c map[string]toolchain.Package) (*workerImage, error) {
	start := time.Now()
	if w.hasC() {
		w.progress("building a process that runs cells with the C code of " + strings.Join(w.c, ", ") + "…")
	} else {
		w.progress("building the process that runs cells (once for this Go release; it takes some seconds, or a minute where the standard library has to be compiled)…")
	}
	source := filepath.Join(dir, "source")
	if err := writeWorkerSources(source, languageVersion(w.tool.GOVERSION)); err != nil {
		return nil, err
	}
	image := &workerImage{Exe: filepath.Join(dir, workerFile)}
	p, err := w.tool.With(w.workerEnv()).LinkProgram(ctx, toolchain.Link{Dir: source, Main: workerModule + "/host", Output: image.Exe, Further: []string{"std"}, C: w.linkC(c)})
	if err != nil {
		return nil, fmt.Errorf("build the process that runs cells: %w", err)
	}
	maps.Copy(p.Packages, c)
	image.Packages = w.forCells(p)
	description, err := json.Marshal(loader.Executable{Packages: p.Linked, Further: p.Further, Builtins: p.Builtins, C: p.CNames, GOROOT: w.tool.GOROOT})
	if err == nil {
		err = writeFile(image.Exe+host.Description, description)
	}
	if err != nil {
		return nil, fmt.Errorf("describe the process that runs cells: %w", err)
	}
	if err := w.tryWorker(ctx, image); err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, fmt.Errorf("cells cannot be loaded with %s: %w", w.tool.GOVERSION, err)
	}
	if err := keepImage(dir, image); err != nil {
		return nil, fmt.Errorf("keep the worker in the cache: %w", err)
	}
	w.progress(fmt.Sprintf("the process that runs cells is ready (%.1f s)", time.Since(start).Seconds()))
	return image, nil
}

// forCells are the packages that cells can be compiled against, as the program has them or
// would take them.
func (w *Workspace) forCells(p *toolchain.Program) map[string]toolchain.Package {
	packages := map[string]toolchain.Package{}
	for path, e := range p.Packages {
		if e.Export == "" || e.Name == "main" || e.Export != p.Linked[path] && e.Export != p.Further[path] || path == cgoPackage && !w.hasC() {
			continue
		}
		if e.Standard || strings.HasPrefix(path, workerModule+"/") { // nothing that changes
			e.Dir, e.EmbedFiles, e.IgnoredGoFiles = "", nil, nil
		}
		packages[path] = e
	}
	return packages
}

func keepImage(dir string, image *workerImage) error {
	info, err := os.Stat(image.Exe)
	if err != nil {
		return err
	}
	image.Size = info.Size()
	text, err := json.Marshal(image)
	if err != nil {
		return err
	}
	return writeFile(filepath.Join(dir, imageFile), text)
}

// tryWorker runs the cells of the loader's self-test in a worker of their own.
func (w *Workspace) tryWorker(ctx context.Context, image *workerImage) error {
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
	b, err := w.NewBuilder(ctx)
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

// writeWorkerSources makes the worker's module.
func writeWorkerSources(dir, language string) error {
	if err := writeFile(filepath.Join(dir, "go.mod"), []byte("module "+workerModule+"\n\ngo "+language+"\n")); err != nil {
		return fmt.Errorf("write the worker's module: %w", err)
	}
	if err := copySources(worker.Sources, dir, workerModule, language, workerFolders...); err != nil {
		return err
	}
	return copySources(goobjSource, dir, workerModule, language, "goobj")
}

// linkC is how the C compiler takes part in the worker's link; nil where it does not.
func (w *Workspace) linkC(c map[string]toolchain.Package) *toolchain.LinkC {
	if !w.hasC() {
		return nil
	}
	l := &toolchain.LinkC{Compiler: w.tool.CC, Archives: map[string]string{}}
	for path, e := range c {
		if e.Export == "" {
			continue
		}
		l.Archives[path] = e.Export
		if slices.Contains(w.c, path) {
			l.Imports = append(l.Imports, path)
		}
		if len(e.CXXFiles)+len(e.SwigCXXFiles) > 0 {
			l.Compiler = w.tool.CXX
		}
	}
	slices.Sort(l.Imports)
	return l
}

// silent is the Output of units that show nothing.
type silent struct{}

func (silent) Write(display.Stream, string) {}
func (silent) Display(display.Bundle)       {}
func (silent) Result(display.Bundle)        {}
func (silent) Clear(bool)                   {}
func (silent) Input(context.Context, string, bool) (string, error) {
	return "", errors.New("nobody is there to answer")
}
