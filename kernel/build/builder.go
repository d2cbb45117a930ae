package build

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"locuslab/kernel/build/toolchain"
	"locuslab/kernel/cleanup"
	"locuslab/kernel/worker/loader"
)

// A Builder compiles units for one worker, for one life of it: it knows what the worker
// has been told of. Its methods may be called from several goroutines.
type Builder struct {
	w     *Workspace
	image *workerImage
	dir   string // of all that is built

	mu   sync.Mutex
	told map[string]bool // packages that the worker knows, beside its own
}

// NewBuilder prepares for units of the worker that WorkerExe returned last.
func (w *Workspace) NewBuilder(ctx context.Context) (*Builder, error) {
	image, err := w.image(ctx)
	if err != nil {
		return nil, err
	}
	dir, err := cleanup.MkdirTemp("", "build")
	if err != nil {
		return nil, fmt.Errorf("make the folder for what is built: %w", err)
	}
	return &Builder{w: w, image: image, dir: dir, told: map[string]bool{}}, nil
}

// Exe is the worker that the units are for. A worker that takes the place of one
// that died must be this one, as the next build may be of other packages.
func (b *Builder) Exe() string { return b.image.Exe }

// Build compiles a unit.
func (b *Builder) Build(ctx context.Context, u Unit) (Object, error) {
	o := Object{Path: filepath.Join(b.dir, fmt.Sprintf("cell%d.a", u.ID)), Names: u.Rename, Locals: localTypes(u.Source)}
	start := time.Now()
	if err := os.MkdirAll(b.dir, 0o755); err != nil { // where the temporary folder was emptied
		return o, fmt.Errorf("build unit %d: %w", u.ID, err)
	}
	archives, err := b.w.Exports(ctx, append([]string{"runtime"}, u.Imports...)...)
	if err != nil {
		return o, fmt.Errorf("build unit %d: %w", u.ID, err)
	}
	o.Packages = b.untold(archives)
	source := filepath.Join(b.dir, fmt.Sprintf("cell%d.go", u.ID))
	flags, err := b.flags(u, source)
	if err == nil {
		err = os.WriteFile(source, u.Source, 0o644)
	}
	if err != nil {
		return o, fmt.Errorf("build unit %d: %w", u.ID, err)
	}
	err = b.w.tool.With(b.w.workerEnv()).Compile(ctx, toolchain.Compilation{Package: loader.CellPackage, Sources: []string{source}, Archives: archives, Output: o.Path, Flags: flags})
	o.Compile = time.Since(start)
	b.w.linked(slices.Collect(maps.Keys(o.Packages))) // what it was compiled against stays
	var failed *toolchain.Error
	if errors.As(err, &failed) {
		return o, &CompileError{Unit: u.ID, Output: failed.Output}
	}
	return o, err
}

// flags are those of a unit's compilation beside the usual ones.
func (b *Builder) flags(u Unit, source string) ([]string, error) {
	flags := []string{"-lang=go" + languageVersion(b.w.tool.GOVERSION)}
	if len(u.Embed.Patterns) == 0 {
		return flags, nil
	}
	config, err := json.Marshal(u.Embed)
	if err != nil {
		return nil, err
	}
	file := source + ".embed"
	return append(flags, "-embedcfg="+file), os.WriteFile(file, config, 0o644)
}

// untold are the archives that the worker has not been told of.
func (b *Builder) untold(archives map[string]string) map[string]string {
	b.mu.Lock()
	defer b.mu.Unlock()
	fresh := map[string]string{}
	for path, file := range archives {
		if _, own := b.image.Packages[path]; !own && !b.told[path] && file != "" {
			fresh[path] = file
		}
	}
	return fresh
}

// Complete gives an object packages that the worker said are missing: the compiler did
// not ask for them, but code of others refers to theirs.
func (b *Builder) Complete(ctx context.Context, o Object, missing []string) (Object, error) {
	archives, err := b.w.Exports(ctx, missing...)
	if err != nil {
		return o, err
	}
	all := maps.Clone(o.Packages)
	maps.Copy(all, b.untold(archives))
	o.Packages = all
	return o, nil
}

// Loaded tells that the worker has loaded an object. It stays until Close, as a worker that takes this
// one's place has to load it again; what it was compiled from goes.
func (b *Builder) Loaded(o Object) {
	b.mu.Lock()
	for path := range o.Packages {
		b.told[path] = true
	}
	b.mu.Unlock()
	for _, suffix := range []string{".go", ".go.embed", ".a.importcfg"} {
		os.Remove(strings.TrimSuffix(o.Path, ".a") + suffix)
	}
}

// Close removes what was built.
func (b *Builder) Close() error { return os.RemoveAll(b.dir) }
