package gosuite

import (
	"fmt"
	"go/ast"
	"go/build"
	"go/build/constraint"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A Program is a file of the suite that is to be run.
type Program struct {
	Name   string   // its path below the suite's folder, with slashes and without .go
	Path   string   // its file
	Source string   // what the file holds
	Args   []string // what stands behind "// run": flags of the go command, arguments of the program
}

// Programs lists the programs below folder root that are to be run on this
// platform, ordered by name.
func Programs(root string) ([]Program, error) {
	var list []Program
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".go" || inPackage(root, path) {
			return err
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		args, toRun := recipe(string(source))
		if !toRun {
			return nil
		}
		name, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		name = strings.TrimSuffix(filepath.ToSlash(name), ".go")
		list = append(list, Program{Name: name, Path: path, Source: string(source), Args: args})
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read Go's test suite in %s: %w", root, err)
	}
	slices.SortFunc(list, func(a, b Program) int { return strings.Compare(a.Name, b.Name) })
	return list, nil
}

// inPackage reports whether a file belongs to a package of several files: the
// suite keeps those in folders of their own, whose names end in .dir.
func inPackage(root, path string) bool {
	rel, err := filepath.Rel(root, filepath.Dir(path))
	return err == nil && slices.ContainsFunc(strings.Split(filepath.ToSlash(rel), "/"), func(part string) bool {
		return strings.HasSuffix(part, ".dir")
	})
}

// recipe reads the comment that says what the suite does with a file: the first
// line that is no build constraint. It reports whether the file is to be run here,
// and with which arguments.
func recipe(source string) (args []string, toRun bool) {
	header, _, found := strings.Cut(source, "\npackage ")
	if !found {
		return nil, false
	}
	action := ""
	for line := range strings.Lines(header) {
		line = strings.TrimSpace(line)
		switch {
		case constraint.IsGoBuild(line):
			expr, err := constraint.Parse(line)
			if err != nil || !expr.Eval(isTag) {
				return nil, false
			}
		case action == "":
			action = line
		}
	}
	words := strings.Fields(strings.TrimPrefix(action, "//"))
	if !strings.HasPrefix(action, "//") || len(words) == 0 || words[0] != "run" {
		return nil, false
	}
	return words[1:], true
}

// isTag reports whether a build tag is set on this platform.
func isTag(tag string) bool {
	c := &build.Default
	unix := c.GOOS != "windows" && c.GOOS != "plan9" && c.GOOS != "js" && c.GOOS != "wasip1"
	return tag == c.GOOS || tag == c.GOARCH || tag == c.Compiler || tag == "unix" && unix ||
		tag == "cgo" && c.CgoEnabled || slices.Contains(c.ReleaseTags, tag)
}

// A source is a program that was parsed and checked.
type source struct {
	Program
	fset *token.FileSet
	file *ast.File
	pkg  *types.Package
	info *types.Info
	main *ast.FuncDecl
}

// check parses a program and finds out what its names mean.
func check(p Program, imports types.Importer) (*source, error) {
	s := &source{Program: p, fset: token.NewFileSet()}
	var err error
	s.file, err = parser.ParseFile(s.fset, p.Path, p.Source, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, fmt.Errorf("parse %s: %w", p.Name, err)
	}
	s.info = &types.Info{
		Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{},
		Types: map[ast.Expr]types.TypeAndValue{}, Scopes: map[ast.Node]*types.Scope{},
	}
	conf := types.Config{Importer: imports, Sizes: types.SizesFor("gc", build.Default.GOARCH)}
	s.pkg, err = conf.Check(s.file.Name.Name, s.fset, []*ast.File{s.file}, s.info)
	if err != nil {
		return nil, fmt.Errorf("check %s: %w", p.Name, err)
	}
	for _, d := range s.file.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "main" {
			s.main = fn
		}
	}
	if s.main == nil || s.main.Body == nil {
		return nil, fmt.Errorf("%s has no func main", p.Name)
	}
	return s, nil
}

// offset is where a position is in the program's text.
func (s *source) offset(pos token.Pos) int { return s.fset.PositionFor(pos, false).Offset }

// text is what stands between two positions.
func (s *source) text(from, to token.Pos) string { return s.Source[s.offset(from):s.offset(to)] }
