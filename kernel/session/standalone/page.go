package standalone

import (
	"context"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strconv"
	"strings"

	"locuslab/kernel/build"
	"locuslab/kernel/cell"
	"locuslab/kernel/session/frontend/probe"
	"locuslab/kernel/session/frontend/syntax"
	"locuslab/kernel/session/scope"
)

// A program for a page imports packages as they are on another platform, of which the
// types of earlier cells know nothing. So what the cell needs of those is told from its
// text, and the whole program is checked once, on that platform.

// NewForPage puts the earlier declarations that a cell mentions and the cell together to
// one program. workspace is of the platform, runtime the import path of package nb there, and
// constants are declared besides, as strings.
func NewForPage(ctx context.Context, u *probe.Unit, workspace *build.Workspace, runtime string, constants map[string]string) (*Program, error) {
	names, importer := u.Scope.Names, scope.NewImporter()
	u.Visible = maps.Clone(names.Imports)
	own, free := namesOf(u.Cell)
	maps.Copy(u.Own, own)
	packages := scope.New(workspace, runtime, u.Scope.Folder)
	packages.Importer = importer
	for name, path := range importsOf(ctx, packages, u.Cell) {
		u.Visible[name] = path
		delete(free, name)
	}
	a := newProgram(u)
	var mentioned []*scope.Declaration
	var list []probe.Origin
	for _, name := range slices.Sorted(maps.Keys(free)) {
		value, isConstant := constants[name]
		switch d := names.Current[name]; {
		case isConstant:
			list = append(list, probe.Origin{File: u.File, Line: 1, Column: 1, Text: "const " + name + " = " + strconv.Quote(value)})
		case d != nil:
			mentioned = append(mentioned, d)
		}
	}
	earlier, err := a.gather(u, mentioned, func(*scope.Declaration) bool { return false })
	if err != nil {
		return nil, err
	}
	return a, a.put(ctx, u, append(list, earlier...), workspace, importer, runtime)
}

// namesOf are the names that a cell declares at its top, methods by their keys, and those that
// it mentions and does not declare. There are none in a cell that is no Go: whoever checks it
// tells why.
func namesOf(c *cell.Cell) (own, free map[string]bool) {
	own, free = map[string]bool{}, map[string]bool{}
	var top, body strings.Builder
	for _, item := range c.Items {
		switch item.Kind {
		case cell.Magic, cell.Package:
		case cell.Statement:
			body.WriteString(c.Source(item) + "\n")
		case cell.Import:
			top.WriteString(c.Source(item) + "\n")
		}
	}
	for _, item := range c.Items {
		switch item.Kind {
		case cell.Const, cell.Type, cell.Var, cell.Func, cell.Method:
			top.WriteString(c.Source(item) + "\n")
		}
	}
	file, err := parser.ParseFile(token.NewFileSet(), "", "package p\n"+top.String()+"func _() (e error) {\n"+body.String()+"\n}", 0)
	if err != nil {
		return own, free
	}
	for _, d := range file.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Recv != nil && len(d.Recv.List) == 1 {
				if base := syntax.BaseIdent(d.Recv.List[0].Type); base != nil {
					own[probe.MethodKey(base.Name, d.Name.Name)] = true
				}
			} else if d.Recv == nil {
				own[d.Name.Name] = true
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				switch spec := spec.(type) {
				case *ast.TypeSpec:
					own[spec.Name.Name] = true
				case *ast.ValueSpec:
					for _, name := range spec.Names {
						own[name.Name] = true
					}
				}
			}
		}
	}
	statements := file.Decls[len(file.Decls)-1].(*ast.FuncDecl)
	for _, s := range statements.Body.List {
		if syntax.IsDefine(s) {
			for _, name := range syntax.DefinedNames(s) {
				own[name.Name] = true
			}
		}
	}
	delete(own, "_")
	for _, id := range file.Unresolved {
		if !own[id.Name] && types.Universe.Lookup(id.Name) == nil {
			free[id.Name] = true
		}
	}
	return own, free
}

// importsOf are the packages that a cell imports itself, by their names in it. One that
// cannot be imported is left out: the check of the program tells why.
func importsOf(ctx context.Context, s *scope.Scope, c *cell.Cell) map[string]string {
	list := map[string]string{}
	for _, item := range c.Items {
		if item.Kind != cell.Import {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), "", fmt.Sprintf("package p\n%s", c.Source(item)), parser.ImportsOnly)
		if err != nil {
			continue
		}
		for _, spec := range file.Imports {
			path, err := s.Workspace.Current(ctx, strings.Trim(spec.Path.Value, "`\""))
			if err != nil {
				continue
			}
			name := ""
			if spec.Name != nil {
				name = spec.Name.Name
			} else if name, err = s.PackageName(ctx, path); err != nil {
				continue
			}
			if name != "." && name != "_" {
				list[name] = path
			}
		}
	}
	return list
}
