package frontend

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"locuslab/kernel/session/scope"
)

// What an interface holds keeps the version of its type that it was put in with.
// When a type has got a method in a later cell, code looks at such values through
// nb.Upgrade, in comparisons and calls of interface methods, and nb.As, in type assertions
// and type switches. All but the calls do so before any type has versions: code that asks
// what it is given, such as a generic function or a closure, need not know of the type that
// is going to get a method, and would go on in ignorance of it.

// upgrade edits the places where the cell's code asks what an interface holds.
func (e *emitter) upgrade() {
	revised := e.Scope.Names.Revised > 0 || e.Revised != nil
	runtime := e.Scope.Alias(e.Scope.Runtime)
	call := func(x ast.Expr, function string) {
		if t := e.Info.TypeOf(x); t != nil && mayBeInterface(t) && !e.Info.Types[x].IsNil() {
			e.insertOuter(x.Pos(), runtime+"."+function+"(")
			e.insertAfter(x.End(), ")")
		}
	}
	wrap := func(x ast.Expr) { call(x, "Upgrade") }
	// as asks for a type that is not an interface.
	as := func(x ast.Expr, t types.Type) {
		if text, err := e.typeTextAt(x.Pos(), t, scope.NewNeeds()); err == nil { // which the text around has as well
			call(x, "As["+text+"]")
		}
	}
	for _, d := range e.Syntax.Decls {
		if e.offset(d.Pos()) < e.DeclFrom {
			continue
		}
		ast.Inspect(d, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.TypeAssertExpr:
				if n.Type == nil { // of a switch
					break
				}
				if t := e.Info.TypeOf(n.Type); e.mayHaveVersions(t) {
					as(n.X, t)
				} else if types.IsInterface(t) {
					wrap(n.X)
				}
			case *ast.TypeSwitchStmt:
				x := switched(n)
				for _, clause := range n.Body.List {
					for _, c := range clause.(*ast.CaseClause).List {
						if t := e.Info.TypeOf(c); t != nil && e.mayHaveVersions(t) {
							as(x, t)
						}
					}
				}
				wrap(x) // first, as the innermost
			case *ast.BinaryExpr:
				if (n.Op == token.EQL || n.Op == token.NEQ) && !e.Info.Types[n.X].IsNil() && !e.Info.Types[n.Y].IsNil() {
					wrap(n.X)
					wrap(n.Y)
				}
			case *ast.SwitchStmt:
				if n.Tag == nil {
					break
				}
				wrap(n.Tag)
				for _, clause := range n.Body.List {
					for _, x := range clause.(*ast.CaseClause).List {
						wrap(x)
					}
				}
			case *ast.SelectorExpr:
				if sel := e.Info.Selections[n]; revised && sel != nil && sel.Kind() == types.MethodVal && len(sel.Index()) == 1 && !isTypeParam(sel.Recv()) {
					wrap(n.X)
				}
			}
			return true
		})
	}
}

// switched returns what a type switch looks at.
func switched(s *ast.TypeSwitchStmt) ast.Expr {
	x := ast.Expr(nil)
	switch assign := s.Assign.(type) {
	case *ast.ExprStmt:
		x = assign.X
	case *ast.AssignStmt:
		x = assign.Rhs[0]
	}
	return ast.Unparen(x).(*ast.TypeAssertExpr).X
}

func isTypeParam(t types.Type) bool {
	_, ok := types.Unalias(t).(*types.TypeParam)
	return ok
}

// mayBeInterface reports whether values of a type are interfaces: those of a type parameter may
// be, unless its constraint lists types. A constant, which has no type of its own to be
// instantiated with, is converted to such parameters only.
func mayBeInterface(t types.Type) bool {
	if p, ok := types.Unalias(t).(*types.TypeParam); ok {
		return !listsTypes(p.Constraint())
	}
	return types.IsInterface(t)
}

// listsTypes reports whether a constraint is met by listed types alone, none of which is an interface.
func listsTypes(constraint types.Type) bool {
	i, ok := constraint.Underlying().(*types.Interface)
	if !ok {
		return true
	}
	for part := range i.EmbeddedTypes() {
		union, ok := types.Unalias(part).(*types.Union)
		if !ok {
			if listsTypes(part) {
				return true
			}
			continue
		}
		all := true
		for term := range union.Terms() {
			all = all && listsTypes(term.Type())
		}
		if all {
			return true
		}
	}
	return false
}

// mayHaveVersions reports whether a type is one of the notebook's, or made of such, and no
// interface, unless it is the argument of a type parameter.
func (e *emitter) mayHaveVersions(t types.Type) bool {
	return (!types.IsInterface(t) || isTypeParam(t)) && scope.MadeOf(t, func(part types.Type) bool {
		named, ok := part.(*types.Named)
		return ok && e.lookup(named.Origin().Obj()) != nil || isTypeParam(part)
	})
}

// newVersions are the statements that tell the worker of the versions that the
// cell makes of types.
func (e *emitter) newVersions(ordered []*scope.Declaration, more scope.Needs) string {
	if e.Revised == nil {
		return ""
	}
	var b strings.Builder
	revised := map[*scope.Declaration]*scope.Declaration{}
	tell := func(was, now string) {
		fmt.Fprintf(&b, "var _ = %s.NewVersion[%s, %s]()\n", e.Scope.Alias(e.Scope.Runtime), was, now)
	}
	for _, d := range ordered {
		old := e.Revised[d.Name]
		typ, ok := d.Object.(*types.TypeName)
		if !ok || old == nil || typ.IsAlias() {
			continue
		}
		revised[old] = d
		if named, ok := typ.Type().(*types.Named); ok && named.TypeParams().Len() == 0 {
			more.Declarations[old] = true
			tell(old.Ident, d.Ident)
		}
	}
	e.newest = e.Scope.Names.Revise(revised)
	for _, t := range e.Scope.RevisedInstances(e.newest, more) {
		tell(t[0], t[1])
	}
	return b.String()
}

// noteInstances remembers what the cell has made of generic types.
func (em *Emission) noteInstances() {
	seen := map[types.Type]bool{}
	for _, tv := range em.Unit.Info.Types {
		em.Unit.Scope.Names.NoteInstances(tv.Type, seen)
	}
}
