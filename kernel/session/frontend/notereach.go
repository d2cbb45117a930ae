package frontend

import (
	"go/ast"
	"go/token"
	"go/types"

	"locuslab/kernel/session/frontend/syntax"
)

// noteReach notes what the cell's code reaches.
func (e *emitter) noteReach() {
	for _, d := range e.Syntax.Decls {
		fn, ok := d.(*ast.FuncDecl)
		switch {
		case !ok:
		case fn == e.Body:
			e.noteReachOf(fn, "")
		case fn.Recv != nil:
			e.noteBeyond(fn)
		case fn.Body != nil:
			symbol := fn.Name.Name // of an init, which no other cell can call
			if d := e.lookup(e.Info.Defs[fn.Name]); d != nil {
				symbol = d.Ident
			}
			e.noteReachOf(fn.Body, symbol)
		}
	}
}

// noteBeyond notes that all that a node mentions is reached in ways that are not known.
func (e *emitter) noteBeyond(n ast.Node) {
	ast.Inspect(n, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			if d := e.lookup(e.Info.Uses[id]); d != nil {
				e.Scope.Names.Reach.Beyond[d.Ident] = true
			}
		}
		return true
	})
}

// noteReachOf notes what the code of a function reaches, or of the top of the cell,
// which has no symbol.
func (e *emitter) noteReachOf(code ast.Node, symbol string) {
	called := map[*ast.Ident]bool{}
	started := map[*ast.CallExpr]bool{} // when the code around it has gone on
	ast.Inspect(code, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			e.noteBeyond(n)
			return false
		case *ast.GoStmt:
			started[n.Call] = true
		case *ast.DeferStmt:
			started[n.Call] = true
		case *ast.CallExpr:
			if isZeroing(n) { // which keeps no pointer
				return false
			}
			if id := syntax.CalledIdent(n); id != nil && !started[n] {
				called[id] = true
			}
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				e.noteBeyond(n.X)
			}
		case *ast.SliceExpr:
			if _, ok := e.Info.TypeOf(n.X).Underlying().(*types.Array); ok { // points to it
				e.noteBeyond(n.X)
			}
		case *ast.RangeStmt: // over a function, the body is a closure
			if _, ok := e.Info.TypeOf(n.X).Underlying().(*types.Signature); ok {
				e.noteBeyond(n)
			}
		case *ast.SelectorExpr: // x.M() with a pointer receiver takes x's address
			if sel := e.Info.Selections[n]; sel != nil && sel.Kind() == types.MethodVal {
				if _, pointer := sel.Recv().Underlying().(*types.Pointer); !pointer {
					e.noteBeyond(n.X)
				}
			}
		case *ast.Ident:
			e.noteMention(n, symbol, called[n])
		}
		return true
	})
}

// noteMention notes a mention of something in the code of a function.
func (e *emitter) noteMention(id *ast.Ident, symbol string, called bool) {
	d := e.lookup(e.Info.Uses[id])
	if d == nil {
		return
	}
	r := e.Scope.Names.Reach
	if _, isFunc := d.Object.(*types.Func); isFunc && !called {
		r.Beyond[d.Ident] = true
	} else if symbol != "" {
		if r.From[d.Ident] == nil {
			r.From[d.Ident] = map[string]bool{}
		}
		r.From[d.Ident][symbol] = true
	}
}
