package session

import (
	"go/ast"
	"go/token"
	"go/types"
)

// A reach is what can reach the notebook's variables and functions besides statements at
// the top of cells. It knows them by symbol, as versions that share one are one.
type reach struct {
	// from are the functions that mention a symbol in code of their own: they read or set
	// a variable, or call a function.
	from map[string]map[string]bool
	// beyond are the symbols that are reached in any other way: by a closure, a method, a
	// pointer, a function value or a goroutine. Who holds these is not known.
	beyond map[string]bool
}

func newReach() reach {
	return reach{from: map[string]map[string]bool{}, beyond: map[string]bool{}}
}

// isShared reports whether something besides top-level statements mentions a variable.
func (r reach) isShared(d *declaration) bool {
	return r.beyond[d.ident] || len(r.from[d.ident]) > 0
}

// isReached reports whether something reaches a symbol when functions can be called by
// these symbols only.
func (r reach) isReached(symbol string, callable map[string]bool) bool {
	seen := map[string]bool{}
	var visit func(string) bool
	visit = func(symbol string) bool {
		if seen[symbol] {
			return false
		}
		seen[symbol] = true
		if r.beyond[symbol] {
			return true
		}
		for fn := range r.from[symbol] {
			if callable[fn] || visit(fn) {
				return true
			}
		}
		return false
	}
	return visit(symbol)
}

// noteReach notes what the cell's code reaches.
func (e *emitter) noteReach() {
	for _, d := range e.file.Decls {
		fn, ok := d.(*ast.FuncDecl)
		switch {
		case !ok:
		case fn == e.body:
			e.noteReachOf(fn, "")
		case fn.Recv != nil:
			e.noteBeyond(fn)
		case fn.Body != nil:
			symbol := fn.Name.Name // of an init, which no other cell can call
			if d := e.lookup(e.info.Defs[fn.Name]); d != nil {
				symbol = d.ident
			}
			e.noteReachOf(fn.Body, symbol)
		}
	}
}

// noteBeyond notes that all that a node mentions is reached in ways that are not known.
func (e *emitter) noteBeyond(n ast.Node) {
	ast.Inspect(n, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			if d := e.lookup(e.info.Uses[id]); d != nil {
				e.scope.names.reach.beyond[d.ident] = true
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
			if id := calledIdent(n); id != nil && !started[n] {
				called[id] = true
			}
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				e.noteBeyond(n.X)
			}
		case *ast.SliceExpr:
			if _, ok := e.info.TypeOf(n.X).Underlying().(*types.Array); ok { // points to it
				e.noteBeyond(n.X)
			}
		case *ast.RangeStmt: // over a function, the body is a closure
			if _, ok := e.info.TypeOf(n.X).Underlying().(*types.Signature); ok {
				e.noteBeyond(n)
			}
		case *ast.SelectorExpr: // x.M() with a pointer receiver takes x's address
			if sel := e.info.Selections[n]; sel != nil && sel.Kind() == types.MethodVal {
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
	d := e.lookup(e.info.Uses[id])
	if d == nil {
		return
	}
	r := e.scope.names.reach
	if _, isFunc := d.object.(*types.Func); isFunc && !called {
		r.beyond[d.ident] = true
	} else if symbol != "" {
		if r.from[d.ident] == nil {
			r.from[d.ident] = map[string]bool{}
		}
		r.from[d.ident][symbol] = true
	}
}
