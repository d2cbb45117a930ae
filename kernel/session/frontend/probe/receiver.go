package probe

import (
	"go/ast"
	"go/types"

	"locuslab/kernel/session/frontend/syntax"
	"locuslab/kernel/session/scope"
)

// Which type a method belongs to. The receiver may name it by an alias, of this
// cell or of an earlier one.

// receiverName is the name of the type that a method belongs to.
func (u *Unit) receiverName(fn *ast.FuncDecl) string {
	id := syntax.ReceiverIdent(fn)
	if id == nil {
		return ""
	}
	name := id.Name
	for range len(u.aliases) + 1 { // an alias of itself is for the checker to refuse
		if next := u.aliases[name]; next != "" {
			name = next
		}
	}
	d := u.Scope.Names.Current[name]
	if d == nil || u.Declared[name] && u.Revised[name] == nil {
		return name
	}
	typ, ok := d.Object.(*types.TypeName)
	if !ok || !typ.IsAlias() {
		return name
	}
	if base := u.Scope.Names.ByObject[NamedBehind(typ)]; base != nil && u.Scope.Names.Current[base.Name] == base {
		return base.Name
	}
	return name
}

// NamedBehind is the declared type of the growing package that an alias stands for,
// perhaps as a pointer to it, or nil.
func NamedBehind(alias *types.TypeName) types.Object {
	t := types.Unalias(alias.Type())
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	if named, ok := t.(*types.Named); ok && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == scope.PackagePath {
		return named.Obj()
	}
	return nil
}
