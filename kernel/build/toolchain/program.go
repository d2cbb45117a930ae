package toolchain

import (
	"context"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"locuslab/kernel/build/goobj"
)

// A Program is an executable that cells can be loaded into.
type Program struct {
	// Linked are the archives that it was linked from, by import path, Further those of
	// other packages that were asked for.
	Linked, Further map[string]string
	// Packages describes all of them.
	Packages map[string]Package
	// Builtins are what the compiler calls by number.
	Builtins []goobj.Name
	// CNames are the names of C code that the linked packages refer to. The variable cNames
	// of the main package is a table of their addresses, in this order, from its second
	// entry on.
	CNames []string
}

// A Link says which program to link.
type Link struct {
	Dir    string // where the go command finds Main
	Main   string // the package whose function Main the program calls
	Output string
	// Further are packages whose archives are listed for cells, without making the
	// program larger.
	Further []string
	C       *LinkC // nil for a program without C code
}

// A LinkC is the C code of a program.
type LinkC struct {
	Imports  []string          // packages with C code
	Archives map[string]string // of them, and of all that they import
	Compiler string            // that links the program, of C or C++
}

// cOfStd are the packages of the standard library with C code, which cells then find
// linked.
var cOfStd = []string{"net", "os/user", "plugin", cgoRuntime}

// The linker names every symbol, keeps every method of a type that is used, and calls the
// initialisers of maps, if it links a program that can load plugins. It takes one for
// that if two packages are in it, plugin and runtime/cgo, whatever they are: so, where
// there is no C code, an empty one stands for runtime/cgo, and the program is static.
const (
	cgoRuntime = "runtime/cgo"
	emptyCgo   = "package cgo\n"
)

// LinkProgram links a program that cells can be loaded into.
func (t *Toolchain) LinkProgram(ctx context.Context, l Link) (*Program, error) {
	imports := []string{"plugin", "runtime"}
	if l.C != nil {
		imports = append(imports, cOfStd...)
	}
	roots := append(imports, l.Main)
	listed, err := t.List(ctx, l.Dir, append(slices.Clip(roots), l.Further...)...)
	if err != nil {
		return nil, err
	}
	for _, path := range append(slices.Clip(listed[l.Main].Deps), l.Main) {
		if e := listed[path].Error; e != nil {
			return nil, fmt.Errorf("build %s: %w", path, e)
		}
	}
	p := &Program{Linked: map[string]string{}, Further: Archives(listed), Packages: listed}
	for _, root := range roots {
		for _, path := range append(listed[root].Deps, root) {
			if file := p.Further[path]; file != "" {
				p.Linked[path] = file
			}
		}
	}
	if l.C != nil {
		maps.Copy(p.Linked, l.C.Archives)
		imports = append(imports, l.C.Imports...)
		if p.CNames, err = cNames(p.Linked); err != nil {
			return nil, err
		}
	}
	for path := range p.Linked {
		delete(p.Further, path)
	}
	if p.Builtins, err = t.builtins(); err != nil {
		return nil, err
	}
	if err := t.link(ctx, l, p, imports); err != nil {
		return nil, fmt.Errorf("link %s: %w", l.Output, err)
	}
	return p, nil
}

// link compiles the main package and links the program.
func (t *Toolchain) link(ctx context.Context, l Link, p *Program, imports []string) error {
	work, err := os.MkdirTemp(filepath.Dir(l.Output), "link-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	linked := maps.Clone(p.Linked)
	compile := func(path, source string) error {
		file := filepath.Join(work, filepath.Base(path))
		if err := os.WriteFile(file+".go", []byte(source), 0o644); err != nil {
			return err
		}
		err := t.Compile(ctx, Compilation{Package: path, Sources: []string{file + ".go"}, Archives: linked, Output: file + ".a"})
		linked[path] = file + ".a"
		return err
	}
	flags := []string{"-buildmode=exe", "-w", "-o", l.Output}
	if l.C != nil {
		flags = append(flags, "-linkmode=external", "-extld="+l.C.Compiler)
	} else if err := compile(cgoRuntime, emptyCgo); err != nil {
		return err
	}
	if err := compile("main", mainSource(l.Main, append(imports, cgoRuntime), p.CNames)); err != nil {
		return err
	}
	config := filepath.Join(work, "importcfg")
	if err := os.WriteFile(config, importConfig(linked), 0o644); err != nil {
		return err
	}
	named := t.With(append(slices.Clip(t.env), "GOROOT="+t.GOROOT)) // for the names of source files
	_, err = named.run(ctx, work, t.tool("link"), append(append([]string{"-importcfg", config}, flags...), linked["main"])...)
	return err
}

// mainSource is the program's main package. Its table of C names, which main reads lest
// the linker throw it out, has a first entry of its own, so that it is never empty.
func mainSource(main string, imports, cNames []string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "package main\n\nimport program %q\n", main)
	for _, path := range imports {
		fmt.Fprintf(&b, "import _ %q\n", path)
	}
	b.WriteString("import _ \"unsafe\"\n\nfunc main() {\n\tif cNames[0] != nil {\n\t\tprogram.Main()\n\t}\n}\n\n")
	for i, name := range cNames {
		fmt.Fprintf(&b, "//go:linkname c%d %s\nvar c%d byte\n\n", i, name, i)
	}
	b.WriteString("var present byte\n\nvar cNames = [...]*byte{&present, ")
	for i := range cNames {
		fmt.Fprintf(&b, "&c%d, ", i)
	}
	b.WriteString("}\n")
	return b.String()
}

// builtins reads the list of what the compiler calls by number from its sources, which
// every installation has.
func (t *Toolchain) builtins() (list []goobj.Name, err error) {
	file := filepath.Join(t.GOROOT, "src", "cmd", "internal", "goobj", "builtinlist.go")
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
	if err != nil {
		return nil, fmt.Errorf("read which functions the compiler calls by number: %w", err)
	}
	ast.Inspect(parsed, func(n ast.Node) bool {
		entry, ok := n.(*ast.CompositeLit)
		if !ok || len(entry.Elts) != 2 {
			return true
		}
		name, ok1 := entry.Elts[0].(*ast.BasicLit)
		abi, ok2 := entry.Elts[1].(*ast.BasicLit)
		if !ok1 || !ok2 {
			return true
		}
		text, err1 := strconv.Unquote(name.Value)
		number, err2 := strconv.Atoi(abi.Value)
		if err1 == nil && err2 == nil {
			list = append(list, goobj.Name{Text: text, ABI: goobj.ABI(number)})
		}
		return false
	})
	if len(list) == 0 {
		return nil, fmt.Errorf("read which functions the compiler calls by number: %s holds no list of them", file)
	}
	return list, nil
}
