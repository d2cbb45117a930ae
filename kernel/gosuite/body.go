package gosuite

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strconv"
)

// The statements of func main at the top of cells. There a variable lives on, and a
// name that is declared again is the notebook's: what a program means must not hang
// on the difference.

// bodyAtTop makes all statements of main the last cell.
func bodyAtTop(s *source) ([]string, error) {
	cells, err := s.withoutMain()
	if err != nil {
		return nil, err
	}
	for name, outer := range s.shadowed() {
		if s.usesInMain(func(obj types.Object) bool { return obj == outer }) {
			return nil, &NotCut{"main declares a name that it also uses with its outer meaning", name}
		}
	}
	return append(cells, s.statementsText(s.main.Body.List)), nil
}

// statements makes each statement of main a cell, as far as they can be told apart.
func statements(s *source) ([]string, error) {
	cells, err := s.withoutMain()
	if err != nil {
		return nil, err
	}
	if s.usesInMain(isOneOf(measures)) {
		return nil, &NotCut{Reason: "main measures memory, and between cells that is the kernel's as well"}
	}
	groups, reason := s.groups()
	if len(groups) == 1 {
		if reason == nil {
			return nil, &NotCut{Reason: "main has only one statement"}
		}
		return nil, &NotCut{"main's statements belong together: " + reason.Reason, reason.Detail}
	}
	for _, group := range groups {
		cells = append(cells, s.statementsText(group))
	}
	return cells, nil
}

// withoutMain makes the cells of all declarations but main.
func (s *source) withoutMain() ([]string, error) {
	if len(s.main.Body.List) == 0 {
		return nil, &NotCut{Reason: "main has no statements"}
	}
	if id := s.firstUse(func(obj types.Object) bool { return obj == s.info.Defs[s.main.Name] }); id != nil {
		return nil, &NotCut{"main is called by the program", "line " + strconv.Itoa(s.fset.Position(id.Pos()).Line)}
	}
	for name, outer := range s.shadowed() {
		if sameAgain(s.info.Scopes[s.main.Type].Lookup(name), outer) {
			return nil, &NotCut{"what main declares would be what the package has declared by that name", name}
		}
	}
	if id := s.firstUse(isOneOf(freed)); id != nil {
		return nil, &NotCut{"it watches what is freed, and a variable at the top of a cell lives on", s.info.Uses[id].(*types.Func).FullName()}
	}
	var cells []string
	for _, part := range s.ordered(false) {
		if !part.main {
			cells = append(cells, part.text)
		}
	}
	return cells, nil
}

// sameAgain reports whether a declaration at the top of a cell would be that of an
// earlier cell once more, as when the cell is run again: the same variable, or the
// same type.
func sameAgain(own, earlier types.Object) bool {
	switch own.(type) {
	case *types.Var:
		_, ok := earlier.(*types.Var)
		return ok && types.Identical(own.Type(), earlier.Type())
	case *types.TypeName:
		_, ok := earlier.(*types.TypeName)
		return ok && types.Identical(own.Type().Underlying(), earlier.Type().Underlying())
	}
	return false
}

// freed are functions that let a program see that a variable is gone.
var freed = []string{"runtime.SetFinalizer", "runtime.AddCleanup", "weak.Make"}

// measures are functions that let a program see what all of the process allocates.
var measures = []string{"runtime.ReadMemStats"}

// isOneOf tells functions by their full names.
func isOneOf(names []string) func(types.Object) bool {
	return func(obj types.Object) bool {
		fn, ok := obj.(*types.Func)
		return ok && slices.Contains(names, fn.FullName())
	}
}

// firstUse is where the program first uses what f reports true of, nil if nowhere.
func (s *source) firstUse(f func(types.Object) bool) (first *ast.Ident) {
	for id, obj := range s.info.Uses {
		if f(obj) && (first == nil || id.Pos() < first.Pos()) {
			first = id
		}
	}
	return first
}

// shadowed are the names at the top of main that also mean something outside of it,
// with what they mean there.
func (s *source) shadowed() map[string]types.Object {
	names := map[string]types.Object{}
	scope := s.info.Scopes[s.main.Type]
	for _, name := range scope.Names() {
		if _, outer := scope.Parent().LookupParent(name, token.NoPos); outer != nil {
			names[name] = outer
		}
	}
	return names
}

// usesInMain reports whether main uses what f reports true of.
func (s *source) usesInMain(f func(types.Object) bool) bool {
	for id, obj := range s.info.Uses {
		if s.main.Body.Pos() <= id.Pos() && id.Pos() < s.main.Body.End() && f(obj) {
			return true
		}
	}
	return false
}

// statementsText is the text of statements that stand together. The value of a last
// expression would be shown, which a semicolon prevents.
func (s *source) statementsText(list []ast.Stmt) string {
	last := list[len(list)-1]
	text := s.text(list[0].Pos(), last.End())
	for {
		labeled, ok := last.(*ast.LabeledStmt)
		if !ok {
			break
		}
		last = labeled.Stmt
	}
	if _, ok := last.(*ast.ExprStmt); ok {
		text += ";"
	}
	return text
}

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
