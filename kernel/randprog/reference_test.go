package randprog_test

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"locuslab/kernel/randprog/program"
)

// A judge says what plain Go makes of programs.
type judge struct {
	dir      string // of the Go files that are compiled
	importer types.Importer
	fset     *token.FileSet
	batches  int
	refused  int // programs that Go does not compile
	stuck    int // programs that do not end, or end badly
}

func newJudge(dir string) *judge {
	fset := token.NewFileSet()
	return &judge{dir: dir, fset: fset, importer: importer.ForCompiler(fset, "source", nil)}
}

// referenceLimit is how long a program may run; it takes a millisecond.
const referenceLimit = 5 * time.Second

// outcomes compiles the programs together and runs each. Programs that plain Go does
// not compile, or that do not end in it, have none.
func (j *judge) outcomes(ctx context.Context, programs []program.Program) ([][]program.Outcome, error) {
	j.batches++
	dir := filepath.Join(j.dir, fmt.Sprint("batch", j.batches))
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	var names []string
	of := make([]string, len(programs))
	for i, p := range programs {
		name := fmt.Sprintf("p%d", i)
		source, err := program.Reference(p, name)
		if err == nil {
			err = j.check(source)
		}
		if hidden := program.Captured(p); err == nil && hidden != "" {
			err = errors.New(hidden)
		}
		if err != nil {
			j.refused++
			if *verbose {
				fmt.Println(p.Name, err)
			}
			continue
		}
		if err := os.WriteFile(filepath.Join(dir, name+".go"), []byte(source), 0o644); err != nil {
			return nil, err
		}
		names, of[i] = append(names, name), name
	}
	results := make([][]program.Outcome, len(programs))
	if len(names) == 0 {
		return results, nil
	}
	err := errors.Join(
		os.WriteFile(filepath.Join(dir, "main.go"), []byte(program.Harness(names)), 0o644),
		os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module reference\n\ngo 1.26\n"), 0o644),
	)
	if err != nil {
		return nil, err
	}
	build := exec.CommandContext(ctx, "go", "build", "-ldflags=-s -w", "-o", "reference", ".")
	build.Dir = dir
	if out, err := build.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("compile the references in %s: %w\n%s", dir, err, out)
	}
	for i, name := range of {
		if name == "" {
			continue
		}
		limit, cancel := context.WithTimeout(ctx, referenceLimit)
		out, err := exec.CommandContext(limit, filepath.Join(dir, "reference"), name).Output()
		cancel()
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil {
			j.stuck++
			if *verbose {
				fmt.Println(programs[i].Name, err)
			}
			continue
		}
		results[i] = program.Outcomes(string(out))
	}
	return results, nil
}

// check reports whether a reference is valid Go, before it is compiled with others.
func (j *judge) check(source string) error {
	written, err := parser.ParseFile(j.fset, "program.go", source, 0)
	if err != nil {
		return err
	}
	harness, err := parser.ParseFile(j.fset, "main.go", program.Harness(nil), 0)
	if err != nil {
		return err
	}
	_, err = (&types.Config{Importer: j.importer}).Check("main", j.fset, []*ast.File{written, harness}, nil)
	return err
}
