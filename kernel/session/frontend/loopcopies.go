package frontend

import (
	"go/ast"
	"go/types"
	"strings"

	"locuslab/kernel/session/frontend/syntax"
	"locuslab/kernel/session/scope"
)

// A variable that lives on is the package's, and the compiler loads it anew on
// every turn of a loop. A loop at the top of a cell therefore reads copies, made in
// front of it, of the variables that it does not change.
//
// No program can tell, since nothing else can change them meanwhile: such a variable
// is one that only statements at the top of cells mention, which run one after
// another. No function, no closure, no goroutine and no pointer can reach it.

// copyForLoops gives the loops at the top of the cell their copies.
func (e *emitter) copyForLoops() {
	e.copies = map[*ast.Ident]string{}
	if syntax.HasGoto(e.Body) { // a label could not be reached from outside the block around a copy
		return
	}
	ast.Inspect(e.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.LabeledStmt:
			if loopBody(n.Stmt) != nil {
				e.copyForLoop(n)
				return false
			}
		case *ast.ForStmt, *ast.RangeStmt:
			e.copyForLoop(n.(ast.Stmt))
			return false
		}
		return true
	})
}

func (e *emitter) copyForLoop(loop ast.Stmt) {
	changed := e.assignedIn(loop)
	uses := map[*scope.Declaration][]*ast.Ident{}
	var vars []*scope.Declaration
	ast.Inspect(loop, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok {
			return true
		}
		v, ok := e.Info.Uses[id].(*types.Var)
		if !ok || v.IsField() {
			return true
		}
		d := e.lookup(v)
		if d == nil || e.Scope.Names.Reach.IsShared(d) || changed[d] || !isWord(v.Type()) {
			return true
		}
		if uses[d] == nil {
			vars = append(vars, d)
		}
		uses[d] = append(uses[d], id)
		return true
	})
	if len(vars) == 0 {
		return
	}
	var copies strings.Builder
	for _, d := range vars {
		for _, id := range uses[d] {
			e.copies[id] = scope.CopyName(d)
		}
		copies.WriteString(scope.CopyName(d) + " := " + d.Ident + "; ")
	}
	e.insert(loop.Pos(), "{ "+copies.String())
	e.insert(loop.End(), " }")
}

// assignedIn are the variables that a loop assigns to, in whatever statement.
func (e *emitter) assignedIn(loop ast.Stmt) map[*scope.Declaration]bool {
	changed := map[*scope.Declaration]bool{}
	add := func(x ast.Expr) {
		if id, ok := ast.Unparen(x).(*ast.Ident); ok {
			if d := e.lookup(e.Info.Uses[id]); d != nil {
				changed[d] = true
			}
		}
	}
	ast.Inspect(loop, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, l := range n.Lhs {
				add(l)
			}
		case *ast.IncDecStmt:
			add(n.X)
		case *ast.RangeStmt:
			if n.Key != nil {
				add(n.Key)
			}
			if n.Value != nil {
				add(n.Value)
			}
		}
		return true
	})
	return changed
}

// isWord reports whether values of a type are a few machine words, which are worth
// a copy and share what they point to with it.
func isWord(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Basic, *types.Slice, *types.Map, *types.Pointer, *types.Chan, *types.Signature, *types.Interface:
		_, param := types.Unalias(t).(*types.TypeParam)
		return !param
	}
	return false
}

func loopBody(n ast.Node) *ast.BlockStmt {
	switch n := n.(type) {
	case *ast.ForStmt:
		return n.Body
	case *ast.RangeStmt:
		return n.Body
	}
	return nil
}
