package loader

import (
	"fmt"
	"strings"

	"locuslab/kernel/build/goobj"
)

// admitImports looks at all that a package imports, directly or not. The archives that are
// known must be those that it was compiled against. Of most only some symbols are going
// to be taken, but what the whole package does to a program must be possible without a
// linker, if the executable was not linked with it.
func (ld *load) admitImports(p *pkg) error {
	for _, o := range p.objects {
		for path, fingerprint := range o.Imports {
			imported, err := ld.packages.get(path)
			if err != nil {
				return err
			}
			if imported == nil {
				ld.missing.packages[path] = true
				continue
			}
			if fingerprint != imported.objects[0].Fingerprint() {
				return &ConflictError{imported.path, imported.file, "the one that " + p.path + " imports"}
			}
			if imported.admitted || ld.packages.inExecutable[path] {
				continue
			}
			ld.used[imported] = true
			if err := ld.admitDefinitions(imported); err != nil {
				return err
			}
			if err := ld.admitImports(imported); err != nil {
				return err
			}
			imported.admitted = len(ld.missing.packages) == 0
		}
	}
	return nil
}

// admitDefinitions refuses a package that defines what the executable has, as
// a package does that stands for runtime/cgo: its linkname would have replaced that. A
// variable without a value is another thing: it means the executable's.
func (ld *load) admitDefinitions(p *pkg) error {
	if len(p.foreign) > 0 {
		return &LinkedError{p.path, fmt.Errorf("%s is no Go code", strings.Join(p.foreign, ", "))}
	}
	for _, o := range p.objects {
		for i := range o.ByName {
			if i < o.Selfs() || o.Static(i) || o.DupOK(i) || !o.Loadable(i) || o.Kind(i).Zero() {
				continue
			}
			name := o.Name(i)
			a, err := ld.inExecutable(name)
			if err != nil {
				return err
			}
			if a != 0 && !ownsName(p, name) {
				return &LinkedError{p.path, fmt.Errorf("it replaces %s", name.Text)}
			}
		}
	}
	return nil
}

// ownsName reports whether a name is in a package's own name space.
func ownsName(p *pkg, n goobj.Name) bool {
	return strings.HasPrefix(n.Text, symbolPrefix(p.path)+".")
}
