package session

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/types"
	"slices"
)

// In which order the variables of a cell get their values: that of the statements,
// but var declarations that stand together are a package's, where what a variable
// depends on comes first wherever it stands.

// A runs tells which statements of the body stand together as var declarations: all
// of one run have its number, other statements 0.
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
	return e.valueOf(s) != nil
}

// valueOf is the value that a var declaration gives in this statement, or nil.
func (e *emitter) valueOf(s ast.Stmt) ast.Expr {
	assign, ok := s.(*ast.AssignStmt)
	if !ok || len(assign.Rhs) == 0 {
		return nil
	}
	value := assign.Rhs[0]
	if e.varValues[e.spotOf(value.Pos())] {
		return value
	}
	if call, ok := value.(*ast.CallExpr); ok && len(call.Args) == 1 && e.varValues[e.spotOf(call.Args[0].Pos())] {
		return call.Args[0] // converted, for a variable that has no name
	}
	return nil
}

// orderVariables puts the statements of each run into Go's order of initialisation.
func (e *emitter) orderVariables() {
	rank := map[spot]int{}
	for i, initializer := range e.info.InitOrder {
		rank[e.spotOf(initializer.Rhs.Pos())] = i + 1
	}
	place := func(s ast.Stmt) int {
		if value := e.valueOf(s); value != nil {
			return rank[e.spotOf(value.Pos())]
		}
		return 0 // a variable without a value comes first
	}
	all := e.runsOf(e.body.Body.List)
	for from := 0; from < len(e.body.Body.List); {
		run := all[e.body.Body.List[from]]
		to := from + 1
		for to < len(e.body.Body.List) && all[e.body.Body.List[to]] == run {
			to++
		}
		written := e.body.Body.List[from:to]
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
		v, ok := e.info.Uses[id].(*types.Var)
		if !ok || e.fresh[v] == nil {
			continue
		}
		if e.isInitialiser(s) || e.definedAt[v.Name()] == e.spotOf(unlabelled(s).Pos()) {
			list = append(list, v)
		}
	}
	return list
}

// definedLater finds a statement that uses a variable which one below it declares,
// itself or by a function of the cell that it mentions. In the probe the variable is
// there in any case; at run time it would be zero.
func (e *emitter) definedLater() error {
	pending := map[types.Object]bool{}
	for obj, d := range e.fresh {
		if _, isVar := obj.(*types.Var); isVar && d.unit == e.id {
			pending[obj] = true
		}
	}
	all := e.runsOf(e.body.Body.List)
	of := e.functionsOf()
	for i, s := range e.body.Body.List {
		own := map[types.Object]bool{}
		for _, other := range e.body.Body.List[i:] {
			if other == s || all[s] != 0 && all[other] == all[s] {
				for _, v := range e.declaredBy(other) {
					own[v] = true
				}
			}
		}
		if err := e.usesPending(s, pending, own, of); err != nil {
			return err
		}
		for _, v := range e.declaredBy(s) {
			delete(pending, v)
		}
	}
	return nil
}

// usesPending looks into one statement. own are the variables that it declares, and
// its run: they are there when their turn comes, and for function literals, which
// run later.
func (e *emitter) usesPending(s ast.Stmt, pending, own map[types.Object]bool, of func(types.Object, func(types.Object) bool) types.Object) (err error) {
	mine := map[types.Object]bool{} // declared by this very statement
	for _, v := range e.declaredBy(s) {
		mine[v] = true
	}
	initialiser := e.isInitialiser(s)
	depth := 0 // of function literals
	undefined := func(obj types.Object) bool {
		return pending[obj] && (!own[obj] || mine[obj] && depth == 0)
	}
	declaring := declaringIdents(s)
	var inspect func(n ast.Node) bool
	inspect = func(n ast.Node) bool {
		if err != nil {
			return false
		}
		switch n := n.(type) {
		case *ast.FuncLit:
			depth++
			ast.Inspect(n.Body, inspect)
			depth--
			return false
		case *ast.Ident:
			obj := e.info.Uses[n]
			if obj == nil || declaring[n] && mine[obj] {
				return true
			}
			if undefined(obj) && !(initialiser && own[obj]) { // there the checker tells of cycles
				err = e.failureAt(n.Pos(), fmt.Sprintf("undefined: %s (line %d declares it)", n.Name, e.initial[n.Name].line))
			} else if v := of(generic(obj), undefined); v != nil {
				err = e.failureAt(n.Pos(), fmt.Sprintf("%s uses %s, which line %d declares: move this statement below that line", n.Name, v.Name(), e.initial[v.Name()].line))
			}
		}
		return true
	}
	ast.Inspect(s, inspect)
	return err
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
	switch s := unlabelled(s).(type) {
	case *ast.AssignStmt:
		return s.Lhs
	case *ast.ExprStmt:
		if isZeroing(s.X) {
			return []ast.Expr{s.X.(*ast.CallExpr).Args[0].(*ast.UnaryExpr).X}
		}
	}
	return nil
}

// functionsOf returns a search for a variable that a function or method of the cell
// uses, itself or by others, and for which some condition holds.
func (e *emitter) functionsOf() func(types.Object, func(types.Object) bool) types.Object {
	bodies := map[types.Object]*ast.FuncDecl{}
	for _, d := range e.file.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok && fn != e.body && fn.Body != nil {
			if obj := e.info.Defs[fn.Name]; obj != nil {
				bodies[obj] = fn
			}
		}
	}
	return func(start types.Object, undefined func(types.Object) bool) (found types.Object) {
		seen := map[types.Object]bool{}
		var visit func(types.Object)
		visit = func(obj types.Object) {
			fn := bodies[obj]
			if fn == nil || seen[obj] {
				return
			}
			seen[obj] = true
			ast.Inspect(fn.Body, func(n ast.Node) bool {
				if id, ok := n.(*ast.Ident); ok && found == nil {
					if used := e.info.Uses[id]; undefined(used) {
						found = used
					} else if used != nil {
						visit(generic(used))
					}
				}
				return found == nil
			})
		}
		visit(start)
		return found
	}
}

func isZeroing(x ast.Expr) bool {
	call, ok := x.(*ast.CallExpr)
	if !ok {
		return false
	}
	id, ok := call.Fun.(*ast.Ident)
	return ok && id.Name == zeroName
}
