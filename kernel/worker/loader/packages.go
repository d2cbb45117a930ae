package loader

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"syscall"

	"locuslab/kernel/build/goobj"
)

// A packageSet is the packages whose archives are known. An archive is opened when
// the first symbol of it is needed, and stays open, since its text is used in place.
type packageSet struct {
	files  map[string]string // by import path
	paths  map[string]string // import path by the prefix that the names of its symbols have
	open   map[string]*pkg
	sorted []string // paths, for searches that must come out the same each time

	inExecutable map[string]bool // packages that the executable was linked from
}

func newPackageSet(executable, further map[string]string) *packageSet {
	s := &packageSet{files: map[string]string{}, paths: map[string]string{}, open: map[string]*pkg{}, inExecutable: map[string]bool{}}
	for path, file := range further {
		s.files[path], s.paths[symbolPrefix(path)] = file, path
	}
	for path, file := range executable {
		s.files[path], s.paths[symbolPrefix(path)], s.inExecutable[path] = file, path, true
	}
	return s
}

// ConflictError says that a cell was compiled against another version of a package
// than the one that the process holds.
type ConflictError struct{ Package, Held, Wanted string }

func (e *ConflictError) Error() string {
	return fmt.Sprintf("load the cell: the process holds another version of package %s than the cell was compiled against (%s, %s): a restart takes the new one", e.Package, e.Held, e.Wanted)
}

// LinkedError says that only the linker of a program can bring a package in: it holds C
// code, or replaces a part of the runtime.
type LinkedError struct {
	Package string
	Err     error
}

func (e *LinkedError) Error() string {
	return fmt.Sprintf("load the cell: package %s has to be linked into the program: %v", e.Package, e.Err)
}
func (e *LinkedError) Unwrap() error { return e.Err }

// add makes archives known. Another archive takes the place of one of which the process
// has nothing.
func (s *packageSet) add(files map[string]string) error {
	for path, file := range files {
		if held, ok := s.files[path]; ok && held != file && s.holds(path) {
			return &ConflictError{path, held, file}
		}
	}
	for path, file := range files {
		if s.files[path] != file {
			s.replace(path)
		}
		s.files[path] = file
		s.paths[symbolPrefix(path)] = path
	}
	s.sorted = nil
	return nil
}

// holds reports whether something of a package is in the process.
func (s *packageSet) holds(path string) bool {
	return s.inExecutable[path] || s.open[path] != nil && s.open[path].taken
}

// replace forgets an archive, and what others know of it.
func (s *packageSet) replace(path string) {
	p := s.open[path]
	if p == nil {
		return
	}
	delete(s.open, path)
	_ = syscall.Munmap(p.mapped)
	for _, p := range s.open {
		p.admitted = false
		for _, o := range p.objects {
			o.imports = nil
		}
	}
}

// get opens a package. It is nil where its archive is not known.
func (s *packageSet) get(path string) (*pkg, error) {
	if p := s.open[path]; p != nil {
		return p, nil
	}
	file := s.files[path]
	if file == "" {
		return nil, nil
	}
	path = strings.Clone(path) // it may lie in a cell's object
	b, err := mapFile(file)
	if err != nil {
		return nil, fmt.Errorf("open the archive of package %s: %w", path, err)
	}
	p, err := newPkg(path, file, b)
	if err != nil {
		return nil, fmt.Errorf("read the archive of package %s, %s: %w", path, file, err)
	}
	p.mapped = b
	s.open[path] = p
	return p, nil
}

// imported is the package that stands behind a number in the object's references. It
// is nil where no archive is known. That it is the version which the object was
// compiled against is checked here: an index into another one means anything.
func (s *packageSet) imported(o *object, number uint32) (*pkg, error) {
	if o.imports == nil {
		o.imports = make([]*pkg, o.Packages())
	}
	if p := o.imports[number]; p != nil {
		return p, nil
	}
	path := o.Package(number)
	p, err := s.get(path)
	if p == nil || err != nil {
		return nil, err
	}
	for imported, fingerprint := range o.Imports {
		if imported == path && fingerprint != p.objects[0].Fingerprint() {
			return nil, &ConflictError{p.path, p.file, "the one that " + o.pkg.path + " imports"}
		}
	}
	o.imports[number] = p
	return p, nil
}

// other is the definition that such a reference means, if an archive is known.
func (s *packageSet) other(o *object, number, i uint32) (def, bool, error) {
	p, err := s.imported(o, number)
	if p == nil || err != nil {
		return def{}, false, err
	}
	if i >= p.objects[0].Selfs() {
		return def{}, false, fmt.Errorf("load the cell: package %s refers to symbol %d of package %s, which has fewer", o.pkg.path, i, p.path)
	}
	return def{p.objects[0], i}, true, nil
}

// ownerOf is the package that a symbol's name belongs to; nil for none that is known.
func (s *packageSet) ownerOf(name string) (*pkg, error) {
	name = strings.TrimLeft(strings.TrimPrefix(name, "type:"), "*")
	if i := strings.IndexByte(name, '['); i >= 0 {
		name = name[:i]
	}
	last := strings.LastIndexByte(name, '/') + 1
	dot := strings.IndexByte(name[last:], '.')
	if dot < 0 {
		return nil, nil
	}
	path, ok := s.paths[name[:last+dot]]
	if !ok {
		return nil, nil
	}
	return s.get(path)
}

// pushers are packages of the standard library that define functions in the name of
// others (by linkname); they are asked before all the rest.
var pushers = []string{"runtime", "internal/bytealg", "internal/runtime/maps", "internal/runtime/atomic", "reflect", "syscall", "internal/poll", "internal/synctest", "os", "time"}

// find looks for the definition of a name: in the package that the name belongs to,
// then in those that define functions for others, then in all.
func (s *packageSet) find(n goobj.Name) (def, bool, error) {
	if strings.HasPrefix(strings.TrimPrefix(n.Text, "type:"), cellPrefix) { // no package's
		return def{}, false, nil
	}
	owner, err := s.ownerOf(n.Text)
	if err != nil {
		return def{}, false, err
	}
	if owner != nil {
		if d, ok := owner.lookup(n); ok {
			return d, true, nil
		}
	}
	if s.sorted == nil {
		s.sorted = slices.Sorted(maps.Keys(s.files))
	}
	for _, path := range append(pushers[:len(pushers):len(pushers)], s.sorted...) {
		p, err := s.get(path)
		if err != nil {
			return def{}, false, err
		}
		if d, ok := p.scan(n); ok {
			return d, true, nil
		}
	}
	return def{}, false, nil
}

// symbolPrefix is how an import path is spelled in the names of symbols: what could
// be taken for their own punctuation is escaped.
func symbolPrefix(path string) string {
	slash := strings.LastIndexByte(path, '/')
	var b strings.Builder
	for i := range len(path) {
		if c := path[i]; c <= ' ' || i >= slash && c == '.' || c == '%' || c == '"' || c >= 0x7f {
			fmt.Fprintf(&b, "%%%02x", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}
