package loader

import (
	"fmt"
	"strings"
)

// define decides what becomes of a definition.
func (ld *load) define(d def) (*symbol, error) {
	d = d.pkg.withValue(d)
	symbols := ld.symbols[d.object]
	if symbols == nil {
		symbols = make([]*symbol, d.Defs())
		ld.symbols[d.object] = symbols
	}
	if s := symbols[d.index]; s != nil {
		return s, nil
	}
	s := &symbol{def: d, kind: d.Kind(d.index)}
	same, err := ld.bind(s)
	if err != nil {
		return nil, err
	}
	symbols[d.index] = same
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
		if !ld.sharedByHash(o, i) {
			return s, nil
		}
		if same := ld.hashed[hash]; same != nil {
			return same, nil
		}
		ld.hashed[hash] = s
		s.addr, s.bound = ld.shared[hash], ld.shared[hash] != 0
	case o.Static(i):
		if s.kind.Writable() && !o.isCell() && ld.packages.inExecutable[o.pkg.path] {
			a, err := ld.exe.Local(name.Text)
			if err != nil {
				return nil, err
			}
			s.addr, s.bound = a, a != 0
		}
	case name.Text == "" || private(o, i):
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
			if err := ld.sameVariable(s, d); err != nil {
				return nil, err
			}
		}
		if !ok && !o.isCell() && o.StandsForC(i) {
			return nil, &LinkedError{strings.Clone(o.pkg.path), fmt.Errorf("its C code %s is not in the program", name.Text)}
		}
		s.addr, s.bound = d.address, ok
	}
	return s, nil
}

// sameVariable checks a cell's declaration of a variable that an earlier cell defined, or
// another package, to whose variable the cell's is linked.
func (ld *load) sameVariable(s *symbol, d definition) error {
	name, where := s.Name(s.index).Text, "an earlier cell"
	if !strings.HasPrefix(name, cellPrefix) {
		where = "its package"
	}
	if d.size == 0 && d.address < ld.exe.End {
		var err error
		if d.size, err = ld.exe.Size(name); err != nil {
			return err
		}
	}
	if !s.kind.Zero() {
		return fmt.Errorf("load the cell: it gives %s a value at compile time, but %s has defined it", name, where)
	}
	if d.size != s.Size(s.index) {
		return fmt.Errorf("load the cell: it takes %s for a variable of %d bytes, but %s has defined it with %d", name, s.Size(s.index), where, d.size)
	}
	return nil
}

// sharedByHash reports whether a symbol may stand for any other of the same hash. The
// hash of a symbol that refers to others holds their names, or their packages' names and
// indices, which in a cell mean something else than in the next cell; and a name that is
// changed is another one than its hash says.
func (ld *load) sharedByHash(o *object, i uint32) bool {
	return !o.isCell() || !o.HasRelocs(i) && ld.shown.nameData(o, i) == nil
}

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

// remembered reports whether later cells find a symbol of a cell by its name.
func remembered(o *object, i uint32) bool {
	if o.Static(i) {
		return false
	}
	name := strings.TrimSuffix(o.Name(i).Text, funcValue)
	return name != "" && !mentionsLocal(name)
}
