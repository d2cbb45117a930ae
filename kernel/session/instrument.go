package session

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// poll makes each loop look at its unit's interrupt flag. The flag's address is
// held in a local of the function: through the package's variable each turn
// would pay for two more loads.
func (e *emitter) poll() {
	interrupted := fmt.Sprintf("%s.Interrupted(%d)", e.session.alias(e.session.workspace.RuntimePath()), e.id)
	check := func(loop *ast.BlockStmt) string {
		before := e.beforePoll[loop]
		if before != "" {
			before += "; "
		}
		return before + "if *nbStop != 0 { " + e.atInterrupt[loop] + interrupted + " };"
	}
	for _, d := range e.file.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok && fn.Body != nil && e.offset(fn.Pos()) >= e.declFrom {
			e.pollFunction(fn.Body, check)
			if e.recursive(fn) {
				e.insert(fn.Body.Lbrace+1, fmt.Sprintf("if *nbStop_%d != 0 { %s };", e.id, interrupted))
			}
		}
	}
}

// noteRecursion finds the calls by which functions call themselves. Such a function
// looks at the flag as a loop does: fib(60) takes hours.
func (e *emitter) noteRecursion() {
	e.selfCalls = map[*ast.Ident]bool{}
	for _, d := range e.file.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if !ok || fn.Body == nil || e.offset(fn.Pos()) < e.declFrom {
			continue
		}
		own := e.info.Defs[fn.Name]
		ast.Inspect(fn.Body, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				if id := calledIdent(call); id != nil && own != nil && generic(e.info.Uses[id]) == own {
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

// calledIdent is the name of the function that is called, or nil.
func calledIdent(call *ast.CallExpr) *ast.Ident {
	switch fun := ast.Unparen(call.Fun).(type) {
	case *ast.Ident:
		return fun
	case *ast.SelectorExpr:
		return fun.Sel
	case *ast.IndexExpr:
		return calledIdent(&ast.CallExpr{Fun: fun.X})
	case *ast.IndexListExpr:
		return calledIdent(&ast.CallExpr{Fun: fun.X})
	}
	return nil
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

func (e *emitter) pollFunction(body *ast.BlockStmt, check func(*ast.BlockStmt) string) {
	loops := false
	labelled := map[ast.Stmt]bool{}
	visit := func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			e.pollFunction(n.Body, check)
			return false
		case *ast.ForStmt, *ast.RangeStmt:
			loops = true
			loop, body := n.(ast.Stmt), loopBody(n)
			if s := e.stripOf(loop); s != nil && !labelled[loop] {
				e.cut(s, check(body))
			} else {
				e.insert(body.Lbrace+1, check(body))
			}
		case *ast.LabeledStmt: // goto makes loops too
			labelled[n.Stmt] = true
			switch n.Stmt.(type) {
			case *ast.ForStmt, *ast.RangeStmt, *ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.SelectStmt, *ast.BlockStmt:
			default:
				loops = true
				e.insert(n.Colon+1, check(nil))
			}
		}
		return true
	}
	ast.Inspect(body, visit)
	if loops {
		e.insert(body.Lbrace+1, fmt.Sprintf("nbStop := nbStop_%d;", e.id))
	}
}

// guardGoroutines makes a panic in a goroutine that the cell starts a report,
// not the worker's end.
func (e *emitter) guardGoroutines() {
	runtime := e.session.alias(e.session.workspace.RuntimePath())
	guard := "defer " + runtime + ".Guard();"
	started := map[*ast.CallExpr]bool{} // by a go statement
	ast.Inspect(e.file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			if e.offset(n.Pos()) < e.declFrom {
				return true
			}
			started[n.Call] = true
			if lit, ok := n.Call.Fun.(*ast.FuncLit); ok {
				e.insert(lit.Body.Lbrace+1, guard)
			} else {
				e.guardCall(n, guard)
			}
		case *ast.CallExpr: // wg.Go(f) starts one too
			if e.offset(n.Pos()) < e.declFrom || started[n] {
				return true
			}
			if helper := e.startsGoroutine(n); helper != "" {
				e.insert(n.Pos(), runtime+"."+helper+"(")
				e.replace(n.Lparen, n.Lparen+1, ", ")
			} else if e.startsLater(n) {
				f := n.Args[1]
				e.insert(f.Pos(), runtime+".Guarded(")
				e.insertAfter(f.End(), ")")
			}
		}
		return true
	})
}

// startsGoroutine names the function of package nb that stands in for a call of
// sync.WaitGroup's or errgroup.Group's Go; it is empty for any other call.
func (e *emitter) startsGoroutine(call *ast.CallExpr) string {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || sel.Sel.Name != "Go" || len(call.Args) != 1 {
		return ""
	}
	fn, ok := e.info.Uses[sel.Sel].(*types.Func)
	if !ok || !strings.HasSuffix(fn.FullName(), "Group).Go") {
		return ""
	}
	signature := fn.Signature()
	if signature.Params().Len() != 1 || signature.Results().Len() != 0 {
		return ""
	}
	switch types.TypeString(signature.Params().At(0).Type(), nil) {
	case "func()":
		return "Go"
	case "func() error":
		return "GoErr"
	}
	return ""
}

// startsLater tells a call of time.AfterFunc, or context.AfterFunc.
func (e *emitter) startsLater(call *ast.CallExpr) bool {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || len(call.Args) != 2 {
		return false
	}
	fn, ok := e.info.Uses[sel.Sel].(*types.Func)
	return ok && (fn.FullName() == "time.AfterFunc" || fn.FullName() == "context.AfterFunc")
}

// guardCall turns go f(a, b) into a function literal that calls f; function and
// arguments are evaluated here and now, as Go says.
func (e *emitter) guardCall(n *ast.GoStmt, guard string) {
	signature, ok := e.info.TypeOf(n.Call.Fun).(*types.Signature)
	if !ok { // a built-in function, or a conversion
		return
	}
	from, to := e.offset(n.Pos()), e.offset(n.End())
	part := func(x ast.Node) string { return e.render(e.offset(x.Pos()), e.offset(x.End())) }
	e.edits = append(e.edits, edit{from: from, to: to, write: func() string {
		var b strings.Builder
		var args []string
		b.WriteString("{ ")
		callee := part(n.Call.Fun)
		if !e.isStatic(n.Call.Fun) {
			b.WriteString("nbF := " + callee + "; ")
			callee = "nbF"
		}
		if len(n.Call.Args) == 1 && signature.Params().Len() > 1 {
			for i := range signature.Params().Len() {
				args = append(args, fmt.Sprintf("nbA%d", i))
			}
			b.WriteString(strings.Join(args, ", ") + " := " + part(n.Call.Args[0]) + "; ")
		} else {
			for i, a := range n.Call.Args {
				tv := e.info.Types[a]
				if tv.Value != nil || tv.IsNil() {
					args = append(args, part(a))
					continue
				}
				name := fmt.Sprintf("nbA%d", i)
				b.WriteString(name + " := " + part(a) + "; ")
				args = append(args, name)
			}
		}
		list := strings.Join(args, ", ")
		if n.Call.Ellipsis.IsValid() {
			list += "..."
		}
		b.WriteString("go func() { " + guard + callee + "(" + list + ") }() }")
		return b.String()
	}})
}

// isStatic tells whether evaluating a callee now or later is the same.
func (e *emitter) isStatic(fun ast.Expr) bool {
	switch fun := fun.(type) {
	case *ast.Ident:
		_, ok := e.info.Uses[fun].(*types.Func)
		return ok
	case *ast.SelectorExpr:
		if id, ok := fun.X.(*ast.Ident); ok {
			_, ok := e.info.Uses[id].(*types.PkgName)
			return ok && e.isFunc(fun.Sel)
		}
	case *ast.IndexExpr:
		return e.isStatic(fun.X)
	case *ast.IndexListExpr:
		return e.isStatic(fun.X)
	}
	return false
}

func (e *emitter) isFunc(id *ast.Ident) bool {
	_, ok := e.info.Uses[id].(*types.Func)
	return ok
}

// showLast turns the cell's last expression into its result.
func (e *emitter) showLast() {
	x := e.lastExpression()
	if x == nil {
		return
	}
	runtime := e.session.alias(e.session.workspace.RuntimePath())
	call, isCall := ast.Unparen(x).(*ast.CallExpr)
	wrap := func(before, after string) { e.insertOuter(x.Pos(), before); e.insertAfter(x.End(), after) }
	tv := e.info.Types[x]
	if e.items[len(e.items)-1].Hidden {
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
			vars = append(vars, fmt.Sprintf("nbV%d", i))
		}
		show := fmt.Sprintf("%s.Show(%s)", runtime, strings.Join(vars, ", "))
		if e.isWrite(call, tuple) {
			vars, show = []string{"_"}, ""
		}
		wrap(fmt.Sprintf("{ %s, nbE := ", strings.Join(vars, ", ")), fmt.Sprintf("; %s.Check(nbE); %s }", runtime, show))
	case !ok && isError(tv.Type):
		wrap(runtime+".Check(", ")")
	default:
		wrap(runtime+".Show(", ")")
	}
}

// failHere makes return err at the top of a cell fail the cell at that line.
func (e *emitter) failHere() {
	check := e.session.alias(e.session.workspace.RuntimePath()) + ".Check("
	ast.Inspect(e.body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ReturnStmt:
			if len(n.Results) == 1 {
				e.replace(n.Pos(), n.Results[0].Pos(), "{ "+check)
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

// isWrite tells a call that writes and answers how many bytes it wrote, such as
// fmt.Println: nobody calls it for its value.
func (e *emitter) isWrite(call *ast.CallExpr, results *types.Tuple) bool {
	if results.Len() != 2 || !types.Identical(results.At(0).Type(), types.Typ[types.Int]) {
		return false
	}
	var name string
	switch fun := ast.Unparen(call.Fun).(type) {
	case *ast.Ident:
		name = fun.Name
	case *ast.SelectorExpr:
		name = fun.Sel.Name
	}
	for _, verb := range []string{"Print", "Fprint", "Write"} {
		if strings.HasPrefix(name, verb) {
			return true
		}
	}
	return false
}
