package session

import (
	"context"
	"go/ast"
	"go/token"
	"strings"

	"locuslab/kernel/cell"
)

// What a cell's text imports and declares is collected before anything of it is
// written or checked.

// collect notes what the cell imports and declares.
func (u *unit) collect(ctx context.Context, all []parsed) error {
	add := func(name *ast.Ident, variable bool) {
		if name.Name == "_" {
			return
		}
		if variable && !u.declared[name.Name] {
			u.variables = append(u.variables, name.Name)
		}
		u.declared[name.Name] = true
	}
	for _, p := range all {
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
					if id := baseIdent(spec.Type); id != nil && spec.Assign.IsValid() {
						u.aliases[spec.Name.Name] = id.Name
					}
				case *ast.ValueSpec:
					for _, name := range spec.Names {
						add(name, p.gen.Tok == token.VAR)
					}
				}
			}
		case p.item.Kind == cell.Func:
			switch {
			case p.fn.Name.Name == "main" && p.fn.Type.Params.NumFields() == 0:
				u.hasMain = true
			case isInit(p.fn):
			default:
				add(p.fn.Name, false)
			}
		case isDefine(p.stmt):
			if u.origins == nil && !u.definesAnew(p.stmt) {
				line, column := u.cell.Position(p.offset(p.stmt.(*ast.AssignStmt).TokPos))
				return u.failureOf("CompileError", []place{{line: line, column: column, message: "no new variables on left side of :="}})
			}
			for _, name := range definedNames(p.stmt) {
				u.noteEarlier(all, p, name)
				add(name, true)
			}
		}
	}
	return nil
}

// definesAnew tells whether a definition declares a name that the cell has not
// declared before it.
func (u *unit) definesAnew(s ast.Stmt) bool {
	for _, name := range definedNames(s) {
		if name.Name != "_" && !u.declared[name.Name] {
			return true
		}
	}
	return false
}

func (u *unit) collectImport(ctx context.Context, spec *ast.ImportSpec) error {
	path, err := u.session.workspace.Current(ctx, strings.Trim(spec.Path.Value, "`\""))
	if err != nil {
		return &Failure{Name: "ImportError", Value: recognisable(err.Error())}
	}
	name, err := u.session.packageName(ctx, path)
	if err != nil {
		return err
	}
	switch {
	case spec.Name == nil:
		u.imports[name] = path
	case spec.Name.Name == ".":
		u.dots = append(u.dots, path)
	case spec.Name.Name == "_":
		u.blanks = append(u.blanks, path)
	default:
		u.imports[spec.Name.Name] = path
	}
	return nil
}

// noteEarlier finds out whether a name that an earlier cell declared is used by
// this cell's statements up to the one that declares it anew: x := f(x).
func (u *unit) noteEarlier(all []parsed, until parsed, name *ast.Ident) {
	if u.declared[name.Name] || u.session.names.current[name.Name] == nil {
		return
	}
	for _, p := range all {
		if p.item.Kind == cell.Statement {
			ast.Inspect(usedPart(p, until), func(n ast.Node) bool {
				if id, ok := n.(*ast.Ident); ok && id.Name == name.Name {
					u.earlier[name.Name] = true
				}
				return true
			})
		}
		if p.item == until.item {
			return
		}
	}
}

// usedPart is the statement, or the right hand side of the last one.
func usedPart(p, until parsed) ast.Node {
	if p.item != until.item {
		return p.stmt
	}
	assign := p.stmt.(*ast.AssignStmt)
	return &ast.CompositeLit{Elts: assign.Rhs}
}

func isDefine(s ast.Stmt) bool {
	assign, ok := s.(*ast.AssignStmt)
	if !ok || assign.Tok != token.DEFINE {
		return false
	}
	for _, l := range assign.Lhs {
		if _, ok := l.(*ast.Ident); !ok {
			return false
		}
	}
	return true
}

func definedNames(s ast.Stmt) []*ast.Ident {
	var names []*ast.Ident
	for _, l := range s.(*ast.AssignStmt).Lhs {
		names = append(names, l.(*ast.Ident))
	}
	return names
}
