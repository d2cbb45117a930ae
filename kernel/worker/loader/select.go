package loader

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"locuslab/kernel/build/goobj"
)

// A symbol is a definition that a load has met. It is bound to an address where the
// process holds it already; else it becomes a part of the process by this load.
type symbol struct {
	def
	kind  goobj.Kind
	bound bool
	addr  uintptr
	// own is where this load's copy of a descriptor lies, of which an equal one turned
	// out to be in use already; 0 for none.
	own uintptr
}

// A load is one run of the loader.
type load struct {
	*Loader
	ctx   context.Context
	cell  *pkg
	shown *renamer // what the user calls things

	symbols map[*object][]*symbol // by the object's indices
	named   map[goobj.Name]*symbol
	hashed  map[goobj.Hash]*symbol
	order   []*symbol // all that this load places, as it was met
	queue   []*symbol // of these, what has not been looked into
	roots   []*symbol // what the cell declares
	used    map[*pkg]bool
	missing struct{ packages, symbols map[string]bool }

	sections sections
	tasks    []*initTask
	funcs    functions
	nosplit  []nosplitFunction
}

func newLoad(ctx context.Context, l *Loader, cell *pkg, r Request) *load {
	ld := &load{
		Loader: l, ctx: ctx, cell: cell, shown: &renamer{r.Names},
		symbols: map[*object][]*symbol{}, named: map[goobj.Name]*symbol{}, hashed: map[goobj.Hash]*symbol{}, used: map[*pkg]bool{},
	}
	ld.missing.packages, ld.missing.symbols = map[string]bool{}, map[string]bool{}
	return ld
}

// release gives back what was read of the archives.
func (ld *load) release() {
	for p := range ld.used {
		p.forget()
	}
}

// unit is what became of the cell.
func (ld *load) unit() *Unit {
	u := &Unit{addresses: map[string]uintptr{}, inits: ld.tasks, loader: ld.Loader}
	for _, s := range ld.roots {
		u.addresses[strings.Clone(s.Name(s.index).Text)] = s.addr
	}
	return u
}

// selectSymbols decides which definitions the load places: what the cell declares,
// and what that refers to, directly or not, and the process lacks.
func (ld *load) selectSymbols() error {
	if err := ld.admitImports(ld.cell); err != nil {
		return err
	}
	for _, o := range ld.cell.objects {
		for i := range o.ByName {
			if o.Loadable(i) && !o.DupOK(i) && o.Name(i).Text != "" {
				s, err := ld.define(def{o, i})
				if err != nil {
					return err
				}
				ld.roots = append(ld.roots, s)
			}
		}
	}
	for n := 0; len(ld.queue) > 0; n++ {
		if n%1024 == 0 && ld.ctx.Err() != nil {
			return ld.ctx.Err()
		}
		s := ld.queue[len(ld.queue)-1]
		ld.queue = ld.queue[:len(ld.queue)-1]
		if err := ld.follow(s); err != nil {
			return err
		}
	}
	if len(ld.missing.packages)+len(ld.missing.symbols) > 0 {
		return &MissingError{sortedKeys(ld.missing.packages), sortedKeys(ld.missing.symbols)}
	}
	return nil
}

func sortedKeys(m map[string]bool) (keys []string) {
	for k := range m {
		keys = append(keys, strings.Clone(k))
	}
	slices.Sort(keys)
	return keys
}

// follow selects what a symbol refers to.
func (ld *load) follow(s *symbol) error {
	o := s.object
	for r := range o.Relocs(s.index) {
		if !ld.selects(o, s.index, r.Type) {
			continue
		}
		if _, err := ld.target(o, r.Target); err != nil {
			return err
		}
	}
	for a := range o.Auxs(s.index) {
		switch {
		case a.Kind == goobj.AuxType && s.kind.HasPointers():
			if _, err := ld.target(o, a.Target); err != nil {
				return err
			}
		case a.Kind == goobj.AuxFuncdata:
			if _, err := ld.funcdata(o, a.Target); err != nil {
				return err
			}
		}
	}
	return nil
}

// selects reports whether a relocation makes its target a part of the process. The
// runtime makes do without the target of a weak one, such as the pointer type of a
// type that nobody points to. A weak call is to an initialiser of a map, which the
// linker of the worker keeps as well; and an itab needs all of its functions.
func (ld *load) selects(o *object, i uint32, t goobj.RelocType) bool {
	switch {
	case t&goobj.Weak == 0:
		return !ld.onlyMarks(t)
	case isCall(t &^ goobj.Weak):
		return true
	}
	return isItab(o, i)
}

// isItab reports whether a symbol is an itab.
func isItab(o *object, i uint32) bool {
	return o.IsItab(i) || strings.HasPrefix(o.Name(i).Text, "go:itab.")
}

// funcdata is the target of a function's table; nil for none. Assembly names a map of
// its arguments, which the compiler makes if there is a Go declaration.
func (ld *load) funcdata(o *object, r goobj.Ref) (*symbol, error) {
	if class, _, i := o.Resolve(r); class == goobj.ByName && o.Assembly() {
		d, ok := o.pkg.lookup(o.Name(i))
		if !ok {
			return nil, nil
		}
		return ld.define(d)
	}
	return ld.target(o, r)
}

// target resolves a reference. It is nil where the reference is empty, or to something
// missing, which has been noted then.
func (ld *load) target(o *object, r goobj.Ref) (*symbol, error) {
	class, number, i := o.Resolve(r)
	switch class {
	case goobj.Own:
		return ld.define(def{o, i})
	case goobj.ByName:
		return ld.byName(o.Name(i))
	case goobj.Builtin:
		name, err := ld.builtin(i)
		if err != nil {
			return nil, err
		}
		return ld.byName(name)
	case goobj.Other:
		d, ok, err := ld.packages.other(o, number, i)
		if err != nil {
			return nil, err
		}
		if !ok {
			ld.missing.packages[o.Package(number)] = true
			return nil, nil
		}
		return ld.define(d)
	case goobj.Bad:
		return nil, fmt.Errorf("load the cell: the object of package %s refers to a symbol outside of it", o.pkg.path)
	}
	return nil, nil
}

// builtin is the name of what the compiler calls by number.
func (l *Loader) builtin(i uint32) (goobj.Name, error) {
	if int(i) >= len(l.builtins) {
		return goobj.Name{}, fmt.Errorf("load the cell: it calls the runtime by number %d, which the toolchain's list does not have", i)
	}
	return l.builtins[i], nil
}

// byName resolves a reference that gives only a name.
func (ld *load) byName(n goobj.Name) (*symbol, error) {
	if s := ld.named[n]; s != nil {
		return s, nil
	}
	d, ok, err := ld.existing(n)
	if err != nil {
		return nil, err
	}
	if !ok {
		if d, ok := ld.cell.lookup(n); ok {
			return ld.define(d)
		}
		d, found, err := ld.packages.find(n)
		if err != nil {
			return nil, err
		}
		if found {
			return ld.define(d)
		}
	}
	if !ok {
		ld.missing.symbols[n.Text] = true
		return nil, nil
	}
	s := &symbol{bound: true, addr: d.address}
	ld.named[n] = s
	return s, nil
}
