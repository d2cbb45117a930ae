package probe

import (
	"go/ast"
	"go/token"
	"go/types"
)

// noteConstants corrects what the checker has noted of names that mean something
// else in a repetition: it notes the last meaning.
func (u *Unit) noteConstants() {
	u.EachRepetition(func(first, _ *ast.ValueSpec) {
		for _, v := range first.Values {
			ast.Inspect(v, func(n ast.Node) bool {
				if id, ok := n.(*ast.Ident); ok && u.Info.Uses[id] != nil {
					if obj := u.Meant(id, first); obj != nil && !isSelected(v, id) {
						u.Info.Uses[id] = obj
					}
				}
				return true
			})
		}
	})
}

// isSelected reports whether an identifier stands behind a dot.
func isSelected(in ast.Node, id *ast.Ident) bool {
	found := false
	ast.Inspect(in, func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		found = found || ok && sel.Sel == id
		return !found
	})
	return found
}

// EachRepetition finds the specifications of local const declarations that repeat
// another one in which a name means something else.
func (u *Unit) EachRepetition(do func(first, again *ast.ValueSpec)) {
	ast.Inspect(u.Syntax, func(n ast.Node) bool {
		decl, ok := n.(*ast.DeclStmt)
		if !ok {
			return true
		}
		gen, ok := decl.Decl.(*ast.GenDecl)
		if !ok || gen.Tok != token.CONST {
			return true
		}
		var last *ast.ValueSpec // that has values
		for _, spec := range gen.Specs {
			spec := spec.(*ast.ValueSpec)
			if len(spec.Values) > 0 {
				last = spec
			} else if last != nil && u.differs(last, spec) {
				do(last, spec)
			}
		}
		return true
	})
}

// Meant is what a name means behind a const specification.
func (u *Unit) Meant(id *ast.Ident, at *ast.ValueSpec) types.Object {
	scope := u.Package.Scope().Innermost(at.Pos())
	if scope == nil {
		return nil
	}
	_, obj := scope.LookupParent(id.Name, at.Pos())
	return obj
}

// differs reports whether a name in the values of one specification means something
// else in another one that repeats them.
func (u *Unit) differs(first, again *ast.ValueSpec) bool {
	found := false
	each := func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			then, now := u.Meant(id, first), u.Meant(id, again)
			found = found || then != nil && then != now
		}
		return !found
	}
	for _, v := range first.Values {
		ast.Inspect(v, each)
	}
	return found
}
