package frontend

import (
	"go/ast"
	"go/types"
	"strconv"
	"strings"
)

// widgetPackage makes controls from a function's parameters, whose names a running
// program does not know.
const widgetPackage = "locuslab/kernel/widget"

// nameParameters adds the names of the function's parameters to each call of
// widget.Interact: widget.Interact(f) becomes widget.Interact(f, widget.Names{"workers"}).
// Nothing else than the controls' labels and which of the given ones is meant depends on it.
func (e *emitter) nameParameters() {
	for _, d := range e.Syntax.Decls {
		if e.offset(d.Pos()) < e.DeclFrom {
			continue
		}
		ast.Inspect(d, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 || call.Ellipsis.IsValid() {
				return true
			}
			f, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
			if !ok {
				return true
			}
			called, ok := e.Info.Uses[f.Sel].(*types.Func)
			if !ok || called.FullName() != widgetPackage+".Interact" {
				return true
			}
			t := e.Info.TypeOf(call.Args[0])
			if t == nil {
				return true
			}
			signature, ok := t.Underlying().(*types.Signature)
			if !ok {
				return true
			}
			names := make([]string, signature.Params().Len())
			for i := range names {
				names[i] = strconv.Quote(signature.Params().At(i).Name())
			}
			e.insertAfter(call.Args[len(call.Args)-1].End(), ", "+e.Scope.Alias(widgetPackage)+".Names{"+strings.Join(names, ", ")+"}")
			return true
		})
	}
}
