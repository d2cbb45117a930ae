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
	"strconv"

	"locuslab/kernel/build/goobj"
)

// A Program is an executable that cells can be loaded into.
type Program struct {
	// Linked are the archives that it was linked from, by import path, Further those of
	// other packages that were asked for.
	Linked, Further map[string]string
	// Builtins are what the compiler calls by number.
	Builtins []goobj.Name
}

// The linker names every symbol, keeps every method of a type that is used, and calls the
// initialisers of maps, if it links a program that can load plugins. It takes one for
// that if two packages are in it, plugin and runtime/cgo, whatever they are: so an empty
// one stands for runtime/cgo, and the program is static, without a line of C.
const (
	emptyCgo    = "package cgo\n"
	programMain = "package main\n\nimport (\n\t_ \"plugin\"\n\t_ \"runtime/cgo\"\n\n\tprogram %q\n)\n\nfunc main() { program.Main() }\n"
)

// LinkProgram links the program that calls the function Main of a package. Archives of
// further packages are listed for cells, without making the program larger.
func (t *Toolchain) LinkProgram(ctx context.Context, dir, main, output string, further ...string) (*Program, error) {
	roots := []string{main, "plugin", "runtime"}
	listed, err := t.List(ctx, dir, append(roots, further...)...)
	if err != nil {
		return nil, err
	}
	if e := listed[main].Error; e != nil {
		return nil, fmt.Errorf("build %s: %s", main, e.Err)
	}
	p := &Program{Linked: map[string]string{}, Further: Archives(listed)}
	for _, root := range roots {
		for _, path := range append(listed[root].Deps, root) {
			if file := p.Further[path]; file != "" {
				p.Linked[path] = file
			}
		}
	}
	for path := range p.Linked {
		delete(p.Further, path)
	}
	if p.Builtins, err = t.builtins(); err != nil {
		return nil, err
	}
	work, err := os.MkdirTemp(filepath.Dir(output), "link-")
	if err != nil {
		return nil, fmt.Errorf("link %s: %w", output, err)
	}
	defer os.RemoveAll(work)
	linked := maps.Clone(p.Linked)
	for _, part := range []struct{ path, source string }{{"runtime/cgo", emptyCgo}, {"main", fmt.Sprintf(programMain, main)}} {
		file := filepath.Join(work, filepath.Base(part.path))
		if err := os.WriteFile(file+".go", []byte(part.source), 0o644); err != nil {
			return nil, fmt.Errorf("link %s: %w", output, err)
		}
		if err := t.Compile(ctx, Compilation{Package: part.path, Sources: []string{file + ".go"}, Archives: linked, Output: file + ".a"}); err != nil {
			return nil, fmt.Errorf("link %s: %w", output, err)
		}
		linked[part.path] = file + ".a"
	}
	config := filepath.Join(work, "importcfg")
	if err := os.WriteFile(config, importConfig(linked), 0o644); err != nil {
		return nil, fmt.Errorf("link %s: %w", output, err)
	}
	named := *t
	named.env = append(t.env[:len(t.env):len(t.env)], "GOROOT="+t.GOROOT) // for the names of source files
	if _, err := named.run(ctx, work, t.tool("link"), "-importcfg", config, "-buildmode=exe", "-w", "-o", output, linked["main"]); err != nil {
		return nil, fmt.Errorf("link %s: %w", output, err)
	}
	return p, nil
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
