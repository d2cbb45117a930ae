package loader

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"

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
	shown *renamer        // what the user calls things
	again map[string]bool // functions that the cell repeats

	symbols map[def]*symbol
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
		Loader: l, ctx: ctx, cell: cell, shown: &renamer{r.Names}, again: map[string]bool{},
		symbols: map[def]*symbol{}, named: map[goobj.Name]*symbol{}, hashed: map[goobj.Hash]*symbol{}, used: map[*pkg]bool{},
	}
	ld.missing.packages, ld.missing.symbols = map[string]bool{}, map[string]bool{}
	for _, f := range r.Repeated {
		ld.again[cellPrefix+f] = true
	}
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
			if name := o.Name(i).Text; o.Loadable(i) && !o.DupOK(i) && name != "" && !ld.repeats(name) {
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

// repeats reports whether a name is of a function that the cell repeats, or of
// something that was made for it, such as a closure in it.
func (ld *load) repeats(name string) bool {
	for len(ld.again) > 0 {
		if ld.again[name] {
			return true
		}
		i := max(strings.LastIndexAny(name, ".-"), strings.LastIndex(name, localMark))
		if i <= 0 {
			return false
		}
		name = name[:i]
	}
	return false
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
		p, err := ld.packages.imported(o, number)
		if err != nil {
			return nil, err
		}
		if p == nil {
			ld.missing.packages[o.Package(number)] = true
			return nil, nil
		}
		if i >= p.objects[0].Selfs() {
			return nil, fmt.Errorf("load the cell: package %s refers to symbol %d of package %s, which has fewer", o.pkg.path, i, p.path)
		}
		return ld.define(def{p.objects[0], i})
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

// define decides what becomes of a definition.
func (ld *load) define(d def) (*symbol, error) {
	if s := ld.symbols[d]; s != nil {
		return s, nil
	}
	s := &symbol{def: d, kind: d.Kind(d.index)}
	same, err := ld.bind(s)
	if err != nil {
		return nil, err
	}
	ld.symbols[d] = same
	if same == s {
		ld.used[d.pkg] = true
		if !s.bound {
			ld.order = append(ld.order, s)
			ld.queue = append(ld.queue, s)
		}
	}
	return same, nil
}

// bind looks for a symbol's equal: another one of this load, which it returns, or an
// address in the process, which it gives to the symbol.
func (ld *load) bind(s *symbol) (*symbol, error) {
	o, i := s.object, s.index
	if a, ok := o.placed[i]; ok {
		s.addr, s.bound = a, true
		return s, nil
	}
	hash, hashed := o.Hash(i)
	switch name := o.Name(i); {
	case hashed && !isItab(o, i):
		if !sharedByHash(o, i) {
			return s, nil
		}
		if same := ld.hashed[hash]; same != nil {
			return same, nil
		}
		ld.hashed[hash] = s
		s.addr, s.bound = ld.shared[hash], ld.shared[hash] != 0
	case o.Static(i):
		if s.kind.Writable() && !o.isCell() && ld.packages.inExecutable[o.pkg.path] {
			a, err := ld.exe.local(name.Text)
			if err != nil {
				return nil, err
			}
			s.addr, s.bound = a, a != 0
		}
	case name.Text == "" || private(o, i) && !ld.again[name.Text]:
	default:
		if same := ld.named[name]; same != nil {
			return same, nil
		}
		ld.named[name] = s
		d, ok, err := ld.existing(name)
		if err != nil {
			return nil, err
		}
		if ok && o.isCell() && s.kind.Writable() {
			if err := sameVariable(s, d); err != nil {
				return nil, err
			}
		}
		if !ok && o.isCell() && ld.again[name.Text] {
			return nil, fmt.Errorf("load the cell: it repeats %s, which no earlier cell has defined", name.Text)
		}
		s.addr, s.bound = d.address, ok
	}
	return s, nil
}

// sameVariable checks a cell's declaration of a variable that an earlier cell defined.
func sameVariable(s *symbol, d definition) error {
	name := s.Name(s.index).Text
	if !s.kind.Zero() {
		return fmt.Errorf("load the cell: it gives %s a value at compile time, but an earlier cell has defined it", name)
	}
	if d.size != s.Size(s.index) {
		return fmt.Errorf("load the cell: it takes %s for a variable of %d bytes, but an earlier cell has defined it with %d", name, s.Size(s.index), d.size)
	}
	return nil
}

// sharedByHash reports whether a symbol may stand for any other of the same hash. The
// hash of a symbol that refers to others holds their names, or their packages' names and
// indices, which in a cell mean something else than in the next cell.
func sharedByHash(o *object, i uint32) bool { return !o.isCell() || !o.HasRelocs(i) }

const (
	cellPrefix = CellPackage + "."
	localMark  = "·"  // behind the name of what is declared in a function, among others
	funcValue  = "·f" // behind a function's name: the word that a func value points to
)

// private reports whether a symbol of a cell is the cell's alone, though others may bear
// its name: the compiler numbers what it makes up (closures, temporaries, instances)
// anew in each cell, and a function that a cell brings is the cell's own version.
// Variables, types and itabs are the notebook's, and the first definition is taken.
func private(o *object, i uint32) bool {
	if !o.isCell() {
		return false
	}
	name := o.Name(i).Text
	rest, own := strings.CutPrefix(name, cellPrefix)
	return own && (o.Kind(i).IsText() || strings.ContainsAny(rest, ".[")) || mentionsLocal(name)
}

// mentionsLocal reports whether a name has a part that is declared in a function of a
// cell: main.local·1, also as []main.local·1 or in the name of an itab.
func mentionsLocal(name string) bool {
	for rest := name; ; {
		i := strings.Index(rest, localMark)
		if i < 0 {
			return false
		}
		ident := rest[:i]
		start := strings.LastIndexFunc(ident, func(c rune) bool { return c != '_' && !unicode.IsLetter(c) && !unicode.IsDigit(c) }) + 1
		if before, ok := strings.CutSuffix(ident[:start], cellPrefix); ok && !strings.HasSuffix(before, "/") && identifierEnd(before) == 0 {
			return true
		}
		rest = rest[i+len(localMark):]
	}
}

// identifierEnd is the length of the identifier that a text ends with.
func identifierEnd(text string) int {
	return len(text) - 1 - strings.LastIndexFunc(text, func(c rune) bool { return c != '_' && !unicode.IsLetter(c) && !unicode.IsDigit(c) })
}

// remembered reports whether later cells find a symbol of a cell by its name.
func remembered(o *object, i uint32) bool {
	if o.Static(i) {
		return false
	}
	name := strings.TrimSuffix(o.Name(i).Text, funcValue)
	return name != "" && !mentionsLocal(name)
}

// existing is where a named symbol lies in the process. What cells define is never
// the executable's, whose own main package is another one.
func (l *Loader) existing(n goobj.Name) (definition, bool, error) {
	if d, ok := l.names[n]; ok || strings.HasPrefix(n.Text, cellPrefix) {
		return d, ok, nil
	}
	a, err := l.inExecutable(n)
	return definition{address: a}, a != 0, err
}

// inExecutable is a symbol of the executable. Its symbol table tells calling conventions
// apart only where a function has both: then name.abi0 is beside the name.
func (l *Loader) inExecutable(n goobj.Name) (uintptr, error) {
	name := mangle(n.Text)
	abi0 := l.exe.names[name+".abi0"]
	if n.ABI == goobj.ABI0 && abi0 != 0 {
		return abi0, nil
	}
	a := l.exe.names[name]
	if a == 0 || !l.exe.isText(a) {
		return a, nil
	}
	have := goobj.Internal
	if abi0 == 0 && l.exe.assembly[a] {
		var err error
		if have, err = l.assemblyABI(n.Text); err != nil {
			return 0, err
		}
	}
	if have != n.ABI {
		return 0, nil
	}
	return a, nil
}

// assemblyABI is the convention of an assembly function that has only one, which
// only its archive tells: that of the package in whose name it is, or of one that
// defines functions for others.
func (l *Loader) assemblyABI(name string) (goobj.ABI, error) {
	owner, err := l.packages.ownerOf(name)
	if err != nil {
		return 0, err
	}
	if abi, ok := owner.assemblyABI(name); ok {
		return abi, nil
	}
	for _, path := range pushers {
		p, err := l.packages.get(path)
		if err != nil {
			return 0, err
		}
		if abi, ok := p.assemblyABI(name); ok {
			return abi, nil
		}
	}
	return goobj.ABI0, nil
}

// assemblyABI is the convention of an assembly function of the package, which may be nil.
func (p *pkg) assemblyABI(name string) (goobj.ABI, bool) {
	for _, abi := range []goobj.ABI{goobj.ABI0, goobj.Internal} {
		if p != nil {
			if d, ok := p.lookup(goobj.Name{Text: name, ABI: abi}); ok && d.Assembly() {
				return abi, true
			}
		}
	}
	return 0, false
}
