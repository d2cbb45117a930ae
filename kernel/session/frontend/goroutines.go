package frontend

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"locuslab/kernel/session/frontend/syntax"
	"locuslab/kernel/session/scope"
)

// guardGoroutines makes a panic in a goroutine that the cell starts a report,
// not the worker's end.
//
// What a go statement calls is wrapped where it stands, by nb.Guarded, which has
// the type of what it wraps: function and arguments are evaluated as Go has it,
// untyped ones converted to what the function takes.
func (e *emitter) guardGoroutines() {
	e.inferred = map[*ast.CallExpr]scope.Needs{}
	runtime := e.Scope.Alias(e.Scope.Runtime)
	started := map[*ast.CallExpr]bool{} // by a go statement
	for _, decl := range e.Syntax.Decls {
		if e.offset(decl.Pos()) < e.DeclFrom {
			continue
		}
		ast.Inspect(decl, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.GoStmt:
				started[n.Call] = true
				e.guardCall(n.Call, runtime)
			case *ast.CallExpr: // wg.Go(f) starts one too
				if started[n] {
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
}

// guardCall guards the call of a go statement.
func (e *emitter) guardCall(call *ast.CallExpr, runtime string) {
	if lit, ok := call.Fun.(*ast.FuncLit); ok {
		e.insert(lit.Body.Lbrace+1, "defer "+runtime+".Guard();")
		return
	}
	if id := syntax.CalledIdent(call); id != nil {
		if b, ok := e.Info.Uses[id].(*types.Builtin); ok {
			// The others that go may call can hardly panic.
			if stand := map[string]string{"close": "Close", "panic": "Panic"}[b.Name()]; stand != "" {
				e.replace(call.Fun.Pos(), call.Fun.End(), runtime+"."+stand)
			}
			return
		}
		// What the arguments infer cannot be inferred through nb.Guarded, so it is
		// written out. Where a type has no name, a panic ends the worker, as it would
		// a program.
		if inst, ok := e.Info.Instances[id]; ok && !e.instantiate(call, inst.TypeArgs) {
			return
		}
	}
	if signature, ok := e.Info.TypeOf(call.Fun).Underlying().(*types.Signature); ok && takesUintptr(signature) {
		return // what it points to is kept alive by the call as it is written
	}
	e.insertOuter(call.Fun.Pos(), runtime+".Guarded(")
	e.insertAfter(call.Fun.End(), ")")
}

// takesUintptr reports whether a function has a parameter by which it may be given a
// pointer as a number; see the directive go:uintptrescapes.
func takesUintptr(signature *types.Signature) bool {
	for i := range signature.Params().Len() {
		t := signature.Params().At(i).Type()
		if slice, ok := t.Underlying().(*types.Slice); ok && signature.Variadic() {
			t = slice.Elem()
		}
		if basic, ok := t.Underlying().(*types.Basic); ok && basic.Kind() == types.Uintptr {
			return true
		}
	}
	return false
}

// instantiate writes out the type arguments that a generic function gets by
// inference, and reports whether all of them can be named where it stands.
func (e *emitter) instantiate(call *ast.CallExpr, args *types.TypeList) bool {
	fun := ast.Unparen(call.Fun)
	at, written := fun.End(), 0
	switch fun := fun.(type) {
	case *ast.IndexExpr:
		at, written = fun.Rbrack, 1
	case *ast.IndexListExpr:
		at, written = fun.Rbrack, len(fun.Indices)
	}
	if written == args.Len() {
		return true
	}
	var inferred []string
	more := scope.NewNeeds()
	for i := written; i < args.Len(); i++ {
		text, err := e.typeTextAt(fun.Pos(), args.At(i), more)
		if err != nil {
			return false
		}
		inferred = append(inferred, text)
	}
	list := strings.Join(inferred, ", ")
	if written == 0 {
		list = "[" + list + "]"
	} else {
		list = ", " + list
	}
	e.insert(at, list)
	e.inferred[call] = more
	return true
}

// typeTextAt is the source of a type at a place in a function, where types may be
// local and names may be hidden.
func (e *emitter) typeTextAt(pos token.Pos, t types.Type, n scope.Needs) (string, error) {
	inner := e.Package.Scope().Innermost(pos)
	w := &scope.TypeWriter{Scope: e.Scope, Own: e.fresh, Needs: n, Local: func(name string) types.Object {
		within, obj := inner.LookupParent(name, pos)
		for _, outer := range []*types.Scope{nil, types.Universe, e.Package.Scope(), e.Info.Scopes[e.Syntax]} {
			if within == outer {
				return nil
			}
		}
		return obj
	}}
	return w.Write(t)
}

// startsGoroutine names the function of package nb that stands in for a call of
// sync.WaitGroup's or errgroup.Group's Go; it is empty for any other call.
func (e *emitter) startsGoroutine(call *ast.CallExpr) string {
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok || len(call.Args) != 1 {
		return ""
	}
	fn, ok := e.Info.Uses[sel.Sel].(*types.Func)
	if !ok {
		return ""
	}
	switch fn.FullName() {
	case "(*sync.WaitGroup).Go":
		return "Go"
	case "(*golang.org/x/sync/errgroup.Group).Go":
		return "GoErr"
	}
	return ""
}

// startsLater reports whether a call is of time.AfterFunc or context.AfterFunc.
func (e *emitter) startsLater(call *ast.CallExpr) bool {
	id := syntax.CalledIdent(call)
	if id == nil || len(call.Args) != 2 {
		return false
	}
	fn, ok := e.Info.Uses[id].(*types.Func)
	return ok && (fn.FullName() == "time.AfterFunc" || fn.FullName() == "context.AfterFunc")
}
