package main

import (
	"context"
	_ "embed"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/tools/txtar"
)

// An imported is a package of a module, with a statement that uses it.
type imported struct {
	name, module, imports, statement string
}

//go:embed imports.txtar
var importsText []byte

// readImports reads imports.txtar.
func readImports() (list []imported, err error) {
	for _, f := range txtar.Parse(importsText).Files {
		lines := strings.SplitN(strings.TrimSpace(string(f.Data)), "\n", 3)
		if len(lines) < 3 {
			return nil, fmt.Errorf("imports.txtar: %s has %d lines, not a module, imports and a statement", f.Name, len(lines))
		}
		list = append(list, imported{f.Name, lines[0], "import (\n\"fmt\"\n" + strings.ReplaceAll(lines[1], " ", "\n") + "\n)\n", lines[2]})
	}
	return list, nil
}

// program is the same as the cell.
func (p imported) program() string {
	return "package main\n\n" + p.imports + "\nfunc main() {\n" + p.statement + "\n}\n"
}

// makeModule fills a folder with a program that uses the package.
func (p imported) makeModule(ctx context.Context, dir string) error {
	if err := os.WriteFile(filepath.Join(dir, "main.go"), []byte(p.program()), 0o644); err != nil {
		return err
	}
	if err := call(ctx, dir, "go", "mod", "init", "example.org/imports"); err != nil {
		return err
	}
	if err := call(ctx, dir, "go", "get", strings.ReplaceAll(p.module, " ", "@")); err != nil {
		return err
	}
	return call(ctx, dir, "go", "mod", "tidy")
}

// imports times the first cell that imports a package, in a session that runs, beside
// go build of the same program, both with warm caches; and the first cell in a folder
// that no kernel has seen.
func imports(ctx context.Context, o options, kernels []kernel) error {
	list, err := readImports()
	if err != nil {
		return err
	}
	header := []string{"first import of", "go build"}
	rows := make([][]string, len(list)+1)
	builds := make([]time.Duration, len(list))
	dirs := make([]string, len(list))
	for i, p := range list {
		progress("imports: go build with %s …", p.name)
		if dirs[i], err = os.MkdirTemp("", "imports-"); err != nil {
			return err
		}
		defer os.RemoveAll(dirs[i])
		if err := p.makeModule(ctx, dirs[i]); err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
		if builds[i], err = o.repeat(func() (time.Duration, error) { return timeBuild(ctx, dirs[i]) }); err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
		rows[i] = []string{p.name, milliseconds(builds[i])}
	}
	rows[len(list)] = []string{"nothing: start and first cell in a new folder", ""}
	for _, k := range kernels {
		if !k.isGo() {
			continue
		}
		header = append(header, k.name, "÷ go build")
		for i, p := range list {
			progress("imports: %s with %s …", k.name, p.name)
			k.dir = dirs[i]
			first, err := o.repeat(func() (time.Duration, error) { return timeImport(ctx, k, p) })
			if err != nil && k.name != "locuslab" && ctx.Err() == nil { // gonb takes the newest versions of modules, which may not fit together
				progress("imports: %s cannot import %s: %v", k.name, p.name, err)
				rows[i] = append(rows[i], "failed", "")
				continue
			}
			if err != nil {
				return fmt.Errorf("%s: %s: %w", k.name, p.name, err)
			}
			rows[i] = append(rows[i], milliseconds(first), ratio(first, builds[i]))
		}
		first, err := o.repeat(func() (time.Duration, error) { return timeNewFolder(ctx, k) })
		if err != nil {
			return fmt.Errorf("%s: %w", k.name, err)
		}
		rows[len(list)] = append(rows[len(list)], milliseconds(first), "")
	}
	fmt.Printf("### First import of a package, with warm caches, median of %d, ms\n\n", o.rounds)
	printTable(header, rows)
	return nil
}

// repeat is the median of what f measures, its first time left out: that fills the caches.
func (o options) repeat(f func() (time.Duration, error)) (time.Duration, error) {
	var times []time.Duration
	for round := range o.rounds + 1 {
		t, err := f()
		if err != nil {
			return 0, err
		}
		if round > 0 {
			times = append(times, t)
		}
	}
	return quantile(times, 0.5), nil
}

func timeBuild(ctx context.Context, dir string) (time.Duration, error) {
	exe := filepath.Join(dir, "program")
	if err := os.RemoveAll(exe); err != nil {
		return 0, err
	}
	began := time.Now()
	err := call(ctx, dir, "go", "build", "-o", exe, ".")
	return time.Since(began), err
}

func timeImport(ctx context.Context, k kernel, p imported) (time.Duration, error) {
	running, err := k.start(ctx)
	if err != nil {
		return 0, err
	}
	defer running.Close()
	if _, _, err := execute(ctx, running, "%%\nfmt.Println(\"ready\")"); err != nil {
		return 0, err
	}
	_, waited, err := execute(ctx, running, p.imports+"%%\n"+p.statement)
	return waited, err
}

// timeNewFolder times a kernel's start and first cell in the folder of a module.
func timeNewFolder(ctx context.Context, k kernel) (time.Duration, error) {
	dir, err := os.MkdirTemp("", "folder-")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module example.org/folder\n\ngo 1.26\n"), 0o644); err != nil {
		return 0, err
	}
	k.dir = dir
	_, first, err := timeStart(ctx, k)
	return first, err
}
