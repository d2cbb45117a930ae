package frontend

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/types"
	"slices"
	"strconv"
	"strings"

	"locuslab/kernel/session/frontend/syntax"
)

// Package flag knows each flag of a program once, and a cell that declares flags is
// run again all the time. What the cell declares takes the place of a flag of the
// same name.

// redefineFlags makes the cell's first statement forget the flags that it declares.
func (e *emitter) redefineFlags() {
	var names []string
	for _, decl := range e.Syntax.Decls {
		if e.offset(decl.Pos()) < e.DeclFrom {
			continue
		}
		ast.Inspect(decl, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				if name, ok := e.declaresFlag(call); ok && !slices.Contains(names, strconv.Quote(name)) {
					names = append(names, strconv.Quote(name))
				}
			}
			return true
		})
	}
	if len(names) > 0 {
		runtime := e.Scope.Alias(e.Scope.Runtime)
		e.insert(e.Body.Body.Lbrace+1, fmt.Sprintf("%s.ForgetFlags(%s);", runtime, strings.Join(names, ", ")))
	}
}

// declaresFlag is the name of the flag that a call of package flag declares.
func (e *emitter) declaresFlag(call *ast.CallExpr) (string, bool) {
	id := syntax.CalledIdent(call)
	if id == nil {
		return "", false
	}
	fn, ok := e.Info.Uses[id].(*types.Func)
	if !ok || fn.Pkg() == nil || fn.Pkg().Path() != "flag" || fn.Signature().Recv() != nil {
		return "", false
	}
	params := fn.Signature().Params()
	if params.Len() < 3 { // Set(name, value) declares none
		if fn.Name() != "Func" && fn.Name() != "BoolFunc" {
			return "", false
		}
	}
	for i := range min(params.Len(), len(call.Args)) {
		if params.At(i).Name() != "name" {
			continue
		}
		if v := e.Info.Types[call.Args[i]].Value; v != nil && v.Kind() == constant.String {
			return constant.StringVal(v), true
		}
	}
	return "", false
}
