package gosuite

import (
	"go/ast"
	"go/token"
	"go/types"
)

// Which statements of main have to be in one cell.

// groups tells main's statements apart; the reason is why some belong together.
func (s *source) groups() (groups [][]ast.Stmt, reason *NotCut) {
	list := s.main.Body.List
	joined := make([]bool, len(list)) // to the statement before
	join := func(from, to int, why, detail string) {
		for i := from + 1; i <= to; i++ {
			joined[i] = true
			reason = &NotCut{why, detail}
		}
	}
	labels := map[string]int{}
	for i, stmt := range list {
		for {
			labeled, ok := stmt.(*ast.LabeledStmt)
			if !ok {
				break
			}
			labels[labeled.Label.Name] = i
			stmt = labeled.Stmt
		}
	}
	for i, stmt := range list {
		if why := s.endsWithMain(stmt); why != "" {
			join(i, len(list)-1, why, "")
		}
		for _, label := range jumps(stmt) {
			if to, ok := labels[label]; ok {
				join(min(i, to), max(i, to), "goto", label)
			}
		}
		if name, at := s.otherType(stmt); name != "" {
			for from := range i {
				if list[from].Pos() <= at && at < list[from].End() {
					join(from, i, "a := would declare a variable anew, with another type", name)
				}
			}
		}
	}
	for i, stmt := range list {
		if i > 0 && joined[i] {
			groups[len(groups)-1] = append(groups[len(groups)-1], stmt)
		} else {
			groups = append(groups, []ast.Stmt{stmt})
		}
	}
	return groups, reason
}

// ofGoroutine are functions that do something to the goroutine that calls them.
var ofGoroutine = []string{"runtime.Goexit", "runtime.LockOSThread", "runtime/debug.SetPanicOnFault"}

// endsWithMain says what in a statement has to do with the end of main, or with the
// goroutine that runs it: what follows has to be in the same cell.
func (s *source) endsWithMain(stmt ast.Stmt) (why string) {
	inOwn(stmt, func(n ast.Node) {
		switch n := n.(type) {
		case *ast.ReturnStmt:
			why = "main returns early"
		case *ast.DeferStmt:
			why = "main defers"
		case *ast.CallExpr:
			if sel, ok := n.Fun.(*ast.SelectorExpr); ok && isOneOf(ofGoroutine)(s.info.Uses[sel.Sel]) {
				why = "main's goroutine is meant"
			}
		}
	})
	return why
}

// jumps lists the labels that a statement goes to.
func jumps(stmt ast.Stmt) (labels []string) {
	inOwn(stmt, func(n ast.Node) {
		if branch, ok := n.(*ast.BranchStmt); ok && branch.Tok == token.GOTO {
			labels = append(labels, branch.Label.Name)
		}
	})
	return labels
}

// inOwn calls f with the nodes of a statement that are not in a function literal.
func inOwn(stmt ast.Stmt, f func(ast.Node)) {
	ast.Inspect(stmt, func(n ast.Node) bool {
		if _, ok := n.(*ast.FuncLit); ok {
			return false
		}
		f(n)
		return true
	})
}

// otherType finds a variable that a := assigns to, where the value alone has another
// type: by itself, := would declare the variable anew with that type. It returns the
// name and where it was declared.
func (s *source) otherType(stmt ast.Stmt) (name string, declared token.Pos) {
	assign, ok := stmt.(*ast.AssignStmt)
	if !ok || assign.Tok != token.DEFINE {
		return "", 0
	}
	for i, l := range assign.Lhs {
		id, ok := l.(*ast.Ident)
		if !ok || s.info.Uses[id] == nil {
			continue // declared here
		}
		v := s.info.Uses[id]
		if t := s.typeAlone(assign.Rhs, i); t == nil || !types.Identical(t, v.Type()) {
			return v.Name(), v.Pos()
		}
	}
	return "", 0
}

// typeAlone is the type of the i-th value of a list of expressions when nothing
// around asks for another one.
func (s *source) typeAlone(values []ast.Expr, i int) types.Type {
	if len(values) == 1 {
		if tuple, ok := s.info.Types[values[0]].Type.(*types.Tuple); ok {
			return types.Default(tuple.At(i).Type())
		}
	}
	value := values[min(i, len(values)-1)]
	alone := &types.Info{Types: map[ast.Expr]types.TypeAndValue{}}
	if types.CheckExpr(s.fset, s.pkg, value.Pos(), value, alone) != nil {
		return nil
	}
	return types.Default(alone.Types[value].Type)
}
