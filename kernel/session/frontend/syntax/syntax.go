// Package syntax answers questions about Go syntax trees that a cell's statements and
// declarations raise in several passes. It knows no types.
package syntax

import (
	"go/ast"
	"go/token"
)

// BaseIdent returns the name of a type without its pointers and type arguments, or nil.
func BaseIdent(t ast.Expr) *ast.Ident {
	switch t := t.(type) {
	case *ast.Ident:
		return t
	case *ast.ParenExpr:
		return BaseIdent(t.X)
	case *ast.StarExpr:
		return BaseIdent(t.X)
	case *ast.IndexExpr:
		return BaseIdent(t.X)
	case *ast.IndexListExpr:
		return BaseIdent(t.X)
	}
	return nil
}

// CalledIdent returns the name of the function that is called, or nil.
func CalledIdent(call *ast.CallExpr) *ast.Ident {
	switch fun := ast.Unparen(call.Fun).(type) {
	case *ast.Ident:
		return fun
	case *ast.SelectorExpr:
		return fun.Sel
	case *ast.IndexExpr:
		return CalledIdent(&ast.CallExpr{Fun: fun.X})
	case *ast.IndexListExpr:
		return CalledIdent(&ast.CallExpr{Fun: fun.X})
	}
	return nil
}

// HasGoto reports whether a goto is in a node.
func HasGoto(n ast.Node) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		b, ok := n.(*ast.BranchStmt)
		found = found || ok && b.Tok == token.GOTO
		return !found
	})
	return found
}

// IsDefine reports whether a statement declares variables by :=, perhaps behind
// labels.
func IsDefine(s ast.Stmt) bool {
	assign, ok := Unlabelled(s).(*ast.AssignStmt)
	if !ok || assign.Tok != token.DEFINE {
		return false
	}
	for _, l := range assign.Lhs {
		if _, ok := l.(*ast.Ident); !ok {
			return false
		}
	}
	return true
}

// DefinedNames returns the names on the left side of a statement for which IsDefine holds.
func DefinedNames(s ast.Stmt) []*ast.Ident {
	var names []*ast.Ident
	for _, l := range Unlabelled(s).(*ast.AssignStmt).Lhs {
		names = append(names, l.(*ast.Ident))
	}
	return names
}

// Unlabelled returns a statement without the labels before it.
func Unlabelled(s ast.Stmt) ast.Stmt {
	for {
		labelled, ok := s.(*ast.LabeledStmt)
		if !ok {
			return s
		}
		s = labelled.Stmt
	}
}

// ReceiverIdent returns the name of the type that a method is declared for, or nil.
func ReceiverIdent(fn *ast.FuncDecl) *ast.Ident {
	if fn.Recv == nil || len(fn.Recv.List) == 0 {
		return nil
	}
	return BaseIdent(fn.Recv.List[0].Type)
}
