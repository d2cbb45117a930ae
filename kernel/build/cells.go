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
	"sync"
	"time"

	tools "locuslab/kernel/build/toolchain"
	"locuslab/kernel/leftovers"
	"locuslab/kernel/worker/loader"
)

// cellBuilder compiles units for a worker that links them by itself.
type cellBuilder struct {
	w     *Workspace
	image *workerImage
	dir   string // of all that is built

	mu   sync.Mutex
	told map[string]bool // packages that the worker knows, beside its own
}

func (w *Workspace) newCellBuilder(ctx context.Context) (*cellBuilder, error) {
	image, err := w.image(ctx)
	if err != nil {
		return nil, err
	}
	dir, err := leftovers.MkdirTemp("", "build")
	if err != nil {
		return nil, fmt.Errorf("make the folder for what is built: %w", err)
	}
	return &cellBuilder{w: w, image: image, dir: dir, told: map[string]bool{}}, nil
}

// Exe implements Builder.
func (b *cellBuilder) Exe() string { return b.image.Exe }

// Build implements Builder.
func (b *cellBuilder) Build(ctx context.Context, u Unit) (Object, error) {
	o := Object{Path: filepath.Join(b.dir, fmt.Sprintf("cell%d.a", u.ID)), Mode: Loader, Names: u.Rename}
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
	tool, err := b.w.tools(ctx)
	if err != nil {
		return o, err
	}
	err = tool.Compile(ctx, tools.Compilation{Package: loader.CellPackage, Sources: []string{source}, Archives: archives, Output: o.Path, Flags: flags})
	o.Compile = time.Since(start)
	b.w.linked(slices.Collect(maps.Keys(o.Packages))) // what it was compiled against stays
	var failed *tools.Error
	if errors.As(err, &failed) {
		return o, &CompileError{Unit: u.ID, Output: failed.Output}
	}
	return o, err
}

// flags are those of a unit's compilation beside the usual ones.
func (b *cellBuilder) flags(u Unit, source string) ([]string, error) {
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
func (b *cellBuilder) untold(archives map[string]string) map[string]string {
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

// Complete implements Builder: packages that the compiler did not ask for, but whose
// code others refer to.
func (b *cellBuilder) Complete(ctx context.Context, o Object, missing []string) (Object, error) {
	archives, err := b.w.Exports(ctx, missing...)
	if err != nil {
		return o, err
	}
	all := maps.Clone(o.Packages)
	maps.Copy(all, b.untold(archives))
	o.Packages = all
	return o, nil
}

// Loaded implements Builder. The object stays until Close, as a worker that takes this
// one's place has to load it again.
func (b *cellBuilder) Loaded(o Object) error {
	b.mu.Lock()
	for path := range o.Packages {
		b.told[path] = true
	}
	b.mu.Unlock()
	left, err := filepath.Glob(o.Path[:len(o.Path)-len(filepath.Ext(o.Path))] + ".*")
	for _, file := range slices.DeleteFunc(left, func(f string) bool { return f == o.Path }) {
		os.Remove(file)
	}
	return err
}

// Close implements Builder.
func (b *cellBuilder) Close() error { return os.RemoveAll(b.dir) }
