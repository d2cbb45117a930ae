package build

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"go/types"
	"os"
	"path/filepath"
	"slices"
)

// A package that the worker lacks, or has in part for the sake of another package,
// comes into the process with the first cell that imports it, and whole: all that it
// exports, not what this cell happens to call. Later cells then find it there and get
// the stub link.

// bring writes a source file that refers to what those of the packages export that the
// unit imports; "" when there are none.
func (j *job) bring(packages map[string]bool) (string, error) {
	paths := slices.DeleteFunc(slices.Clone(j.unit.Imports), func(p string) bool { return !packages[p] })
	if len(paths) == 0 {
		return "", nil
	}
	imp := exportReader(func(path string) string { return j.imports[path] })
	var imports, body bytes.Buffer
	for i, path := range paths {
		pkg, err := imp.Import(path)
		if err != nil {
			return "", fmt.Errorf("read what package %s exports: %w", path, err)
		}
		if name := fmt.Sprintf("p%d", i); keepExported(&body, name, pkg) {
			fmt.Fprintf(&imports, "import %s %q\n", name, path)
		}
	}
	// Exported, since the linker drops a plugin's other functions that nothing calls.
	text := fmt.Sprintf("package main\n\n%s\nfunc NBBring_%d() (kept []any) {\n%s\treturn kept\n}\n", imports.Bytes(), j.unit.ID, body.Bytes())
	file := filepath.Join(j.dir, "bring.go")
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		return "", fmt.Errorf("build unit %d: %w", j.unit.ID, err)
	}
	return file, nil
}

// keepExported writes statements that refer to all that a package exports.
func keepExported(body *bytes.Buffer, name string, pkg *types.Package) (used bool) {
	scope := pkg.Scope()
	for _, n := range scope.Names() {
		if o := scope.Lookup(n); o.Exported() {
			used = keepObject(body, name, o) || used
		}
	}
	return used
}

// compileBringing compiles the unit with the packages that are linked in. A package
// whose exports cannot all be referred to is brought as far as the cell needs it.
func (j *job) compileBringing(ctx context.Context, into map[string]bool, bring string) error {
	if bring == "" {
		return j.compileFor(ctx, into)
	}
	err := j.compileFor(ctx, into, bring)
	var refused *CompileError
	if errors.As(err, &refused) {
		return j.compileFor(ctx, into)
	}
	return err
}
