package frontend

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"locuslab/kernel/session/frontend/syntax"
	"locuslab/kernel/session/scope"
)

// poll makes each loop look at its unit's interrupt flag. The flag's address is
// held in a local of the function: through the package's variable each turn
// would pay for two more loads.
func (e *emitter) poll() {
	interrupted := fmt.Sprintf("%s.Interrupted(%d)", e.Scope.Alias(e.Scope.Runtime), e.ID)
	check := "if *" + scope.StopLocal + " != 0 { " + interrupted + " };"
	for _, d := range e.Syntax.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok && fn.Body != nil && e.offset(fn.Pos()) >= e.DeclFrom {
			e.pollFunction(fn.Body, check)
			if e.recursive(fn) {
				e.insert(fn.Body.Lbrace+1, fmt.Sprintf("if *%s != 0 { %s };", scope.StopName(e.ID), interrupted))
			}
		}
	}
}

// noteRecursion finds the calls by which functions call themselves. Such a function
// looks at the flag as a loop does: fib(60) takes hours.
func (e *emitter) noteRecursion() {
	e.selfCalls = map[*ast.Ident]bool{}
	for _, d := range e.Syntax.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if !ok || fn.Body == nil || e.offset(fn.Pos()) < e.DeclFrom {
			continue
		}
		own := e.Info.Defs[fn.Name]
		ast.Inspect(fn.Body, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				if id := syntax.CalledIdent(call); id != nil && own != nil && generic(e.Info.Uses[id]) == own {
					e.selfCalls[id] = true
				}
			}
			return true
		})
	}
}

// generic is the function or method that an instance is of.
func generic(obj types.Object) types.Object {
	if fn, ok := obj.(*types.Func); ok {
		return fn.Origin()
	}
	return obj
}

func (e *emitter) recursive(fn *ast.FuncDecl) bool {
	found := false
	ast.Inspect(fn.Body, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		found = found || ok && e.selfCalls[id]
		return !found
	})
	return found
}

func (e *emitter) pollFunction(body *ast.BlockStmt, check string) {
	loops := false
	visit := func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			e.pollFunction(n.Body, check)
			return false
		case *ast.ForStmt, *ast.RangeStmt:
			loops = true
			e.insert(loopBody(n).Lbrace+1, check)
		case *ast.LabeledStmt: // goto makes loops too
			switch n.Stmt.(type) {
			case *ast.ForStmt, *ast.RangeStmt, *ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.SelectStmt, *ast.BlockStmt:
			default:
				loops = true
				e.insert(n.Colon+1, check)
			}
		}
		return true
	}
	ast.Inspect(body, visit)
	if loops {
		e.insert(body.Lbrace+1, fmt.Sprintf("%s := %s;", scope.StopLocal, scope.StopName(e.ID)))
	}
}

// pollBetween makes what stands behind a statement that may wait look at the flag: a cell
// that was interrupted meanwhile does not go on when it wakes. At the top of the cell that
// is any call; in functions, where it would cost more, what waits by itself. It comes
// behind all else that is put at the end of a statement.
func (e *emitter) pollBetween() {
	check := fmt.Sprintf("if *%s != 0 { %s.Interrupted(%d) }", scope.StopName(e.ID), e.Scope.Alias(e.Scope.Runtime), e.ID)
	after := func(list []ast.Stmt, mayWait func(ast.Stmt) bool) {
		for _, s := range list[:max(len(list)-1, 0)] {
			switch syntax.Unlabelled(s).(type) {
			case *ast.ReturnStmt, *ast.BranchStmt, *ast.DeferStmt, *ast.GoStmt, *ast.CaseClause, *ast.CommClause:
				continue
			}
			if mayWait(s) && !e.locks(s) {
				e.insertAfter(s.End(), "; "+check)
			}
		}
	}
	for _, d := range e.Syntax.Decls {
		if fn, ok := d.(*ast.FuncDecl); !ok || fn.Body == nil || e.offset(fn.Pos()) < e.DeclFrom {
			continue
		}
		ast.Inspect(d, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.BlockStmt:
				if n == e.Body.Body { // behind its last statement stands the probe's own return
					after(n.List[:max(len(n.List)-1, 0)], e.calls)
				} else {
					after(n.List, e.waits)
				}
			case *ast.CaseClause:
				after(n.Body, e.waits)
			case *ast.CommClause:
				if n.Comm != nil {
					e.insert(n.Colon+1, check+";")
				}
				after(n.Body, e.waits)
			}
			return true
		})
	}
}

// calls reports whether a statement calls something, or waits by itself.
func (e *emitter) calls(s ast.Stmt) bool {
	found := e.waits(s)
	ast.Inspect(s, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			found = found || !isZeroing(call) && !e.Info.Types[call.Fun].IsType() && !e.Info.Types[call.Fun].IsBuiltin()
		}
		_, isFunc := n.(*ast.FuncLit)
		return !found && !isFunc
	})
	return found
}

// waits reports whether a statement uses a channel, or calls what package sync or time
// has for waiting.
func (e *emitter) waits(s ast.Stmt) bool {
	found := false
	ast.Inspect(s, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.UnaryExpr:
			found = found || n.Op == token.ARROW
		case *ast.SendStmt, *ast.SelectStmt:
			found = true
		case *ast.CallExpr:
			if id := syntax.CalledIdent(n); id != nil && (id.Name == "Wait" || id.Name == "Sleep") {
				fn, ok := e.Info.Uses[id].(*types.Func)
				found = found || ok && fn.Pkg() != nil && (fn.Pkg().Path() == "sync" || fn.Pkg().Path() == "time")
			}
		}
		return !found
	})
	return found
}

// locks reports whether a statement takes a lock, perhaps a channel's place, which what
// follows gives back.
func (e *emitter) locks(s ast.Stmt) bool {
	switch s := syntax.Unlabelled(s).(type) {
	case *ast.SendStmt:
		return true
	case *ast.ExprStmt:
		if call, ok := ast.Unparen(s.X).(*ast.CallExpr); ok {
			id := syntax.CalledIdent(call)
			return id != nil && (id.Name == "Lock" || id.Name == "RLock")
		}
	}
	return false
}

// showLast turns the cell's last expression into its result.
func (e *emitter) showLast() {
	x := e.LastExpression()
	if x == nil {
		return
	}
	runtime := e.Scope.Alias(e.Scope.Runtime)
	call, isCall := ast.Unparen(x).(*ast.CallExpr)
	wrap := func(before, after string) {
		e.insertOuter(x.Pos(), before+e.lineMark(x.Pos()))
		e.insertAfter(x.End(), after)
	}
	tv := e.Info.Types[x]
	if e.Items[len(e.Items)-1].Hidden {
		if !isCall {
			wrap("_ = ", "")
		}
		return
	}
	if !isCall {
		wrap(runtime+".Show(", ")")
		return
	}
	tuple, ok := tv.Type.(*types.Tuple)
	switch {
	case tv.IsVoid():
	case ok && tuple.Len() > 0 && isError(tuple.At(tuple.Len()-1).Type()):
		var vars []string
		for i := range tuple.Len() - 1 {
			vars = append(vars, fmt.Sprintf("%sv%d", scope.Reserved, i))
		}
		show := fmt.Sprintf("%s.Show(%s)", runtime, strings.Join(vars, ", "))
		if e.isWrite(call) {
			vars, show = []string{"_"}, ""
		}
		wrap(fmt.Sprintf("{ %s, %s := ", strings.Join(vars, ", "), scope.ResultName), fmt.Sprintf("; %s.Check(%s); %s }", runtime, scope.ResultName, show))
	case !ok && isError(tv.Type):
		wrap(runtime+".Check(", ")")
	default:
		wrap(runtime+".Show(", ")")
	}
}

// failHere makes return err at the top of a cell fail the cell at that line.
func (e *emitter) failHere() {
	check := e.Scope.Alias(e.Scope.Runtime) + ".Check("
	ast.Inspect(e.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ReturnStmt:
			if len(n.Results) == 1 {
				e.replace(n.Pos(), n.Results[0].Pos(), "{ "+check+e.lineMark(n.Results[0].Pos()))
				e.insertAfter(n.End(), "); return }")
			}
		}
		return true
	})
}

// insertOuter inserts before all other edits at the same place.
func (e *emitter) insertOuter(at token.Pos, text string) {
	e.edits = append(e.edits, edit{from: e.offset(at), to: e.offset(at), outer: true, text: text})
}

// insertAfter inserts behind edits that end at the same place.
func (e *emitter) insertAfter(at token.Pos, text string) {
	e.edits = append(e.edits, edit{from: e.offset(at), to: e.offset(at), text: text})
}

func isError(t types.Type) bool { return types.Identical(t, types.Universe.Lookup("error").Type()) }

// isWrite reports whether a call is of fmt's printing functions or of io.Writer's
// Write: nobody calls these for their value, how many bytes were written.
func (e *emitter) isWrite(call *ast.CallExpr) bool {
	id := syntax.CalledIdent(call)
	if id == nil {
		return false
	}
	fn, ok := e.Info.Uses[id].(*types.Func)
	if !ok {
		return false
	}
	if fn.Pkg() != nil && fn.Pkg().Path() == "fmt" && fn.Signature().Recv() == nil {
		return strings.HasPrefix(fn.Name(), "Print") || strings.HasPrefix(fn.Name(), "Fprint")
	}
	bytes := types.NewSlice(types.Typ[types.Byte])
	write := types.NewSignatureType(nil, nil, nil,
		types.NewTuple(types.NewParam(token.NoPos, nil, "", bytes)),
		types.NewTuple(types.NewParam(token.NoPos, nil, "", types.Typ[types.Int]), types.NewParam(token.NoPos, nil, "", types.Universe.Lookup("error").Type())), false)
	return fn.Name() == "Write" && fn.Signature().Recv() != nil && types.Identical(fn.Signature(), write)
}
