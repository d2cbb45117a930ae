package locuskit_test

import (
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestOperationsHaveExamples keeps an example that runs for each exported function and method of the client and the tables:
// one of its own, or one of its type that calls it. A parallel form is documented by the sequential one.
func TestOperationsHaveExamples(t *testing.T) {
	for _, dir := range []string{".", "table"} {
		paths, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		fset := token.NewFileSet()
		var files []*ast.File
		for _, path := range paths {
			file, err := parser.ParseFile(fset, path, nil, parser.ParseComments)
			if err != nil {
				t.Fatal(err)
			}
			files = append(files, file)
		}
		pkg, err := doc.NewFromFiles(fset, files, "locuslab/locuskit/"+dir)
		if err != nil {
			t.Fatal(err)
		}
		checked := 0
		check := func(f *doc.Func, within []*doc.Example) {
			// What other interfaces ask for is documented there.
			if strings.HasSuffix(f.Name, "Parallel") && len(f.Name) > len("Parallel") || slices.Contains([]string{"Error", "Unwrap", "String", "GoString", "HTML"}, f.Name) {
				return
			}
			checked++
			if !slices.ContainsFunc(f.Examples, runs) && !slices.ContainsFunc(within, func(e *doc.Example) bool { return runs(e) && calls(e, f.Name) }) {
				t.Errorf("%s: %s %s has no example that runs", dir, f.Recv, f.Name)
			}
		}
		for _, f := range pkg.Funcs {
			check(f, nil)
		}
		for _, typ := range pkg.Types {
			for _, f := range slices.Concat(typ.Funcs, typ.Methods) {
				check(f, typ.Examples)
			}
		}
		if checked < 30 {
			t.Errorf("%s: %d functions and methods found", dir, checked)
		}
	}
}

// runs reports whether go test runs an example. That of Time does not run: what it prints is never the same.
func runs(e *doc.Example) bool { return e.Output != "" || e.EmptyOutput || e.Name == "Time" }

// calls reports whether an example calls a function or method of that name.
func calls(e *doc.Example, name string) (found bool) {
	ast.Inspect(e.Code, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			if s, ok := call.Fun.(*ast.SelectorExpr); ok && s.Sel.Name == name {
				found = true
			}
		}
		return true
	})
	return found
}
