package session

import (
	"go/ast"
	"go/token"
	"go/types"
)

// What a loop can do besides going on: panic, return, jump. A loop that can do
// none of it ends at its own end, or when it is interrupted.

// mayLeaveEarly tells whether a loop can end in another way than at its own
// end: by a panic, a return or a jump.
func (e *emitter) mayLeaveEarly(loop ast.Stmt) bool {
	early := e.mayPanic(loop)
	ast.Inspect(loop, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ReturnStmt, *ast.SelectStmt, *ast.GoStmt, *ast.DeferStmt:
			early = true
		case *ast.BranchStmt:
			early = early || n.Label != nil
		}
		return !early
	})
	return early
}

// mayPanic tells whether anything in a node may panic, or call what may.
func (e *emitter) mayPanic(n ast.Node) bool {
	may := false
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			may = may || !e.isCalm(n)
		case *ast.IndexExpr, *ast.SliceExpr, *ast.StarExpr, *ast.TypeAssertExpr, *ast.SendStmt, *ast.FuncLit:
			may = true
		case *ast.SelectorExpr:
			may = may || e.info.Selections[n] != nil
		case *ast.UnaryExpr:
			may = may || n.Op == token.ARROW
		case *ast.BinaryExpr:
			may = may || e.divides(n.Op, n.X, n.Y)
			if t := e.info.TypeOf(n.X); t != nil && types.IsInterface(t) {
				may = true
			}
		case *ast.AssignStmt:
			may = may || n.Tok != token.ASSIGN && n.Tok != token.DEFINE && e.divides(assignOperator(n.Tok), n.Lhs[0], n.Rhs[0])
		case *ast.RangeStmt:
			switch e.info.TypeOf(n.X).Underlying().(type) {
			case *types.Basic, *types.Slice, *types.Map:
			default:
				may = true
			}
		}
		return !may
	})
	return may
}

// assignOperator is the operator of x op= y.
func assignOperator(t token.Token) token.Token { return t - token.ADD_ASSIGN + token.ADD }

// divides tells an operation on integers that panics for some operand.
func (e *emitter) divides(op token.Token, x, y ast.Expr) bool {
	basic, ok := e.info.TypeOf(x).Underlying().(*types.Basic)
	if !ok || basic.Info()&types.IsInteger == 0 {
		return false
	}
	if e.info.Types[y].Value != nil { // the checker has refused what is wrong
		return false
	}
	switch op {
	case token.QUO, token.REM:
		return true
	case token.SHL, token.SHR:
		count, ok := e.info.TypeOf(y).Underlying().(*types.Basic)
		return !ok || count.Info()&types.IsUnsigned == 0
	}
	return false
}

// isCalm tells a call that cannot panic: a conversion between basic types, a
// built-in that does not, a function of package math.
func (e *emitter) isCalm(call *ast.CallExpr) bool {
	tv := e.info.Types[call.Fun]
	if tv.IsType() {
		_, basic := tv.Type.Underlying().(*types.Basic)
		return basic
	}
	switch fun := ast.Unparen(call.Fun).(type) {
	case *ast.Ident:
		if b, ok := e.info.Uses[fun].(*types.Builtin); ok {
			switch b.Name() {
			case "len", "cap", "min", "max", "real", "imag", "complex", "append", "copy", "delete", "clear":
				return true
			}
		}
	case *ast.SelectorExpr:
		if fn, ok := e.info.Uses[fun.Sel].(*types.Func); ok && fn.Pkg() != nil {
			return fn.Pkg().Path() == "math"
		}
	}
	return false
}
