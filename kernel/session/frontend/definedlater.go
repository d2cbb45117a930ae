package frontend

import (
	"fmt"
	"go/ast"
	"go/types"

	"locuslab/kernel/session/frontend/syntax"
)

// definedLater finds a statement that uses a variable which one below it declares,
// itself or by a function that it mentions. In the probe the variable is there in
// any case; at run time it would be zero.
func (e *emitter) definedLater() error {
	l := &laterUses{emitter: e, pending: map[types.Object]bool{}, literals: map[types.Object]types.Object{}, bodies: e.bodies()}
	for _, s := range e.Body.Body.List { // one that is linked to another symbol has its value
		for _, v := range e.declaredBy(s) {
			if e.fresh[v].Unit == e.ID {
				l.pending[v] = true
			}
		}
	}
	all := e.runsOf(e.Body.Body.List)
	for i, s := range e.Body.Body.List {
		l.own = map[types.Object]bool{}
		for _, other := range e.Body.Body.List[i:] {
			if other == s || all[s] != 0 && all[other] == all[s] {
				for _, v := range e.declaredBy(other) {
					l.own[v] = true
				}
			}
		}
		if err := l.look(s); err != nil {
			return err
		}
		for _, v := range e.declaredBy(s) {
			delete(l.pending, v)
		}
	}
	return nil
}

// laterUses looks for uses of variables that are not declared yet, statement by
// statement.
type laterUses struct {
	*emitter
	bodies  map[types.Object]*ast.FuncDecl // of the cell's functions and methods
	pending map[types.Object]bool          // variables that no statement so far declares
	own     map[types.Object]bool          // those that the statement at hand, or its run, declares
	// literals maps a variable whose value is a function literal to a pending
	// variable that it uses: to mention the one is to use the other.
	literals map[types.Object]types.Object
}

// look looks into one statement.
func (l *laterUses) look(s ast.Stmt) (err error) {
	mine := map[types.Object]bool{} // declared by this very statement
	for _, v := range l.declaredBy(s) {
		mine[v] = true
	}
	initialiser, declaring := l.isInitialiser(s), declaringIdents(s)
	depth := 0 // of function literals
	undefined := func(obj types.Object) bool {
		return l.pending[obj] && (!l.own[obj] || mine[obj] && depth == 0)
	}
	later := map[*ast.FuncLit]*ast.Ident{} // that this statement only gives to variables
	if assign, ok := syntax.Unlabelled(s).(*ast.AssignStmt); ok && len(assign.Lhs) == len(assign.Rhs) {
		for i, x := range assign.Rhs {
			lit, isLit := ast.Unparen(x).(*ast.FuncLit)
			if id, ok := assign.Lhs[i].(*ast.Ident); ok && isLit {
				later[lit] = id
			}
		}
	}
	var to *ast.Ident // the variable that the function literal at hand is given to
	var inspect func(n ast.Node) bool
	inspect = func(n ast.Node) bool {
		if err != nil {
			return false
		}
		switch n := n.(type) {
		case *ast.FuncLit:
			before := to
			if depth == 0 {
				to = later[n]
			}
			depth++
			ast.Inspect(n.Body, inspect)
			depth--
			to = before
			return false
		case *ast.Ident:
			obj := l.Info.Uses[n]
			if obj == nil || declaring[n] && mine[obj] {
				return true
			}
			used := l.usedBy(generic(obj), undefined)
			if undefined(obj) && !(initialiser && l.own[obj]) { // there the checker tells of cycles
				used = obj
			}
			switch {
			case used == nil:
			case to != nil:
				l.literals[l.Info.Uses[to]] = used
			case used == obj:
				err = l.FailureAt(n.Pos(), fmt.Sprintf("undefined: %s (line %d declares it)", n.Name, l.Initial[n.Name].Line))
			case mine[used]:
				err = l.FailureAt(n.Pos(), fmt.Sprintf("%s uses %s, which this statement declares", n.Name, used.Name()))
			default:
				err = l.FailureAt(n.Pos(), fmt.Sprintf("%s uses %s, which line %d declares: move this statement below that line", n.Name, used.Name(), l.Initial[used.Name()].Line))
			}
		}
		return true
	}
	ast.Inspect(s, inspect)
	return err
}

// usedBy is a variable that a function uses, itself or by others, and that is not
// defined.
func (l *laterUses) usedBy(start types.Object, undefined func(types.Object) bool) (found types.Object) {
	seen := map[types.Object]bool{}
	var visit func(types.Object)
	visit = func(obj types.Object) {
		if seen[obj] || obj == nil {
			return
		}
		seen[obj] = true
		if used := l.literals[obj]; undefined(used) {
			found = used
		}
		fn := l.bodies[obj]
		if fn == nil {
			return
		}
		ast.Inspect(fn.Body, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok && found == nil {
				if used := l.Info.Uses[id]; undefined(used) {
					found = used
				} else {
					visit(generic(used))
				}
			}
			return found == nil
		})
	}
	visit(start)
	return found
}

// bodies are the declarations of the cell's functions and methods.
func (e *emitter) bodies() map[types.Object]*ast.FuncDecl {
	all := map[types.Object]*ast.FuncDecl{}
	for _, d := range e.Syntax.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok && fn != e.Body && fn.Body != nil {
			if obj := e.Info.Defs[fn.Name]; obj != nil {
				all[obj] = fn
			}
		}
	}
	return all
}
