package session

import (
	"go/ast"
	"go/token"
)

func baseIdent(t ast.Expr) *ast.Ident {
	switch t := t.(type) {
	case *ast.Ident:
		return t
	case *ast.StarExpr:
		return baseIdent(t.X)
	case *ast.IndexExpr:
		return baseIdent(t.X)
	case *ast.IndexListExpr:
		return baseIdent(t.X)
	}
	return nil
}

// calledIdent is the name of the function that is called, or nil.
func calledIdent(call *ast.CallExpr) *ast.Ident {
	switch fun := ast.Unparen(call.Fun).(type) {
	case *ast.Ident:
		return fun
	case *ast.SelectorExpr:
		return fun.Sel
	case *ast.IndexExpr:
		return calledIdent(&ast.CallExpr{Fun: fun.X})
	case *ast.IndexListExpr:
		return calledIdent(&ast.CallExpr{Fun: fun.X})
	}
	return nil
}

// hasGoto reports whether a goto is in a node.
func hasGoto(n ast.Node) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		b, ok := n.(*ast.BranchStmt)
		found = found || ok && b.Tok == token.GOTO
		return !found
	})
	return found
}

// isDefine reports whether a statement declares variables by :=, perhaps behind
// labels.
func isDefine(s ast.Stmt) bool {
	assign, ok := unlabelled(s).(*ast.AssignStmt)
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

func definedNames(s ast.Stmt) []*ast.Ident {
	var names []*ast.Ident
	for _, l := range unlabelled(s).(*ast.AssignStmt).Lhs {
		names = append(names, l.(*ast.Ident))
	}
	return names
}

// unlabelled is a statement without the labels before it.
func unlabelled(s ast.Stmt) ast.Stmt {
	for {
		labelled, ok := s.(*ast.LabeledStmt)
		if !ok {
			return s
		}
		s = labelled.Stmt
	}
}

func receiverIdent(fn *ast.FuncDecl) *ast.Ident {
	if fn.Recv == nil || len(fn.Recv.List) == 0 {
		return nil
	}
	t := fn.Recv.List[0].Type
	for {
		p, ok := t.(*ast.ParenExpr)
		if !ok {
			return baseIdent(t)
		}
		t = p.X
	}
}
