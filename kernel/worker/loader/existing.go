package loader

import (
	"strings"

	"locuslab/kernel/build/goobj"
	"locuslab/kernel/worker/loader/runtimedata"
)

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
	name := runtimedata.Mangle(n.Text)
	abi0 := l.exe.Names[name+".abi0"]
	if n.ABI == goobj.ABI0 && abi0 != 0 {
		return abi0, nil
	}
	a := l.exe.Names[name]
	if a == 0 || !l.exe.IsText(a) {
		return a, nil
	}
	have := goobj.Internal
	if abi0 == 0 && l.exe.Assembly[a] {
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
