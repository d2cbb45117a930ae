package frontend

import (
	"go/ast"
	"go/types"

	"locuslab/kernel/session/scope"
)

// What a cell mentions has names of the kernel's in what is compiled: versions,
// packages, what dot imports brought.

// fromDot tells whether an object is a package-level one of another package:
// where an identifier alone stands for it, a dot import brought it.
func fromDot(obj types.Object, own *types.Package) bool {
	return obj.Pkg() != nil && obj.Pkg().Path() != own.Path() && obj.Parent() == obj.Pkg().Scope()
}

// rename edits each identifier whose name in the growing package is not the
// user's: versions, packages, and what dot imports brought.
func (e *emitter) rename() {
	selected := map[*ast.Ident]bool{}
	ast.Inspect(e.Syntax, func(n ast.Node) bool {
		if n, ok := n.(*ast.SelectorExpr); ok {
			selected[n.Sel] = true
		}
		return true
	})
	for id, obj := range e.Info.Uses {
		if local := e.copies[id]; local != "" {
			e.replace(id.Pos(), id.End(), local)
		} else if obj.Parent() == e.Package.Scope() && obj.Name() == scope.ErrorName {
			e.replace(id.Pos(), id.End(), "error")
		} else if pkg, ok := obj.(*types.PkgName); ok {
			e.replace(id.Pos(), id.End(), e.Scope.Alias(pkg.Imported().Path()))
		} else if d := e.lookup(obj); d != nil {
			if d.Ident != id.Name {
				e.replace(id.Pos(), id.End(), d.Ident)
			}
		} else if d := e.embeddedType(obj); d != nil {
			if d.Ident != id.Name {
				e.replace(id.Pos(), id.End(), d.Ident)
			}
		} else if !selected[id] && fromDot(obj, e.Package) {
			e.insert(id.Pos(), e.Scope.Alias(obj.Pkg().Path())+".")
		}
	}
	for id, obj := range e.Info.Defs {
		if d := e.fresh[obj]; d != nil && d.Ident != id.Name {
			e.replace(id.Pos(), id.End(), d.Ident)
		}
	}
}

// embeddedType is the declaration that an embedded field has its name from.
func (e *emitter) embeddedType(obj types.Object) *scope.Declaration {
	field, ok := obj.(*types.Var)
	if !ok || !field.Embedded() {
		return nil
	}
	t := field.Type()
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem()
	}
	switch t := t.(type) {
	case *types.Alias:
		return e.lookup(t.Obj())
	case *types.Named:
		return e.lookup(t.Obj())
	}
	return nil
}
