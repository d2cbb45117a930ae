package session

import (
	"fmt"
	"go/ast"
	"go/types"
	"slices"
	"strings"
)

// In which order the variables of a cell get their values: that of the statements,
// but var declarations that stand together are a package's, where what a variable
// depends on comes first wherever it stands.

// orderVariables puts assignments that come from var declarations into Go's order
// of initialisation.
func (e *emitter) orderVariables() {
	if len(e.info.InitOrder) < 2 {
		return
	}
	rank := map[types.Object]int{}
	for i, initializer := range e.info.InitOrder {
		for _, v := range initializer.Lhs {
			rank[v] = i
		}
	}
	var run []ast.Stmt
	flush := func() {
		e.orderRun(run, rank)
		run = nil
	}
	for _, s := range e.body.Body.List {
		if e.isVariable(s) {
			run = append(run, s)
		} else {
			flush()
		}
	}
	flush()
}

// isVariable tells a statement that a var declaration came to.
func (e *emitter) isVariable(s ast.Stmt) bool {
	if call, ok := s.(*ast.ExprStmt); ok {
		return isZeroing(call.X)
	}
	for _, v := range e.assignedFresh(s) {
		if strings.HasPrefix(e.initial[v.Name()].text, "var ") {
			return true
		}
	}
	return false
}

// orderRun orders statements that stand together.
func (e *emitter) orderRun(run []ast.Stmt, rank map[types.Object]int) {
	place := func(s ast.Stmt) int {
		list := e.assignedFresh(s)
		if len(list) == 0 {
			return -1 // a variable without an initialiser
		}
		return rank[list[0]]
	}
	ordered := slices.Clone(run)
	slices.SortStableFunc(ordered, func(a, b ast.Stmt) int { return place(a) - place(b) })
	if slices.Equal(ordered, run) {
		return
	}
	e.edits = append(e.edits, edit{from: e.offset(run[0].Pos()), to: e.offset(run[len(run)-1].End()), write: func() string {
		var b strings.Builder
		for _, s := range ordered {
			b.WriteString("\n" + e.lineMark(s.Pos()) + e.render(e.offset(s.Pos()), e.offset(s.End())))
		}
		return b.String()
	}})
}

// assignedFresh lists the cell's own variables that an assignment sets.
func (e *emitter) assignedFresh(s ast.Stmt) (list []*types.Var) {
	assign, ok := s.(*ast.AssignStmt)
	if !ok {
		return nil
	}
	for _, l := range assign.Lhs {
		if id, ok := l.(*ast.Ident); ok {
			if v, ok := e.info.Uses[id].(*types.Var); ok && e.fresh[v] != nil {
				list = append(list, v)
			}
		}
	}
	return list
}

// definedLater finds a statement that uses a variable which a := below it declares.
// In the probe it is declared in any case; at run time it would be zero.
func (e *emitter) definedLater() error {
	pending := map[types.Object]bool{}
	for obj := range e.fresh {
		if o, ok := e.initial[obj.Name()]; ok && !strings.HasPrefix(o.text, "var ") {
			pending[obj] = true
		}
	}
	for _, s := range e.body.Body.List {
		own := map[*ast.Ident]bool{}
		if assign, ok := s.(*ast.AssignStmt); ok {
			for _, l := range assign.Lhs {
				if id, ok := l.(*ast.Ident); ok {
					own[id] = true
				}
			}
		}
		var early *ast.Ident
		ast.Inspect(s, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncLit: // runs later
				return false
			case *ast.Ident:
				if early == nil && !own[n] && pending[e.info.Uses[n]] {
					early = n
				}
			}
			return true
		})
		if early != nil {
			return e.failureAt(early.Pos(), fmt.Sprintf("undefined: %s (line %d declares it)", early.Name, e.initial[early.Name].line))
		}
		for id := range own {
			delete(pending, e.info.Uses[id])
		}
	}
	return nil
}

func isZeroing(x ast.Expr) bool {
	call, ok := x.(*ast.CallExpr)
	if !ok {
		return false
	}
	id, ok := call.Fun.(*ast.Ident)
	return ok && id.Name == "nbZero"
}
