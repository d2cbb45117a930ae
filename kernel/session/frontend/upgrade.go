package frontend

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"iter"
	"strings"

	"locuslab/kernel/session/scope"
)

// What an interface holds keeps the version of its type that it was put in with.
// Once a type has got a method in a later cell, code looks at such values through
// nb.Upgrade: in type assertions, type switches, comparisons and calls of interface methods.
// Comparisons do so from the start: code that compares what it is given, such as a
// generic function, need not know of the type, and would go on in ignorance of the method.

// upgrade edits the places where the cell's code asks what an interface holds.
func (e *emitter) upgrade() {
	revised := e.Scope.Names.Revised > 0 || e.Revised != nil
	upgrade := e.Scope.Alias(e.Scope.Runtime) + ".Upgrade("
	wrap := func(x ast.Expr) {
		if t := e.Info.TypeOf(x); t != nil && mayBeInterface(t) && !e.Info.Types[x].IsNil() {
			e.insertOuter(x.Pos(), upgrade)
			e.insertAfter(x.End(), ")")
		}
	}
	for _, d := range e.Syntax.Decls {
		if e.offset(d.Pos()) < e.DeclFrom {
			continue
		}
		ast.Inspect(d, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.TypeAssertExpr:
				if revised && (n.Type == nil || e.mayHaveVersions(e.Info.TypeOf(n.Type))) {
					wrap(n.X)
				}
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
				if sel := e.Info.Selections[n]; revised && sel != nil && sel.Kind() == types.MethodVal && len(sel.Index()) == 1 {
					if _, isParam := types.Unalias(sel.Recv()).(*types.TypeParam); !isParam {
						wrap(n.X)
					}
				}
			}
			return true
		})
	}
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

// mayHaveVersions tells whether an asserted type is an interface, or one of the
// notebook's, or made of such.
func (e *emitter) mayHaveVersions(t types.Type) bool {
	switch t := types.Unalias(t).(type) {
	case *types.Named:
		return types.IsInterface(t) || e.lookup(t.Origin().Obj()) != nil || e.anyMayHaveVersions(t.TypeArgs().Types())
	case *types.Interface, *types.TypeParam:
		return true
	case *types.Map:
		return e.mayHaveVersions(t.Key()) || e.mayHaveVersions(t.Elem())
	case *types.Struct:
		for f := range t.Fields() {
			if e.mayHaveVersions(f.Type()) {
				return true
			}
		}
	case *types.Signature:
		return e.anyMayHaveVersions(variableTypes(t.Params())) || e.anyMayHaveVersions(variableTypes(t.Results()))
	case interface{ Elem() types.Type }:
		return e.mayHaveVersions(t.Elem())
	}
	return false
}

func (e *emitter) anyMayHaveVersions(list iter.Seq[types.Type]) bool {
	for t := range list {
		if e.mayHaveVersions(t) {
			return true
		}
	}
	return false
}

func variableTypes(t *types.Tuple) iter.Seq[types.Type] {
	return func(yield func(types.Type) bool) {
		for v := range t.Variables() {
			if !yield(v.Type()) {
				return
			}
		}
	}
}

// newVersions are the statements that tell the worker of the versions that the
// cell makes of types. A generic type has too many.
func (e *emitter) newVersions(ordered []*scope.Declaration, more scope.Needs) string {
	var b strings.Builder
	for _, d := range ordered {
		old := e.Revised[d.Name]
		typ, ok := d.Object.(*types.TypeName)
		if !ok || old == nil || typ.IsAlias() || types.IsInterface(typ.Type()) {
			continue
		}
		if named, ok := typ.Type().(*types.Named); ok && named.TypeParams().Len() == 0 {
			more.Declarations[old] = true
			fmt.Fprintf(&b, "var _ = %s.NewVersion[%s, %s]()\n", e.Scope.Alias(e.Scope.Runtime), old.Ident, d.Ident)
		}
	}
	return b.String()
}
