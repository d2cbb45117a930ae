package probe

import (
	"context"
	"fmt"
	"go/ast"
	"go/token"
	"strings"

	"locuslab/kernel/cell"
	"locuslab/kernel/display"
	"locuslab/kernel/session/frontend/syntax"
	"locuslab/kernel/session/report"
	"locuslab/kernel/session/scope"
)

// What a cell's text imports and declares is collected before anything of it is
// written or checked.

// collect notes what the cell imports and declares.
func (u *Unit) collect(ctx context.Context, all []parsed) error {
	add := func(name *ast.Ident, variable bool) {
		if name.Name == "_" {
			return
		}
		if variable && !u.Declared[name.Name] {
			u.variables = append(u.variables, name.Name)
		}
		u.Declared[name.Name] = true
	}
	for _, p := range all {
		if err := u.reservedFailure(p); err != nil && !u.Internal {
			return err
		}
		switch {
		case p.gen != nil:
			if p.gen.Tok == token.VAR {
				if err := u.noteEmbeds(p); err != nil {
					return err
				}
			}
			for _, spec := range p.gen.Specs {
				switch spec := spec.(type) {
				case *ast.ImportSpec:
					if err := u.collectImport(ctx, spec); err != nil {
						return err
					}
				case *ast.TypeSpec:
					add(spec.Name, false)
					if id := syntax.BaseIdent(spec.Type); id != nil && spec.Assign.IsValid() {
						u.aliases[spec.Name.Name] = id.Name
					}
				case *ast.ValueSpec:
					for _, name := range spec.Names {
						add(name, p.gen.Tok == token.VAR)
					}
				}
			}
		case p.item.Kind == cell.Func:
			if isInit(p.fn) {
				break
			}
			add(p.fn.Name, false)
			if p.fn.Name.Name == "main" {
				if err := u.noteMain(all, p); err != nil {
					return err
				}
			}
		case syntax.IsDefine(p.stmt):
			if u.Origins == nil && !u.definesAnew(p.stmt) {
				line, column := u.Cell.Position(p.offset(syntax.Unlabelled(p.stmt).(*ast.AssignStmt).TokPos))
				return u.Failure("CompileError", []report.Place{{Line: line, Column: column, Message: "no new variables on left side of :="}})
			}
			for _, name := range syntax.DefinedNames(p.stmt) {
				add(name, true)
			}
		}
	}
	u.noteInits(all)
	return nil
}

// noteMain makes main run when the cell's statements are done, unless they call it:
// a program that was pasted whole, with main() behind it, runs once.
func (u *Unit) noteMain(all []parsed, main parsed) error {
	for _, list := range []*ast.FieldList{main.fn.Type.TypeParams, main.fn.Type.Params, main.fn.Type.Results} {
		if list.NumFields() > 0 {
			line, column := u.Cell.Position(main.offset(list.Pos()))
			return u.Failure("CompileError", []report.Place{{Line: line, Column: column,
				Message: "func main must have no arguments, no return values and no type parameters"}})
		}
	}
	if n := len(u.Origins); n > 0 && main.item.Start < u.Origins[n-1].Offset {
		return nil // an earlier cell's, for a standalone program
	}
	u.runsMain = true
	for _, p := range all {
		if p.item.Kind != cell.Statement {
			continue
		}
		ast.Inspect(p.node(), func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				if id := syntax.CalledIdent(call); id != nil && id.Name == "main" {
					u.runsMain = false
				}
			}
			return u.runsMain
		})
	}
	return nil
}

// noteInits finds gonb's init_… functions, which run once before the next cell that
// is a program for gonb: one with %% or with func main.
func (u *Unit) noteInits(all []parsed) {
	for _, name := range u.Scope.Names.Inits {
		if d := u.Scope.Names.Current[name]; d != nil && !u.Declared[name] && d.IsPlainFunction() {
			u.Inits = append(u.Inits, name)
		}
	}
	for _, p := range all {
		if p.item.Kind == cell.Func && strings.HasPrefix(p.fn.Name.Name, "init_") && p.fn.Type.TypeParams == nil && p.fn.Type.Params.NumFields() == 0 && p.fn.Type.Results.NumFields() == 0 {
			u.Inits = append(u.Inits, p.fn.Name.Name)
		}
	}
	if !u.runsMain && !u.IsProgram {
		u.Inits, u.Waiting = nil, u.Inits
	}
}

// definesAnew tells whether a definition declares a name that the cell has not
// declared before it.
func (u *Unit) definesAnew(s ast.Stmt) bool {
	for _, name := range syntax.DefinedNames(s) {
		if name.Name != "_" && !u.Declared[name.Name] {
			return true
		}
	}
	return false
}

// InitsNote tells of init_… functions that the cell runs.
func (u *Unit) InitsNote() string {
	if len(u.Inits) == 0 {
		return ""
	}
	return fmt.Sprintf("note: %s: called by itself before this cell's program, as gonb does\n", strings.Join(u.Inits, ", "))
}

func (u *Unit) collectImport(ctx context.Context, spec *ast.ImportSpec) error {
	path, err := u.Scope.Workspace.Current(ctx, strings.Trim(spec.Path.Value, "`\""))
	if err != nil {
		return &display.Failure{Name: "ImportError", Value: scope.Recognisable(err.Error())}
	}
	name, err := u.Scope.PackageName(ctx, path)
	if err != nil {
		return err
	}
	switch {
	case spec.Name == nil:
		u.Imports[name] = path
	case spec.Name.Name == ".":
		u.Dots = append(u.Dots, path)
	case spec.Name.Name == "_":
		u.Blanks = append(u.Blanks, path)
	default:
		u.Imports[spec.Name.Name] = path
	}
	return nil
}
