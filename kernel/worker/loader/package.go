package loader

import (
	"fmt"
	"os"
	"syscall"
	"unsafe"

	"locuslab/kernel/build/goobj"
	"locuslab/kernel/worker/loader/memory"
)

// A pkg is the archive of a package, or of a cell.
type pkg struct {
	path    string
	file    string
	objects []*object
	foreign []string           // what no Go tool wrote of it
	named   map[goobj.Name]def // what can be referred to by name; filled when first asked
	values  map[goobj.Name]def // variables that assembly gives a value; filled when first asked
	mapped  []byte             // nil for a cell
	locals  map[int]string     // see Request
	// admitted tells that it, and all that it imports, can be loaded.
	admitted bool
	// taken tells that something of it is in the process.
	taken bool
}

// An object is one of an archive's, with what earlier loads took of it.
type object struct {
	*goobj.Object
	pkg     *pkg
	imports []*pkg // by the object's numbers; filled when first asked
	// placed are the addresses of what earlier loads placed. A variable must exist only
	// once, also if no name tells it apart.
	placed map[uint32]uintptr
	files  uint32 // where its files begin in the table of files, plus one
}

// A def is a definition: an object's symbol.
type def struct {
	*object
	index uint32
}

func openCell(file string, locals map[int]string) (*pkg, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("open the cell's object: %w", err)
	}
	p, err := newPkg(CellPackage, file, b)
	if err != nil {
		return nil, fmt.Errorf("read the cell's object %s: %w", file, err)
	}
	p.locals = locals
	return p, nil
}

func newPkg(path, file string, b []byte) (*pkg, error) {
	a, err := goobj.ParseArchive(b)
	if err != nil {
		return nil, err
	}
	p := &pkg{path: path, file: file, foreign: a.Foreign}
	for _, o := range a.Objects {
		p.objects = append(p.objects, &object{Object: o, pkg: p, placed: map[uint32]uintptr{}})
	}
	return p, nil
}

func mapFile(file string) ([]byte, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if info.Size() == 0 {
		return nil, fmt.Errorf("%s is empty", file)
	}
	return syscall.Mmap(int(f.Fd()), 0, int(info.Size()), syscall.PROT_READ, syscall.MAP_PRIVATE)
}

// forget gives the memory back that reading an archive took. It comes back when it is
// read again.
func (p *pkg) forget() {
	if p.mapped != nil {
		memory.Advise(uintptr(unsafe.Pointer(&p.mapped[0])), uintptr(len(p.mapped)), memory.DontNeed)
	}
}

// isCell reports whether the object is a cell's.
func (o *object) isCell() bool { return o.pkg.mapped == nil }

// lookup finds a definition by its name.
func (p *pkg) lookup(n goobj.Name) (def, bool) {
	if p.named == nil {
		p.named = map[goobj.Name]def{}
		for _, o := range p.objects {
			for i := range o.ByName {
				name := o.Name(i)
				if o.Static(i) || name.Text == "" || !o.Loadable(i) {
					continue
				}
				if _, dup := p.named[name]; !dup {
					p.named[name] = def{o, i}
				}
			}
		}
	}
	d, ok := p.named[n]
	return d, ok
}

// withValue is the definition that counts of two of a variable: Go code declares it
// without a value, and assembly may give it one.
func (p *pkg) withValue(d def) def {
	if len(p.objects) == 1 || !d.Kind(d.index).Zero() {
		return d
	}
	if p.values == nil {
		p.values = map[goobj.Name]def{}
		for _, o := range p.objects[1:] {
			for i := range o.ByName {
				if k := o.Kind(i); !o.Static(i) && o.Loadable(i) && !k.IsText() && !k.Zero() {
					p.values[o.Name(i)] = def{o, i}
				}
			}
		}
	}
	if v, ok := p.values[d.Name(d.index)]; ok {
		return v
	}
	return d
}

// scan is a lookup that keeps nothing for the next one.
func (p *pkg) scan(n goobj.Name) (def, bool) {
	if p == nil {
		return def{}, false
	}
	if p.named != nil {
		return p.lookup(n)
	}
	defer p.forget()
	for _, o := range p.objects {
		for i := range o.ByName {
			if o.Name(i) == n && !o.Static(i) && o.Loadable(i) {
				return def{o, i}, true
			}
		}
	}
	return def{}, false
}
