package loader

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"unsafe"

	"locuslab/kernel/build/goobj"
	"locuslab/kernel/worker/loader/memory"
	"locuslab/kernel/worker/loader/runtimedata"
)

// CellPackage is the path and the name of the package that all cells grow: they are
// compiled with -p main, so that types, functions and panics bear the names that
// they would bear in a program.
const CellPackage = "main"

// An Executable describes the program that the loader runs in, as its builder knows
// it.
type Executable struct {
	// Packages are the archives that it was linked from, by import path.
	Packages map[string]string
	// Further are archives of other packages, such as the rest of the standard library.
	Further map[string]string
	// Builtins are what the compiler calls by number, from the toolchain's sources.
	Builtins []goobj.Name
	// C are the names of C code that packages refer to, in the order of the program's table.
	C []string
	// GOROOT is what "$GOROOT" stands for in the names of source files.
	GOROOT string
	// Distance is how far behind the executable cells begin at the least. Only tests
	// set it, for branches that do not reach.
	Distance uintptr
}

// A Request says what to load.
type Request struct {
	Object string // the archive that the cell was compiled into
	// Packages are archives that no earlier request named, by import path.
	Packages map[string]string
	// Names maps an identifier of the cell's source to what the user wrote, for those
	// that a second declaration of the same name has got: T_7 to T. Stacks, %T and
	// profiles say what the user wrote.
	Names map[string]string
	// Locals names types that functions of the cell declare, by the number that the
	// compiler has given them: what has the same name in another cell is the same type.
	Locals map[int]string
}

// A Unit is a loaded cell.
type Unit struct {
	addresses map[string]uintptr
	inits     []*initTask
	loader    *Loader
}

// A Loader adds code to the process that it runs in. Its methods may be called from
// several goroutines.
type Loader struct {
	mu sync.Mutex // held while a cell is linked and registered, not while its code runs

	exe      *runtimedata.Executable
	rt       *runtimedata.Runtime
	space    *memory.Space
	module   *runtimedata.Module
	packages *packageSet
	builtins []goobj.Name
	goroot   string

	names  map[goobj.Name]definition // what cells defined, and what several packages may define
	shared map[goobj.Hash]uintptr    // symbols that are told apart by their content
	slots  map[uintptr]uintptr       // words that hold an address which is out of reach
	copies map[uintptr]uintptr       // of descriptors out of reach, the first that a load brought
	inits  map[uintptr]*initTask     // of packages that were loaded

	heights map[goobj.Name]int // of cells' functions without a check of the stack
}

// A definition is a symbol that an earlier load placed.
type definition struct{ address, size uintptr }

// cNames is the table of addresses of C code that a worker with C code has, from its second entry on.
const cNames = CellPackage + ".cNames"

// New makes the process ready for cells. It fails where the Go release is not known,
// or its runtime is not laid out as known.
func New(e Executable) (*Loader, error) {
	if err := runtimedata.CheckRelease(runtime.Version()); err != nil {
		return nil, err
	}
	exe, err := runtimedata.ReadExecutable()
	if err != nil {
		return nil, fmt.Errorf("read the worker's symbols: %w", err)
	}
	if err := exe.AddC(cNames, e.C); err != nil {
		return nil, fmt.Errorf("read the worker's symbols: %w", err)
	}
	l := &Loader{
		exe: exe, packages: newPackageSet(e.Packages, e.Further), builtins: e.Builtins, goroot: e.GOROOT,
		names: map[goobj.Name]definition{}, shared: map[goobj.Hash]uintptr{}, slots: map[uintptr]uintptr{}, copies: map[uintptr]uintptr{}, inits: map[uintptr]*initTask{}, heights: map[goobj.Name]int{},
	}
	if l.rt, err = runtimedata.FindRuntime(exe, runtime.Version()); err != nil {
		return nil, err
	}
	exe.FindAssembly(l.rt.First)
	if l.space, err = memory.ReserveSpace(exe.End+e.Distance, reach); err != nil {
		return nil, err
	}
	if l.module, err = runtimedata.NewModule(l.rt, l.space); err != nil {
		return nil, err
	}
	return l, nil
}

// MissingError says what a cell refers to that neither the process nor a known package
// has. Nothing was loaded.
type MissingError struct {
	Packages []string // import paths whose archives no request named
	Symbols  []string // names that no known package defines
}

func (e *MissingError) Error() string {
	if len(e.Packages) > 0 {
		return fmt.Sprintf("load the cell: no archive of the packages %q", e.Packages)
	}
	return fmt.Sprintf("load the cell: nothing defines %q", e.Symbols)
}

// errRaced says that, while a cell was on its way, running code has made the runtime
// or reflect make something that the cell brings too. Linking anew finds it.
var errRaced = errors.New("running code made a type or itab at the same time")

// Load links a cell into the process, with all that it needs and the process lacks.
// An error means that the process is as before. None of the cell's code has run when
// it returns: that is for Unit.Init and the entry.
func (l *Loader) Load(ctx context.Context, r Request) (*Unit, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.packages.add(r.Packages); err != nil {
		return nil, err
	}
	cell, err := openCell(r.Object, r.Locals)
	if err != nil {
		return nil, err
	}
	for range 10 {
		var u *Unit
		if u, err = l.link(ctx, cell, r); !errors.Is(err, errRaced) {
			return u, err
		}
	}
	return nil, fmt.Errorf("load %s: %w, ten times in a row: run the cell again", r.Object, err)
}

// link is one attempt. The steps follow each other as the files of the package do.
func (l *Loader) link(ctx context.Context, cell *pkg, r Request) (*Unit, error) {
	ld := newLoad(ctx, l, cell, r)
	defer ld.release()
	steps := []func() error{
		ld.selectSymbols, ld.checkStack, ld.place, ld.unify, ld.relocate, ld.shareHashers, ld.describePointers, ld.describeFunctions, ld.orderInits, ld.register,
	}
	for _, step := range steps {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err := step(); err != nil {
			return nil, err
		}
	}
	return ld.unit(), nil
}

// Func is a function of the cell without parameters or results.
func (u *Unit) Func(name string) (func(), bool) {
	a, ok := u.addresses[name]
	if !ok {
		return nil, false
	}
	return memory.Callable[func()](a), true
}

// Variable is the address of a variable of a package, of so many bytes; nil where no load
// has placed it, or where it is another one.
func (l *Loader) Variable(path, name string, size uintptr) unsafe.Pointer {
	l.mu.Lock()
	defer l.mu.Unlock()
	p := l.packages.open[path]
	if p == nil || !p.taken {
		return nil
	}
	d, ok := p.lookup(goobj.Name{Text: symbolPrefix(path) + "." + name})
	if !ok || uintptr(d.Size(d.index)) != size {
		return nil
	}
	a, placed := d.placed[d.index]
	if !placed {
		return nil
	}
	return unsafe.Pointer(memory.At[byte](a))
}
