package frontend

import (
	"go/ast"
	"go/token"
	"go/types"

	"locuslab/kernel/session/scope"
)

// outliving finds the variables of earlier cells whose names this one takes in statements
// that keep a hold of them as well: in a closure, as in f := func() { f() }, or by
// address, as in n := Node{next: &n}. Such a mention is looked through when the name has
// its new value, and it is the earlier one that it means.
func (e *emitter) outliving() map[*scope.Declaration]bool {
	found := map[*scope.Declaration]bool{}
	for _, s := range e.Body.Body.List {
		taken := map[*scope.Declaration]bool{}
		for _, x := range targets(s) {
			if id, ok := x.(*ast.Ident); ok && e.Declared[id.Name] && e.Package.Scope().Lookup(id.Name) == e.Info.Uses[id] {
				if d := e.Scope.Names.Current[id.Name]; d != nil {
					taken[d] = true
				}
			}
		}
		if len(taken) > 0 {
			e.noteHeld(s, taken, found)
		}
	}
	return found
}

// noteHeld adds those of the declarations that a statement keeps a hold of.
func (e *emitter) noteHeld(s ast.Stmt, of, held map[*scope.Declaration]bool) {
	note := func(id *ast.Ident) {
		if id == nil {
			return
		}
		if d := e.lookup(e.Info.Uses[id]); d != nil && of[d] {
			held[d] = true
		}
	}
	ends := map[*ast.FuncLit]bool{} // when the statement around it does: it is called there
	later := map[*ast.CallExpr]bool{}
	ast.Inspect(s, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			later[n.Call] = true
		case *ast.DeferStmt:
			later[n.Call] = true
		case *ast.CallExpr:
			if lit, ok := ast.Unparen(n.Fun).(*ast.FuncLit); ok && !later[n] {
				ends[lit] = true
			}
		case *ast.FuncLit:
			if !ends[n] {
				ast.Inspect(n, func(n ast.Node) bool {
					if id, ok := n.(*ast.Ident); ok {
						note(id)
					}
					return true
				})
			}
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				note(e.partOf(n.X))
			}
		case *ast.SliceExpr:
			if _, ok := e.Info.TypeOf(n.X).Underlying().(*types.Array); ok { // points to it
				note(e.partOf(n.X))
			}
		case *ast.SelectorExpr: // x.M() with a pointer receiver takes x's address
			if sel := e.Info.Selections[n]; sel != nil && sel.Kind() == types.MethodVal && isPointer(sel.Obj().(*types.Func).Signature().Recv().Type()) && !isPointer(sel.Recv()) {
				note(e.partOf(n.X))
			}
		}
		return true
	})
}

// partOf is the variable that an expression is, or is a field or an element of, so that
// a pointer to the one is a pointer into the other; nil if there is none.
func (e *emitter) partOf(x ast.Expr) *ast.Ident {
	for {
		switch y := ast.Unparen(x).(type) {
		case *ast.Ident:
			return y
		case *ast.SelectorExpr:
			if t := e.Info.TypeOf(y.X); t == nil || isPointer(t) { // of a package, or behind a pointer
				return nil
			}
			x = y.X
		case *ast.IndexExpr:
			if _, array := e.Info.TypeOf(y.X).Underlying().(*types.Array); !array {
				return nil
			}
			x = y.X
		default:
			return nil
		}
	}
}

func isPointer(t types.Type) bool {
	_, ok := t.Underlying().(*types.Pointer)
	return ok
}
