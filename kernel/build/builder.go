package build

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"locuslab/kernel/leftovers"
)

// A Builder makes units into what one worker can load, for one life of that worker: it
// knows what it holds. Its methods may be called from several goroutines.
type Builder interface {
	// Exe is the worker that the units are for. A worker that takes the place of one
	// that died must be this one, as later ones may hold other packages.
	Exe() string
	// Build compiles a unit, and links it where the worker does not do that itself.
	Build(context.Context, Unit) (Object, error)
	// Complete gives an object packages that the worker said are missing.
	Complete(ctx context.Context, o Object, missing []string) (Object, error)
	// Loaded tells that the worker has loaded an object. Later units are built for
	// what it holds then.
	Loaded(Object) error
	// Close removes what was built.
	Close() error
}

// linkBuilder compiles units and links them into shared objects; it knows what the
// worker holds and what earlier units defined. Units are built one after another, in
// the order in which a cell may refer to an earlier one.
type linkBuilder struct {
	w     *Workspace
	mode  Mode
	image *workerImage
	dir   string // of all that is built

	mu       sync.Mutex
	symbols  *symbolTable                  // of the worker and the loaded units; nil when only full links are made
	linkedIn map[string]bool               // packages that the worker lacked and a unit brought
	defined  map[string]map[reference]bool // by archives that onlyABI0 has read
	fullOnly string                        // why
	shim     string                        // object with the unit's own addmoduledata
	hash     string                        // ELF object with the hash that -linkshared looks for
}

// NewBuilder prepares for units of the worker that WorkerExe returned last. Mode
// Full is what an unknown Go release or platform gets, with a line that says so.
// It reads the worker's symbol table: some 100 ms.
func (w *Workspace) NewBuilder(ctx context.Context, mode Mode) (Builder, error) {
	if w.static {
		return w.newCellBuilder(ctx)
	}
	if mode == Linked {
		mode = Auto
	}
	image, err := w.image(ctx)
	if err != nil {
		return nil, err
	}
	b := &linkBuilder{w: w, mode: mode, image: image, linkedIn: map[string]bool{}, defined: map[string]map[reference]bool{}}
	if b.dir, err = leftovers.MkdirTemp("", "build"); err != nil {
		return nil, fmt.Errorf("make the folder for what is built: %w", err)
	}
	if !w.fast {
		b.useFull(fmt.Sprintf("the fast link is not known to work with %s on %s/%s: cells are linked as Go plugins, which takes longer", w.tool.GOVERSION, w.tool.GOOS, w.tool.GOARCH))
		return b, nil
	}
	if err := b.prepareFast(ctx); err != nil {
		b.Close()
		return nil, err
	}
	if mode == Full {
		return b, nil
	}
	why, err := w.selfTest(ctx, image)
	if err != nil {
		b.Close()
		return nil, err
	}
	if why != "" {
		b.useFull("the fast link fails its self-test here, so cells are linked as Go plugins, which takes longer: " + why)
	}
	return b, nil
}

// useFull makes every later link a full one and tells the user once.
func (b *linkBuilder) useFull(why string) {
	b.fullOnly = why
	b.w.mu.Lock()
	noted := b.w.notedFull
	b.w.notedFull = true
	b.w.mu.Unlock()
	if !noted {
		b.w.progress(why)
	}
}

// prepareFast makes what stub and mixed links need.
func (b *linkBuilder) prepareFast(ctx context.Context) error {
	var err error
	if b.symbols, err = readSymbols(b.image.Exe); err != nil {
		return err
	}
	return b.prepareObjects(ctx)
}

// prepareObjects makes the objects that go into every unit.
func (b *linkBuilder) prepareObjects(ctx context.Context) (err error) {
	if b.shim, err = b.w.moduleDataShim(ctx); err != nil {
		return err
	}
	b.hash = filepath.Join(b.dir, "abihash.o")
	return os.WriteFile(b.hash, hashObject(b.w.tool.GOARCH), 0o644)
}

// Exe implements Builder.
func (b *linkBuilder) Exe() string { return b.image.Exe }

// Complete implements Builder; the system's linker does not say what is missing.
func (b *linkBuilder) Complete(_ context.Context, o Object, _ []string) (Object, error) {
	return o, nil
}

// Build implements Builder. With Auto it takes the fastest link that works for this
// unit.
func (b *linkBuilder) Build(ctx context.Context, u Unit) (Object, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	j := &job{b: b, unit: u, dir: filepath.Join(b.dir, fmt.Sprintf("unit%d", u.ID))}
	if err := os.MkdirAll(j.dir, 0o755); err != nil {
		return Object{}, fmt.Errorf("build unit %d: %w", u.ID, err)
	}
	if b.symbols != nil && (!exists(b.hash) || !exists(b.shim)) { // the cache or the temporary folder was emptied
		if err := b.prepareObjects(ctx); err != nil {
			return Object{}, err
		}
	}
	start := time.Now()
	if err := j.compile(ctx); err != nil {
		return Object{}, err
	}
	o := Object{Path: filepath.Join(j.dir, fmt.Sprintf("cell%d.so", u.ID)), Compile: time.Since(start)}
	j.out = o.Path
	start = time.Now()
	var err error
	o.Mode, err = j.link(ctx)
	o.Link = time.Since(start)
	for p := range j.linkedIn {
		o.packages = append(o.packages, p)
	}
	for p := range j.imports {
		if _, held := b.image.Packages[p]; !held {
			o.uses = append(o.uses, p)
		}
	}
	return o, err
}

// Loaded implements Builder: later units are linked against what the object
// defines. It stays until Close, since a worker that
// takes this one's place has to load it again; what else the build left goes.
func (b *linkBuilder) Loaded(o Object) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	entries, err := os.ReadDir(filepath.Dir(o.Path))
	if err != nil {
		return fmt.Errorf("tidy up behind %s: %w", o.Path, err)
	}
	for _, entry := range entries {
		if entry.Name() != filepath.Base(o.Path) {
			os.Remove(filepath.Join(filepath.Dir(o.Path), entry.Name()))
		}
	}
	b.w.linked(o.uses)
	if b.symbols == nil {
		return nil
	}
	for _, p := range o.packages {
		b.linkedIn[p] = true
	}
	return b.symbols.add(o.Path)
}

// Close implements Builder.
func (b *linkBuilder) Close() error { return os.RemoveAll(b.dir) }

// job is one unit on its way.
type job struct {
	b       *linkBuilder
	unit    Unit
	dir     string
	imports map[string]string // importcfg of the compiler: every package that the unit can see
	archive string
	missing []string // references that nothing defined at the last stub
	out     string
	// linkedIn are the packages that a mixed link made part of the unit.
	linkedIn map[string]bool
}

func (j *job) file(name string) string { return filepath.Join(j.dir, name) }

// link tries the links that the mode allows, the fastest first.
func (j *job) link(ctx context.Context) (Mode, error) {
	b := j.b
	if b.fullOnly != "" || b.mode == Full {
		return Full, j.linkFull(ctx)
	}
	var err error
	if b.mode != Mixed && len(j.absent()) == 0 {
		if err = j.linkStub(ctx); err == nil || ctx.Err() != nil {
			return Stub, err
		}
	}
	mixed := j.linkMixed(ctx, err)
	if mixed == nil || ctx.Err() != nil || b.mode != Auto {
		return Mixed, mixed
	}
	b.w.progress("linking this cell as a whole plugin")
	if err := j.linkFull(ctx); err != nil {
		return Full, fmt.Errorf("%w (the mixed link failed before: %v)", err, mixed)
	}
	return Full, nil
}

// writeConfig writes an importcfg; line gives the directive for a package.
func (j *job) writeConfig(name string, line func(path, file string) string) (string, error) {
	var text strings.Builder
	for _, path := range slices.Sorted(maps.Keys(j.imports)) {
		text.WriteString(line(path, j.imports[path]))
	}
	file := j.file(name)
	if err := os.WriteFile(file, []byte(text.String()), 0o644); err != nil {
		return "", fmt.Errorf("build unit %d: %w", j.unit.ID, err)
	}
	return file, nil
}
