package frontend

import (
	"cmp"
	"go/ast"
	"go/types"
	"slices"

	"locuslab/kernel/session/frontend/probe"
	"locuslab/kernel/session/frontend/syntax"
	"locuslab/kernel/session/scope"
)

// In which order the variables of a cell get their values: that of the statements,
// but var declarations that stand together are a package's, where what a variable
// depends on comes first wherever it stands.

// runs numbers the statements of the body that var declarations came to: those that
// stand together have the same number, other statements 0.
type runs map[ast.Stmt]int

// runsOf finds the runs of the body.
func (e *emitter) runsOf(body []ast.Stmt) runs {
	all, run, inside := runs{}, 0, false
	for _, s := range body {
		if !e.isInitialiser(s) {
			inside = false
			continue
		}
		if !inside {
			run++
		}
		all[s], inside = run, true
	}
	return all
}

// isInitialiser reports whether a var declaration came to this statement.
func (e *emitter) isInitialiser(s ast.Stmt) bool {
	if call, ok := s.(*ast.ExprStmt); ok {
		return isZeroing(call.X)
	}
	return len(e.valuesOf(s)) > 0
}

// valuesOf are the values that a var declaration gives in this statement, if it does.
func (e *emitter) valuesOf(s ast.Stmt) (values []ast.Expr) {
	assign, ok := s.(*ast.AssignStmt)
	if !ok {
		return nil
	}
	for _, value := range assign.Rhs {
		if e.VarValues[e.SpotOf(value.Pos())] {
			values = append(values, value)
		} else if call, ok := value.(*ast.CallExpr); ok && len(call.Args) == 1 && e.VarValues[e.SpotOf(call.Args[0].Pos())] {
			values = append(values, call.Args[0]) // converted, for a variable that has no name
		}
	}
	return values
}

// orderVariables puts the statements of each run into Go's order of initialisation.
func (e *emitter) orderVariables() {
	rank := map[probe.Spot]int{}
	for i, initializer := range e.Info.InitOrder {
		rank[e.SpotOf(initializer.Rhs.Pos())] = i + 1
	}
	place := func(s ast.Stmt) (last int) { // a variable without a value comes first
		for _, value := range e.valuesOf(s) {
			last = max(last, rank[e.SpotOf(value.Pos())])
		}
		return last
	}
	all := e.runsOf(e.Body.Body.List)
	for from := 0; from < len(e.Body.Body.List); {
		run := all[e.Body.Body.List[from]]
		to := from + 1
		for to < len(e.Body.Body.List) && all[e.Body.Body.List[to]] == run {
			to++
		}
		written := e.Body.Body.List[from:to]
		from = to
		ordered := slices.Clone(written)
		slices.SortStableFunc(ordered, func(a, b ast.Stmt) int { return cmp.Compare(place(a), place(b)) })
		if run == 0 || slices.Equal(ordered, written) {
			continue
		}
		e.reorder(written, ordered)
	}
}

// reorder writes statements in another order, each with its own edits.
func (e *emitter) reorder(written, ordered []ast.Stmt) {
	from, to := e.offset(written[0].Pos()), e.offset(written[len(written)-1].End())
	e.edits = append(e.edits, edit{from: from, to: to, write: func() string {
		text := ""
		for _, s := range ordered {
			text += "\n" + e.lineMark(s.Pos()) + e.render(e.offset(s.Pos()), e.offset(s.End()))
		}
		return text
	}})
}

// declaredBy are the cell's own variables that a statement of the body declares.
func (e *emitter) declaredBy(s ast.Stmt) (list []*types.Var) {
	for _, x := range targets(s) {
		id, ok := x.(*ast.Ident)
		if !ok {
			continue
		}
		v, ok := e.Info.Uses[id].(*types.Var)
		if !ok || e.fresh[v] == nil {
			continue
		}
		if e.isInitialiser(s) || e.DefinedAt[v.Name()] == e.SpotOf(syntax.Unlabelled(s).Pos()) {
			list = append(list, v)
		}
	}
	return list
}

// declaringIdents are the identifiers that an assignment, or the zeroing of a
// variable, sets.
func declaringIdents(s ast.Stmt) map[*ast.Ident]bool {
	set := map[*ast.Ident]bool{}
	for _, x := range targets(s) {
		if id, ok := x.(*ast.Ident); ok {
			set[id] = true
		}
	}
	return set
}

// targets are what a statement assigns to.
func targets(s ast.Stmt) []ast.Expr {
	switch s := syntax.Unlabelled(s).(type) {
	case *ast.AssignStmt:
		return s.Lhs
	case *ast.ExprStmt:
		if isZeroing(s.X) {
			return []ast.Expr{s.X.(*ast.CallExpr).Args[0].(*ast.UnaryExpr).X}
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
	return ok && id.Name == scope.ZeroName
}
